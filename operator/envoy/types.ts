/** The kinds of resources that Envoy asks for, in the order in which it can use them: a cluster before its endpoints. */
export const resourceTypes = ['Cluster', 'ClusterLoadAssignment', 'Listener', 'RouteConfiguration'] as const;

export type ResourceType = (typeof resourceTypes)[number];

const packages: Readonly<Record<ResourceType, string>> = {
  Cluster: 'envoy.config.cluster.v3',
  ClusterLoadAssignment: 'envoy.config.endpoint.v3',
  Listener: 'envoy.config.listener.v3',
  RouteConfiguration: 'envoy.config.route.v3',
};

/** The full name of a type's message: `envoy.config.cluster.v3.Cluster`. */
export function messageName(type: ResourceType): string {
  return `${packages[type]}.${type}`;
}

/** The address of a type in the protocol: `type.googleapis.com/envoy.config.cluster.v3.Cluster`. */
export function urlOf(type: ResourceType): string {
  return `type.googleapis.com/${messageName(type)}`;
}

/** A value for each type. */
export type ByType<T> = Readonly<Record<ResourceType, T>>;

/** Makes a value for each type. */
export function byType<T>(make: (type: ResourceType) => T): ByType<T> {
  return Object.fromEntries(resourceTypes.map((type) => [type, make(type)])) as Record<ResourceType, T>;
}
