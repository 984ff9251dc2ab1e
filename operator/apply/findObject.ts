import type { CallOptions, Client } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Ref } from '../kube/path.ts';

/** Reads an object; undefined when there is none. */
export async function findObject(client: Client, at: Ref, options: CallOptions): Promise<KubeObject | undefined> {
  try {
    return await client.get(at, options);
  } catch (error) {
    if (isCode(error, 'notFound')) return undefined;
    throw error;
  }
}
