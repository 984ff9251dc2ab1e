import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import { kindNames, kinds } from '../observe/kinds.ts';
import type { Stores } from '../observe/stores.ts';
import type { Writing } from './write.ts';

/** Hands the answer to a write to the store that watches its resource; what nobody watches is let go. */
export function learnInto(stores: Stores): Writing['learn'] {
  const byResource = new Map<Resource, { learn(object: KubeObject): void }>(
    kindNames.map((name) => [kinds[name].resource, stores[name]]),
  );
  return (resource, object) => byResource.get(resource)?.learn(object);
}
