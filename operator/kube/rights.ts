import type { CallOptions, Client } from './client.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Resource } from '../api/kubernetes/resource.ts';

/** A right that a call needs: to all objects where no name is given, in all namespaces or of the cluster without a namespace. */
export interface Right {
  /** As the API server calls it: `patch`. */
  readonly verb: string;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

interface Review extends KubeObject {
  readonly status?: { readonly allowed?: boolean };
}

/** Asks the API server whether we have a right; everybody who has logged in may ask that of themselves. */
export async function hasRight(
  client: Client,
  right: Right,
  { doing }: Pick<CallOptions, 'doing'> = {},
): Promise<boolean> {
  const { verb, resource, subresource = '', namespace = '', name = '' } = right;
  const resourceAttributes = { group: resource.group, resource: resource.plural, subresource, verb, namespace, name };
  const { status } = await client.request<Review>({
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    method: 'POST',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
    timeoutMs: 10_000,
    ...(doing === undefined ? {} : { doing }),
  });
  return status?.allowed === true;
}
