/** One kind of object as the API server serves it; `group` is empty for the core group. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** All objects of a resource, in one namespace or, without one, in the cluster. */
export interface Scope {
  readonly resource: Resource;
  readonly namespace?: string;
}

/** One object, or one of its subresources such as `status`, `scale` or `eviction`. */
export interface Ref extends Scope {
  readonly name: string;
  readonly subresource?: string;
}

function coreResource(plural: string, kind: string, namespaced = true): Resource {
  return { group: '', version: 'v1', plural, kind, namespaced };
}

export const pods = coreResource('pods', 'Pod');
export const nodes = coreResource('nodes', 'Node', false);
export const namespaces = coreResource('namespaces', 'Namespace', false);
export const services = coreResource('services', 'Service');
export const configMaps = coreResource('configmaps', 'ConfigMap');
export const secrets = coreResource('secrets', 'Secret');
export const deployments: Resource = v1('apps', 'deployments', 'Deployment');
export const replicaSets: Resource = v1('apps', 'replicasets', 'ReplicaSet');
export const podDisruptionBudgets: Resource = v1('policy', 'poddisruptionbudgets', 'PodDisruptionBudget');
export const endpointSlices: Resource = v1('discovery.k8s.io', 'endpointslices', 'EndpointSlice');
export const leases: Resource = v1('coordination.k8s.io', 'leases', 'Lease');
export const events: Resource = v1('events.k8s.io', 'events', 'Event');
export const horizontalPodAutoscalers: Resource = {
  ...v1('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  version: 'v2',
};

function v1(group: string, plural: string, kind: string): Resource {
  return { group, version: 'v1', plural, kind, namespaced: true };
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The path of a collection (no `name`) or of one object; throws when a namespace is missing, or given where none can be. */
export function pathOf(at: Scope & Partial<Ref>): string {
  const { resource, namespace, name, subresource } = at;
  if (namespace !== undefined && !resource.namespaced) {
    throw new TypeError(`${resource.plural} live in no namespace, but ${namespace} was given`);
  }
  if (name !== undefined && namespace === undefined && resource.namespaced) {
    throw new TypeError(`${resource.plural} ${name}: a namespace is needed`);
  }
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const parts = [root, resource.version];
  if (namespace !== undefined) parts.push('namespaces', encodeURIComponent(namespace));
  parts.push(resource.plural);
  if (name !== undefined) parts.push(encodeURIComponent(name));
  if (subresource !== undefined) parts.push(subresource);
  return parts.join('/');
}

/** Names an object or a collection in words, for errors: `deployments/scale default/grill`. */
export function describe(at: Scope & Partial<Ref>): string {
  const { resource, namespace, name, subresource } = at;
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const where = [namespace, name].filter((part) => part !== undefined).join('/');
  return where === '' ? what : `${what} ${where}`;
}
