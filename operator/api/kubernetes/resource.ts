/** One kind of object, by the parts of its path on the API server. `group` is empty for the core group. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function coreResource(plural: string, kind: string, namespaced = true): Resource {
  return { group: '', version: 'v1', plural, kind, namespaced };
}

export const pods = coreResource('pods', 'Pod');

export const nodes = coreResource('nodes', 'Node', false);

export const namespaces = coreResource('namespaces', 'Namespace', false);

export const services = coreResource('services', 'Service');

export const endpoints = coreResource('endpoints', 'Endpoints');

export const configMaps = coreResource('configmaps', 'ConfigMap');

export const secrets = coreResource('secrets', 'Secret');

export const deployments: Resource = v1('apps', 'deployments', 'Deployment');

export const daemonSets: Resource = v1('apps', 'daemonsets', 'DaemonSet');

export const replicaSets: Resource = v1('apps', 'replicasets', 'ReplicaSet');

export const podDisruptionBudgets: Resource = v1('policy', 'poddisruptionbudgets', 'PodDisruptionBudget');

export const endpointSlices: Resource = v1('discovery.k8s.io', 'endpointslices', 'EndpointSlice');

export const networkPolicies: Resource = v1('networking.k8s.io', 'networkpolicies', 'NetworkPolicy');

export const leases: Resource = v1('coordination.k8s.io', 'leases', 'Lease');

export const events: Resource = v1('events.k8s.io', 'events', 'Event');

export const tokenReviews: Resource = {
  ...v1('authentication.k8s.io', 'tokenreviews', 'TokenReview'),
  namespaced: false,
};

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
