import type { ReadStore } from '../kube/store.ts';
import type { Concern } from './concerns.ts';
import { kindNamed, kindNames } from './kinds.ts';
import type { Stores } from './stores.ts';

/**
 * Calls `tell` for each change in the stores with the Stations and Kitchens that it concerns. Heartbeats and our own
 * status writes concern none, and are left out. Returns a function that stops it.
 */
export function onConcern(stores: Stores, tell: (concern: Concern) => void): () => void {
  const stops = kindNames.map((name) => {
    const { concerns } = kindNamed(name);
    const store: Pick<ReadStore<object>, 'onChange'> = stores[name];
    return store.onChange((change) => {
      const concern = concerns(change, stores);
      if (!isNobody(concern)) tell(concern);
    });
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function isNobody({ atOnce, soon }: Concern): boolean {
  return [atOnce, soon].every(({ stations, kitchens }) => stations.length + kitchens.length === 0);
}
