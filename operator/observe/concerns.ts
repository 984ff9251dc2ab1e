import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { isEqual } from './isEqual.ts';
import type { Change } from '../kube/store.ts';
import type {
  AutoscalerObject,
  BudgetObject,
  ChildObject,
  KitchenObject,
  NamespaceObject,
  NodeObject,
  PodObject,
  PolicyObject,
  ReplicaSetObject,
  SliceObject,
  StationObject,
} from './objects.ts';
import { kitchenKeys, scaledDeployments, stationKeys, targetKeys } from './indexes.ts';
import { childCannotWait, nodeCannotWait, podCannotWait } from './haste.ts';
import type { Stores } from './stores.ts';
import { isOfKubelet } from './nodes/tolerations.ts';

/** Keys (`namespace/name`) of Stations and Kitchens. */
export interface Concerned {
  readonly stations: readonly Key[];
  readonly kitchens: readonly Key[];
}

/** Who has to be looked at after a change. */
export interface Concern {
  readonly atOnce: Concerned;
  /** Those whose look can wait a little, so that it sees other changes as well. */
  readonly soon: Concerned;
}

const none: Concerned = { stations: [], kitchens: [] };

/** No Station and no Kitchen has to be looked at. */
export const nobody: Concern = { atOnce: none, soon: none };

function atOnce(concerned: Partial<Concerned>): Concern {
  return { atOnce: { ...none, ...concerned }, soon: none };
}

function soon(concerned: Partial<Concerned>): Concern {
  return { atOnce: none, soon: { ...none, ...concerned } };
}

/**
 * We write a Kitchen's status ourselves, so a change of it needs no look. When a Kitchen comes, goes or begins to be
 * deleted, its Stations have to be looked at too.
 */
export function ofKitchen({ key, before, after }: Change<KitchenObject>, stores: Stores): Concern {
  const isSame = before?.uid === after?.uid && before?.deleting === after?.deleting;
  if (isSame && before?.object.metadata.generation === after?.object.metadata.generation) return nobody;
  const near = isSame ? [] : stores.stations.byIndex('kitchen', key);
  return atOnce({ stations: near.map(keyOf), kitchens: [key] });
}

/** When only the status of a Station changed, its Kitchen alone has to be looked at, and sums up all its Stations once. */
export function ofStation({ key, before, after }: Change<StationObject>): Concern {
  const kitchens = [...new Set(sidesOf({ before, after }).flatMap(kitchenKeys))];
  const isSame = isEqual(withoutStatus(before), withoutStatus(after));
  return isSame ? soon({ kitchens }) : atOnce({ stations: [key], kitchens });
}

/**
 * A change of a child concerns its Station. When the child comes or goes, it concerns the Kitchen too, which deletes
 * the children of stations that it no longer declares. A version says nothing by itself: a write that was decided on an
 * older one has failed, and is tried again anyway.
 */
export function ofChild(change: Change<ChildObject>): Concern {
  const { before, after } = change;
  if (isEqual(withoutVersion(before), withoutVersion(after))) return nobody;
  const sides = sidesOf({ before, after });
  const kitchens = before === undefined || after === undefined ? sides.flatMap(kitchenKeys) : [];
  const concerned = { stations: [...new Set(sides.flatMap(stationKeys))], kitchens };
  return childCannotWait(change) ? atOnce(concerned) : soon(concerned);
}

/** A budget that is not ours may select the pods of any station in its namespace. */
export function ofBudget(change: Change<BudgetObject>, stores: Stores): Concern {
  const sides = sidesOf(change);
  if (sides.every(({ station }) => station !== '')) return ofChild(change);
  if (isEqual(change.before?.selector, change.after?.selector)) return nobody;
  const namespaces = new Set(sides.map(({ namespace }) => namespace));
  const near = [...namespaces].flatMap((namespace) => stores.stations.byIndex('namespace', namespace));
  return atOnce({ stations: near.map(keyOf) });
}

export function ofPod(change: Change<PodObject>, stores: Stores): Concern {
  if (isEqual(change.before, change.after)) return nobody;
  const stations = [...new Set(sidesOf(change).flatMap(stationKeys))];
  return podCannotWait(change, stores) ? atOnce({ stations }) : soon({ stations });
}

export function ofSlice({ before, after }: Change<SliceObject>): Concern {
  if (isEqual(before, after)) return nobody;
  return soon({ stations: [...new Set(sidesOf({ before, after }).flatMap(stationKeys))] });
}

/** A policy may select the pods of any station in its namespace. */
export function ofPolicy(change: Change<PolicyObject>, stores: Stores): Concern {
  if (isEqual(change.before, change.after)) return nobody;
  const [{ namespace } = { namespace: '' }] = sidesOf(change);
  return soon({ stations: stores.stations.byIndex('namespace', namespace).map(keyOf) });
}

/**
 * A ReplicaSet tells us only who owns its pods, so it concerns a Station only when it has pods there. It exists before
 * its first pod does, and most of its changes are changes of its status.
 */
export function ofReplicaSet({ before, after }: Change<ReplicaSetObject>, stores: Stores): Concern {
  if (isEqual(before, after)) return nobody;
  const sides = sidesOf({ before, after });
  const keys = new Set(sides.flatMap(stationKeys));
  const controls = ({ controller }: PodObject): boolean => sides.some(({ uid }) => uid === controller?.uid);
  return atOnce({ stations: [...keys].filter((key) => stores.pods.byIndex('station', key).some(controls)) });
}

/**
 * A node concerns the stations that have pods on it. The fleet tells whom it concerns besides (nodes/fleet.ts). A change
 * of a node that was not Ready can wait.
 */
export function ofNode(change: Change<NodeObject>, stores: Stores): Concern {
  if (isEqual(withoutNews(change.before), withoutNews(change.after))) return nobody;
  const names = new Set(sidesOf(change).map(({ name }) => name));
  const concerned = { stations: stationsOn(names, stores) };
  return nodeCannotWait(change) ? atOnce(concerned) : soon(concerned);
}

/**
 * Of a lost node, without the taints by which Kubernetes says that it is lost. They say nothing new, and come for one
 * node after another of a dead zone, every 10 s.
 */
function withoutNews(node: NodeObject | undefined): NodeObject | undefined {
  if (node?.ready !== 'Unknown') return node;
  return { ...node, taints: node.taints.filter((taint) => taint.announces === true || !isOfKubelet(taint)) };
}

/** When a namespace begins to be deleted, that concerns all Stations in it. */
export function ofNamespace({ key, before, after }: Change<NamespaceObject>, stores: Stores): Concern {
  if ((before?.deleting ?? false) === (after?.deleting ?? false)) return nobody;
  const inIt = stores.stations.byIndex('namespace', key);
  return atOnce({ stations: inIt.map(keyOf) });
}

/** Whom nodes concern that became suspect or are trusted again: no object changed then. */
export function ofSuspicion(names: readonly string[], stores: Stores): Concern {
  return atOnce({ stations: stationsOn(names, stores) });
}

/** Stations whose plans may have changed by a change of nodes that carry none of their pods. */
export function ofShift(stations: readonly Key[]): Concern {
  return soon({ stations });
}

/** Stations where pods may have to be made, or need not be, because a doubt about a zone has begun or ended. */
export function ofDoubt(stations: readonly Key[]): Concern {
  return atOnce({ stations });
}

/** Stations of which hubs refuse something, or whose requests they send elsewhere than before. */
export function ofHubNews(stations: readonly Key[]): Concern {
  return soon({ stations });
}

/** Stations of whose load there is something new to say. */
export function ofLoad(stations: readonly Key[]): Concern {
  return soon({ stations });
}

/** Keys of the Stations that have pods on nodes of these names. */
function stationsOn(names: Iterable<string>, stores: Pick<Stores, 'pods'>): readonly Key[] {
  const pods = [...names].flatMap((name) => stores.pods.byIndex('node', name));
  return [...new Set(pods.flatMap(stationKeys))];
}

export function ofAutoscaler({ before, after }: Change<AutoscalerObject>, stores: Stores): Concern {
  if (isEqual(before, after)) return nobody;
  const sides = sidesOf({ before, after });
  const scaled = sides.flatMap(scaledDeployments).flatMap((key) => stores.deployments.get(key) ?? []);
  const stations = [...new Set([...sides.flatMap(targetKeys), ...scaled.flatMap(stationKeys)])];
  const kitchens = stations.flatMap((key) => stores.stations.get(key) ?? []).flatMap(kitchenKeys);
  return atOnce({ stations, kitchens: [...new Set(kitchens)] });
}

function withoutVersion(child: ChildObject | undefined): unknown {
  if (child === undefined) return undefined;
  const { resourceVersion: _, ...rest } = child;
  return rest;
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
