import type { LearningStore } from '../kube/store.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import { kindNames, kinds } from '../observe/kinds.ts';
import type { LearningStores } from '../observe/stores.ts';
import type { Writing } from './write.ts';

/**
 * Hands the answer to a write to the store of its resource. Answers about resources that are not watched are dropped.
 */
export function learnInto(stores: LearningStores): Writing['learn'] {
  const byResource = new Map<Resource, LearningStore>(kindNames.map((name) => [kinds[name].resource, stores[name]]));
  return (resource, object) => byResource.get(resource)?.learn(object);
}
