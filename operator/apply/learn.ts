import type { KubeObject } from '../api/kubernetes/object.ts';
import { deployments, nodes, podDisruptionBudgets, pods, services } from '../kube/resource.ts';
import type { Resource } from '../kube/resource.ts';
import { kitchens, stations } from '../observe/resources.ts';
import type { Stores } from '../observe/stores.ts';
import type { Writing } from './write.ts';

/** Hands the answer to a write to the store that watches its resource; what nobody watches is let go. */
export function learnInto(stores: Stores): Writing['learn'] {
  const byResource = new Map<Resource, { learn(object: KubeObject): void }>([
    [kitchens, stores.kitchens],
    [stations, stores.stations],
    [deployments, stores.deployments],
    [services, stores.services],
    [podDisruptionBudgets, stores.budgets],
    [pods, stores.pods],
    [nodes, stores.nodes],
  ]);
  return (resource, object) => byResource.get(resource)?.learn(object);
}
