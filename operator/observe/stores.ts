import type { Clock } from '../engine/clock.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { PartialStore } from '../kube/partialStore.ts';
import type { Gates } from '../kube/partialStore.ts';
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

/** Whether objects of a kind are kept only in open namespaces, where there are gates. */
export function isGated(name: KindName): boolean {
  const { resource, onlyIn } = kindNamed(name);
  return resource.namespaced && onlyIn === undefined;
}

/** Makes empty stores, with the projections and indexes that snapshots read. With gates they keep what is behind open ones. */
export function makeStores(
  clock: Clock,
  onError: (error: unknown) => void,
  { signs = usualSigns, gates }: { readonly signs?: LeavingSigns; readonly gates?: Gates | undefined } = {},
): WritableStores {
  const stores = kindNames.map((name) => {
    const { project, indexes } = kindNamed(name);
    const keep = (raw: KubeObject, before: object | undefined): object | undefined => project(raw, before, signs);
    const options = { name, clock, onError, indexes, project: keep };
    return [name, gates !== undefined && isGated(name) ? new PartialStore(options, gates) : new Store(options)];
  });
  return Object.fromEntries(stores) as WritableStores;
}
