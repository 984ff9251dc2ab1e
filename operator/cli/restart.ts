import { keyOf } from '../api/kubernetes/key.ts';
import { annotations } from '../api/labels.ts';
import type { Client } from '../kube/client.ts';
import { stations } from '../api/resources.ts';

/** Asks for new pods, zone by zone: annotates the Station with `time` (RFC 3339), which its pods' template then carries. */
export async function askRestart(
  client: Client,
  at: { readonly namespace: string; readonly name: string },
  time: string,
): Promise<void> {
  const patch = { metadata: { annotations: { [annotations.restartedAt]: time } } };
  await client.patch({ resource: stations, ...at }, patch, {
    type: 'merge',
    fieldManager: 'kubectl-kitchen',
    doing: `restarting ${keyOf(at)}`,
  });
}
