import type { CallOptions, Client } from './client.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Resource } from '../api/kubernetes/resource.ts';

/**
 * A right that a call needs. Without a name it is for all objects. Without a namespace it is for all namespaces, or for
 * an object that has no namespace.
 */
export interface Right {
  /** The verb as RBAC names it: `patch`. */
  readonly verb: string;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

interface Review extends KubeObject {
  readonly status?: { readonly allowed?: boolean };
}

/** Asks the API server whether we have a right. Every user may ask that about itself. */
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
