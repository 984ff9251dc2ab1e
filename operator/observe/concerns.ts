import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../kube/store.ts';
import type {
  AutoscalerObject,
  BudgetObject,
  ChildObject,
  KitchenObject,
  NamespaceObject,
  NodeObject,
  PodObject,
  ReplicaSetObject,
  SliceObject,
  StationObject,
} from './objects.ts';
import { kitchenKeys, scaledDeployments, stationKeys, targetKeys } from './indexes.ts';
import type { Stores } from './stores.ts';

/** Keys (`namespace/name`) of the Stations and Kitchens that have to be looked at after a change. */
export interface Concern {
  readonly stations: readonly Key[];
  readonly kitchens: readonly Key[];
}

/** No Station and no Kitchen has to be looked at. */
export const nobody: Concern = { stations: [], kitchens: [] };

/**
 * We write a Kitchen's status ourselves, so a change of it needs no look. When a Kitchen comes, goes or begins to be
 * deleted, its Stations have to be looked at too.
 */
export function ofKitchen({ key, before, after }: Change<KitchenObject>, stores: Stores): Concern {
  const isSame = before?.uid === after?.uid && before?.deleting === after?.deleting;
  if (isSame && before?.object.metadata.generation === after?.object.metadata.generation) return nobody;
  const near = isSame ? [] : stores.stations.byIndex('kitchen', key);
  return { stations: near.map(keyOf), kitchens: [key] };
}

/** When only the status of a Station changed, its Kitchen alone has to be looked at. */
export function ofStation({ key, before, after }: Change<StationObject>): Concern {
  const kitchens = sidesOf({ before, after }).flatMap(kitchenKeys);
  const same = isDeepStrictEqual(withoutStatus(before), withoutStatus(after));
  return { stations: same ? [] : [key], kitchens: [...new Set(kitchens)] };
}

/**
 * A change of a child concerns its Station. When the child comes or goes, it concerns the Kitchen too, which deletes
 * the children of stations that it no longer declares.
 */
export function ofChild({ before, after }: Change<ChildObject>): Concern {
  const sides = sidesOf({ before, after });
  const kitchens = before === undefined || after === undefined ? sides.flatMap(kitchenKeys) : [];
  return { stations: [...new Set(sides.flatMap(stationKeys))], kitchens };
}

/** A budget that is not ours may select the pods of any station in its namespace. */
export function ofBudget(change: Change<BudgetObject>, stores: Stores): Concern {
  const sides = sidesOf(change);
  if (sides.every(({ station }) => station !== '')) return ofChild(change);
  if (isDeepStrictEqual(change.before?.selector, change.after?.selector)) return nobody;
  const namespaces = new Set(sides.map(({ namespace }) => namespace));
  const near = [...namespaces].flatMap((namespace) => stores.stations.byIndex('namespace', namespace));
  return { stations: near.map(keyOf), kitchens: [] };
}

export function ofPodOrSlice({ before, after }: Change<PodObject | SliceObject>): Concern {
  if (isDeepStrictEqual(before, after)) return nobody;
  return { stations: [...new Set(sidesOf({ before, after }).flatMap(stationKeys))], kitchens: [] };
}

/**
 * A ReplicaSet tells us only who owns its pods, so it concerns a Station only when it has pods there. It exists before
 * its first pod does, and most of its changes are changes of its status.
 */
export function ofReplicaSet({ before, after }: Change<ReplicaSetObject>, stores: Stores): Concern {
  if (isDeepStrictEqual(before, after)) return nobody;
  const sides = sidesOf({ before, after });
  const keys = new Set(sides.flatMap(stationKeys));
  const controls = ({ controller }: PodObject): boolean => sides.some(({ uid }) => uid === controller?.uid);
  return { stations: [...keys].filter((key) => stores.pods.byIndex('station', key).some(controls)), kitchens: [] };
}

/** A node concerns the stations that have pods on it. The fleet tells whom it concerns besides (nodes/fleet.ts). */
export function ofNode({ before, after }: Change<NodeObject>, stores: Stores): Concern {
  if (isDeepStrictEqual(before, after)) return nobody;
  const names = new Set(sidesOf({ before, after }).map(({ name }) => name));
  return { stations: stationsOn(names, stores), kitchens: [] };
}

/** When a namespace begins to be deleted, that concerns all Stations in it. */
export function ofNamespace({ key, before, after }: Change<NamespaceObject>, stores: Stores): Concern {
  if ((before?.deleting ?? false) === (after?.deleting ?? false)) return nobody;
  const inIt = stores.stations.byIndex('namespace', key);
  return { stations: inIt.map(keyOf), kitchens: [] };
}

/** Keys of the Stations that have pods on nodes of these names. */
export function stationsOn(names: Iterable<string>, stores: Pick<Stores, 'pods'>): readonly Key[] {
  const pods = [...names].flatMap((name) => stores.pods.byIndex('node', name));
  return [...new Set(pods.flatMap(stationKeys))];
}

export function ofAutoscaler({ before, after }: Change<AutoscalerObject>, stores: Stores): Concern {
  if (isDeepStrictEqual(before, after)) return nobody;
  const sides = sidesOf({ before, after });
  const scaled = sides.flatMap(scaledDeployments).flatMap((key) => stores.deployments.get(key) ?? []);
  const stations = [...new Set([...sides.flatMap(targetKeys), ...scaled.flatMap(stationKeys)])];
  const kitchens = stations.flatMap((key) => stores.stations.get(key) ?? []).flatMap(kitchenKeys);
  return { stations, kitchens: [...new Set(kitchens)] };
}

function withoutStatus(station: StationObject | undefined): unknown {
  if (station === undefined) return undefined;
  const { object, resourceVersion: _, ...rest } = station;
  const { resourceVersion: __, ...metadata } = object.metadata;
  return { ...rest, metadata, spec: object.spec };
}

function sidesOf<T>({
  before,
  after,
}: {
  readonly before: T | undefined;
  readonly after: T | undefined;
}): readonly T[] {
  return [before, after].filter((side) => side !== undefined);
}
