import type { Key } from '../../api/kubernetes/key.ts';
import { observeFullness } from './fullness.ts';
import type { Moment } from '../moment.ts';
import { Fleet } from '../nodes/fleet.ts';
import type { PoolReading } from '../nodes/sharedPool.ts';
import { foreignBudgets, newestRestart, scaledChildren } from './neighbours.ts';
import { hubViewOf } from './hubView.ts';
import { autoscalersOf } from '../autoscalers.ts';
import type { BudgetObject } from '../objects.ts';
import { childOf, childView, stationOwner } from '../ownership.ts';
import type { ChildOwner } from '../../model/owner.ts';
import { partsOf } from './parts.ts';
import { podOwners } from './podOwners.ts';
import type { SnapshotParts } from './parts.ts';
import { portsSeen, servedPods } from './servedPods.ts';
import type { Station } from '../../api/station.ts';
import { alivePods, isSure } from '../../model/pod.ts';
import { isRolling, mayLackOf } from '../../model/rolling.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { ZoneView } from '../../model/zone.ts';
import type { BudgetView } from '../../model/child.ts';
import { serviceView } from './serviceView.ts';
import { slowAfterMs } from './startup.ts';
import { observeStationNodes } from './stationNodes.ts';
import type { Stores } from '../stores.ts';
import { seeStrangers } from './strangers.ts';
import { seeZones } from './zoneViews.ts';

/**
 * Takes a snapshot of one station, by its key `namespace/name`; undefined when there is nothing to do. Equal stores,
 * memory and moment give an equal snapshot.
 */
export function takeSnapshot(key: Key, stores: Stores, about: Moment): Snapshot | undefined {
  const parts = partsOf(key, stores);
  return parts === undefined ? undefined : takeSnapshotFrom(parts, about);
}

/** Takes a snapshot from parts, some of which may just have been read from the API server. */
export function takeSnapshotFrom(parts: SnapshotParts, moment: Moment): Snapshot {
  const { station } = parts;
  const owner = ownerOf(parts);
  const { memory, nowMs } = moment;
  const fleet = moment.fleet ?? fleetOf(parts, moment);
  fleet.settle(nowMs);
  const owners = podOwners(parts, owner, moment);
  const own = parts.pods.filter((pod) => !pod.ended && owners.deploymentOf(pod) !== undefined);
  const stationNodes = observeStationNodes(parts, { owner, own }, { moment, fleet });
  const nodes = stationNodes.own;
  const ports = portsSeen(parts.service, moment);
  const served = servedPods(
    parts.slices,
    ports.names,
    station.object.spec.ports.map(({ name = '' }) => name),
  );
  const slowAfter = slowAfterMs(station.object.spec.template, own, nodes);
  const pods = { nodes, served, slowAfterMs: slowAfter, memory, nowMs };
  const zones = seeZones({ parts, owner, owners, stationNodes, fleet }, pods, moment);
  fleet.looked(parts.key, [...stationNodes.read], readingOf(station.object.spec, zones.views));
  const strangers = seeStrangers(parts, { zones: zones.views, nodes, memory, nowMs });
  const fullness = observeFullness(zones.views, { stationUid: station.uid, memory, nowMs });
  const budget = parts.budgets.find(({ name }) => name === station.name);
  const hub = hubViewOf(parts, owner, moment);
  const scaling = station.object.spec.scale && moment.scaling?.of(parts.key);
  const lookAgainMs = [
    ...nodes.values(),
    fullness,
    ...(hub === undefined ? [] : [hub]),
    ports,
    owners,
    zones,
    strangers,
  ].flatMap((each) => each.lookAgainMs ?? []);
  return {
    station: station.object,
    zones: zones.views,
    service: childOf(parts.service, owner, serviceView),
    budget: childOf(budget, owner, budgetView),
    ...(hub === undefined ? {} : { hub }),
    ...(zones.shifts.length === 0 ? {} : { shifts: zones.shifts }),
    restartedAt: newestRestart(station.object, parts.deployments),
    foreignBudgets: foreignBudgets(parts, owner),
    strangers: strangers.views,
    autoscalers: autoscalersOf(parts),
    scaledChildren: scaledChildren(parts),
    ...(scaling === undefined ? {} : { scaling }),
    fullMs: fullness.fullMs,
    ...(parts.isTerminating ? { namespaceTerminating: true } : {}),
    ...(lookAgainMs.length === 0 ? {} : { lookAgainMs: Math.min(...lookAgainMs) }),
  };
}

function fleetOf({ listNodes }: SnapshotParts, { suspects = new Map(), ...sight }: Moment): Fleet {
  return new Fleet(listNodes(), { ...sight, suspects: () => suspects });
}

/** What the plan rests on of nodes that carry none of the station's pods. */
function readingOf({ replicas, survive }: Station['spec'], zones: readonly ZoneView[]): PoolReading {
  const pods = zones.flatMap((zone) => zone.pods);
  const placed = alivePods(pods).flatMap(({ node }) => node?.name ?? []);
  return {
    // With a node for each pod, any more nodes hold none.
    enoughNodes: Math.max(pods.length, replicas + survive.pods + survive.nodes) + 1,
    waitsForRoom: pods.some(({ node, state }) => node === undefined && state !== 'deleting'),
    mayTakeRisk: zones.some(mayTakeRisk),
    isCrowded: new Set(placed).size < placed.length,
    heedsDoubt: zones.some(heedsDoubt),
  };
}

/** Whether an old pod may have to go before a new one comes. */
function mayTakeRisk({ deployment, pods, full }: ZoneView): boolean {
  if (deployment.state !== 'ours') return false;
  return full !== undefined || isRolling(deployment, alivePods(pods)) || mayLackOf(deployment) > 0;
}

/** Whether it matters to the plan that the zone, or another one, may be dying: it is in doubt, or not at rest. */
function heedsDoubt({ doubt, deployment, unsettledMs, pods }: ZoneView): boolean {
  if (doubt !== undefined || unsettledMs !== undefined || deployment.state !== 'ours') return true;
  return pods.length !== deployment.replicas || !pods.every(isSure);
}

function ownerOf({ station }: SnapshotParts): ChildOwner {
  return stationOwner({ uid: station.controller?.uid ?? '', name: station.kitchen }, station.station);
}

function budgetView(budget: BudgetObject): BudgetView {
  const { generation, observedGeneration, minAvailable, currentHealthy } = budget;
  return { ...childView(budget), generation, observedGeneration, minAvailable, currentHealthy };
}
