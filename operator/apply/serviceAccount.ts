import type { KubeObject } from '../api/kubernetes/object.ts';

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly serviceAccount?: string;
}

type Deployment = KubeObject & { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };

/**
 * A Deployment whose template names its ServiceAccount, or none, under both names of that field. The API server keeps the
 * two alike and owns neither: to an apply that leaves one out the other is somebody else's, and it stays, so that no template
 * could let go of an account, and none without one could come back.
 */
export function withServiceAccount(body: KubeObject): KubeObject {
  const { spec } = body as Deployment;
  const pod = spec?.template?.spec;
  if (body.kind !== 'Deployment' || pod === undefined) return body;
  const account = [pod.serviceAccountName, pod.serviceAccount].find((name) => name !== undefined && name !== '') ?? '';
  const named = { ...pod, serviceAccountName: account, serviceAccount: account };
  return { ...body, spec: { ...spec, template: { ...spec?.template, spec: named } } } as KubeObject;
}
