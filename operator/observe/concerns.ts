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
import { runningTemplates, takesOneOf } from './station/stationNodes.ts';
import { isUsable } from './nodes/usable.ts';

/** Keys (`namespace/name`) of the Stations and Kitchens that a change may mean something to. */
export interface Concern {
  readonly stations: readonly Key[];
  readonly kitchens: readonly Key[];
}

/** A change that means nothing to anybody. */
export const nobody: Concern = { stations: [], kitchens: [] };

/** A Kitchen's own status is written by us and means nothing new; whether it is there decides over its Stations. */
export function ofKitchen({ key, before, after }: Change<KitchenObject>, stores: Stores): Concern {
  const isSame = before?.uid === after?.uid && before?.deleting === after?.deleting;
  if (isSame && before?.object.metadata.generation === after?.object.metadata.generation) return nobody;
  const near = isSame ? [] : stores.stations.byIndex('kitchen', key);
  return { stations: near.map(keyOf), kitchens: [key] };
}

/** A Station's status means something to its Kitchen only. */
export function ofStation({ key, before, after }: Change<StationObject>): Concern {
  const kitchens = sidesOf({ before, after }).flatMap(kitchenKeys);
  const same = isDeepStrictEqual(withoutStatus(before), withoutStatus(after));
  return { stations: same ? [] : [key], kitchens: [...new Set(kitchens)] };
}

/** A child concerns its Station; the Kitchen too when it comes or goes, since it may belong to no declared station. */
export function ofChild({ before, after }: Change<ChildObject>): Concern {
  const sides = sidesOf({ before, after });
  const kitchens = before === undefined || after === undefined ? sides.flatMap(kitchenKeys) : [];
  return { stations: [...new Set(sides.flatMap(stationKeys))], kitchens };
}

/** Somebody else's budget may select the pods of any station of its namespace. */
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

/** Whose a ReplicaSet is means something only where it has pods: it comes before them, and most of what it tells is its status. */
export function ofReplicaSet({ before, after }: Change<ReplicaSetObject>, stores: Stores): Concern {
  if (isDeepStrictEqual(before, after)) return nobody;
  const sides = sidesOf({ before, after });
  const keys = new Set(sides.flatMap(stationKeys));
  const controls = ({ controller }: PodObject): boolean => sides.some(({ uid }) => uid === controller?.uid);
  return { stations: [...keys].filter((key) => stores.pods.byIndex('station', key).some(controls)), kitchens: [] };
}

/** A node concerns stations with pods on it, and those that could run there, with the newest template or with what runs. */
export function ofNode({ before, after }: Change<NodeObject>, stores: Stores): Concern {
  if (isDeepStrictEqual(before, after)) return nobody;
  return { stations: stationsOn(sidesOf({ before, after }), stores), kitchens: [] };
}

/** A namespace that begins to go concerns all Stations in it. */
export function ofNamespace({ key, before, after }: Change<NamespaceObject>, stores: Stores): Concern {
  if ((before?.deleting ?? false) === (after?.deleting ?? false)) return nobody;
  const inIt = stores.stations.byIndex('namespace', key);
  return { stations: inIt.map(keyOf), kitchens: [] };
}

/** Keys of the Stations that nodes of these names concern: what the cluster says of them has not changed. */
export function stationsNear(names: readonly string[], stores: Stores): readonly Key[] {
  return stationsOn(
    names.flatMap((name) => stores.nodes.get(keyOf({ name })) ?? []),
    stores,
  );
}

function stationsOn(nodes: readonly NodeObject[], stores: Stores): readonly Key[] {
  const keys = new Set(nodes.flatMap(({ name }) => stores.pods.byIndex('node', name).flatMap(stationKeys)));
  for (const { namespace, name, object } of stores.stations.list()) {
    const key = keyOf({ namespace, name });
    if (keys.has(key)) continue;
    if (nodes.some((node) => isUsable(object.spec.template, node)) || takesRunning(key, nodes, stores)) keys.add(key);
  }
  return [...keys];
}

/** Whether one of the nodes takes what the station's Deployments run, whatever its newest template asks for. */
function takesRunning(key: Key, nodes: readonly NodeObject[], stores: Stores): boolean {
  const running = runningTemplates(stores.deployments.byIndex('station', key));
  return nodes.some((node) => takesOneOf(running, node));
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
