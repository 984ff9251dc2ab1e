import type { Selection } from '../kube/client.ts';
import type { Scope } from '../kube/path.ts';
import type { ReadStore, StoreFeed } from '../kube/store.ts';
import { kindNamed, usualKindNames } from './kinds.ts';
import type { KindName } from './kinds.ts';
import type { WritableStores } from './stores.ts';

/** What one reflector follows, and the store that it fills. */
export interface Watched {
  readonly of: Scope;
  readonly selection: Selection;
  readonly store: StoreFeed<unknown> & Pick<ReadStore<object>, 'name' | 'synced' | 'lastHeardMs'>;
}

/**
 * Everything to follow except Leases, in the whole cluster or in one namespace. Nodes and namespaces belong to the
 * whole cluster in both cases.
 */
export function watched(
  stores: WritableStores,
  namespace?: string,
  names: readonly KindName[] = usualKindNames,
): readonly Watched[] {
  return names.map((name) => watchedKind(name, stores, namespace));
}

/** The Leases of all nodes of the cluster. */
export function watchedLeases(stores: WritableStores): Watched {
  return watchedKind('leases', stores);
}

function watchedKind(name: KindName, stores: WritableStores, namespace?: string): Watched {
  const { resource, selection, onlyIn = namespace } = kindNamed(name);
  const of = onlyIn === undefined || !resource.namespaced ? { resource } : { resource, namespace: onlyIn };
  return { of, selection, store: stores[name] };
}
