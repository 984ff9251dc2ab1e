import type { KubeObject } from '../api/kubernetes/object.ts';

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly serviceAccount?: string;
}

type Deployment = KubeObject & { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };

/**
 * Returns a Deployment whose template names its ServiceAccount, or an empty one, in both fields that the API has for
 * it. The API server copies one field into the other, but our field manager owns only what it applies. If we left one
 * of them out, its copy would stay: a template could not give up its account, and a rollback to a template without one
 * would not work.
 */
export function withServiceAccount(body: KubeObject): KubeObject {
  const { spec } = body as Deployment;
  const pod = spec?.template?.spec;
  if (body.kind !== 'Deployment' || pod === undefined) return body;
  const account = [pod.serviceAccountName, pod.serviceAccount].find((name) => name !== undefined && name !== '') ?? '';
  const named = { ...pod, serviceAccountName: account, serviceAccount: account };
  return { ...body, spec: { ...spec, template: { ...spec?.template, spec: named } } } as KubeObject;
}
