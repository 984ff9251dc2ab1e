import type { Key } from '../../api/kubernetes/key.ts';
import { observeFullness } from './fullness.ts';
import type { Moment } from '../moment.ts';
import { foreignBudgets, newestRestart, scaledChildren } from './neighbours.ts';
import { autoscalersOf } from '../autoscalers.ts';
import type { BudgetObject, ServiceObject } from '../objects.ts';
import { childOf, childView, stationOwner } from '../ownership.ts';
import type { ChildOwner } from '../../model/owner.ts';
import { partsOf } from './parts.ts';
import { podOwners } from './podOwners.ts';
import type { SnapshotParts } from './parts.ts';
import { portsSeen, servedPods } from './servedPods.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { BudgetView, ServiceView } from '../../model/child.ts';
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
  const owners = podOwners(parts, owner, moment);
  const own = parts.pods.filter((pod) => !pod.ended && owners.deploymentOf(pod) !== undefined);
  const stationNodes = observeStationNodes(parts, { owner, own }, moment);
  const nodes = new Map(stationNodes.map(({ node }) => [node.object.name, node]));
  const ports = portsSeen(parts.service, moment);
  const served = servedPods(
    parts.slices,
    ports.names,
    station.object.spec.ports.map(({ name = '' }) => name),
  );
  const slowAfter = slowAfterMs(station.object.spec.template, own, nodes);
  const pods = { nodes, served, slowAfterMs: slowAfter, memory, nowMs };
  const zones = seeZones({ parts, owner, owners, stationNodes, nodes }, pods, moment);
  const strangers = seeStrangers(parts, { zones: zones.views, nodes, memory, nowMs });
  const fullness = observeFullness(zones.views, { stationUid: station.uid, memory, nowMs });
  const budget = parts.budgets.find(({ name }) => name === station.name);
  const lookAgainMs = [...nodes.values(), fullness, ports, owners, zones, strangers].flatMap(
    (each) => each.lookAgainMs ?? [],
  );
  return {
    station: station.object,
    zones: zones.views,
    service: childOf(parts.service, owner, serviceView),
    budget: childOf(budget, owner, budgetView),
    restartedAt: newestRestart(station.object, parts.deployments),
    foreignBudgets: foreignBudgets(parts, owner),
    strangers: strangers.views,
    autoscalers: autoscalersOf(parts),
    scaledChildren: scaledChildren(parts),
    fullMs: fullness.fullMs,
    ...(parts.isTerminating ? { namespaceTerminating: true } : {}),
    ...(lookAgainMs.length === 0 ? {} : { lookAgainMs: Math.min(...lookAgainMs) }),
  };
}

function ownerOf({ station }: SnapshotParts): ChildOwner {
  return stationOwner({ uid: station.controller?.uid ?? '', name: station.kitchen }, station.station);
}

function serviceView(service: ServiceObject): ServiceView {
  return { ...childView(service), ports: service.ports };
}

function budgetView(budget: BudgetObject): BudgetView {
  const { generation, observedGeneration, minAvailable, currentHealthy } = budget;
  return { ...childView(budget), generation, observedGeneration, minAvailable, currentHealthy };
}
