import type { Clock } from '../engine/clock.ts';
import { Store } from '../kube/store.ts';
import type { LearningStore, ReadStore } from '../kube/store.ts';
import { kindNamed, kindNames } from './kinds.ts';
import type { Kind, KindName, kinds } from './kinds.ts';
import { usualSigns } from './nodes/leavingSigns.ts';
import type { LeavingSigns } from './nodes/leavingSigns.ts';

type StoresOf<Kinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends Kind<infer T, infer Index> ? ReadStore<T, Index> : never;
};

/** Everything that is watched, one store for each kind. The store of Leases stays empty with `--suspect-after 0`. */
export interface Stores extends StoresOf<typeof kinds> {}

/** The stores as they take in the answers to writes. */
export type LearningStores = { readonly [Name in KindName]: LearningStore };

/** The stores as reflectors fill them. */
export type WritableStores = {
  readonly [Name in KindName]: (typeof kinds)[Name] extends Kind<infer T, infer Index> ? Store<T, Index> : never;
};

/** Makes empty stores, with the projections and indexes that snapshots read. */
export function makeStores(
  clock: Clock,
  onError: (error: unknown) => void,
  signs: LeavingSigns = usualSigns,
): WritableStores {
  const stores = kindNames.map((name) => {
    const { project, indexes } = kindNamed(name);
    return [name, new Store({ name, clock, onError, indexes, project: (raw, before) => project(raw, before, signs) })];
  });
  return Object.fromEntries(stores) as WritableStores;
}
