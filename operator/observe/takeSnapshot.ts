import { observeFullness } from './fullness.ts';
import type { Moment } from './moment.ts';
import { autoscalersOf, foreignBudgets, newestRestart } from './neighbours.ts';
import { observeNode } from './nodes.ts';
import type { ObservedNode } from './nodes.ts';
import type { BudgetObject } from './objects.ts';
import { childOf, childView } from './ownership.ts';
import type { Owner } from './ownership.ts';
import { partsOf } from './parts.ts';
import { podOwners } from './podOwners.ts';
import type { SnapshotParts } from './parts.ts';
import type { BudgetView, Snapshot } from './snapshot.ts';
import { slowAfterMs } from './startup.ts';
import type { Stores } from './stores.ts';
import { seeStrangers } from './strangers.ts';
import { isUsable } from './usable.ts';
import { seeZones } from './zoneViews.ts';

/**
 * One look at one station (`namespace/name`); undefined when there is nothing to look after. The same stores, memory and
 * moment (monotonic) give the same snapshot.
 */
export function takeSnapshot(key: string, stores: Stores, about: Moment): Snapshot | undefined {
  const parts = partsOf(key, stores);
  return parts === undefined ? undefined : takeSnapshotFrom(parts, about);
}

/** The same from parts, some of which may just have been read from the API server. */
export function takeSnapshotFrom(parts: SnapshotParts, moment: Moment): Snapshot {
  const { station } = parts;
  const owner = ownerOf(parts);
  const { memory, nowMs } = moment;
  const { nodes, usable } = observeNodes(parts, moment);
  const served = new Set(parts.slices.flatMap(({ readyPods }) => readyPods));
  const owners = podOwners(parts, owner, moment);
  const own = parts.pods.filter((pod) => !pod.ended && owners.deploymentOf(pod) !== undefined);
  const slowAfter = slowAfterMs(station.object.spec.template, own, nodes);
  const pods = { nodes, served, slowAfterMs: slowAfter, memory, nowMs };
  const zones = seeZones({ parts, owner, owners, usable, nodes }, pods, moment);
  const strangers = seeStrangers(parts, owner, { zones: zones.views, nodes, memory, nowMs });
  const fullness = observeFullness(zones.views, { stationUid: station.uid, memory, nowMs });
  const budget = parts.budgets.find(({ name }) => name === station.name);
  const turnsInMs = [...nodes.values(), fullness, owners, zones, strangers].flatMap((each) => each.turnsInMs ?? []);
  return {
    station: station.object,
    zones: zones.views,
    service: childOf(parts.service, owner, childView),
    budget: childOf(budget, owner, budgetView),
    restartedAt: newestRestart(station.object, parts.deployments),
    foreignBudgets: foreignBudgets(parts, owner),
    strangers: strangers.views,
    autoscalers: autoscalersOf(parts),
    fullMs: fullness.fullMs,
    ...(turnsInMs.length === 0 ? {} : { lookAgainMs: Math.min(...turnsInMs) }),
  };
}

function ownerOf({ station }: SnapshotParts): Owner {
  return { kitchenUid: station.controller?.uid ?? '', kitchen: station.kitchen, station: station.station };
}

/** Nodes the station runs on or could run on, by name, and of these the ones to plan with. */
function observeNodes(
  parts: SnapshotParts,
  moment: Moment,
): { readonly nodes: ReadonlyMap<string, ObservedNode>; readonly usable: readonly ObservedNode[] } {
  const { template } = parts.station.object.spec;
  const occupied = new Set(parts.pods.map(({ node }) => node));
  const nodes = new Map<string, ObservedNode>();
  const usable: ObservedNode[] = [];
  for (const object of parts.nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const fits = isUsable(template, object);
    if (!fits && !occupied.has(object.name)) continue;
    const node = observeNode(object, moment);
    nodes.set(object.name, node);
    if (fits && !node.isNew) usable.push(node);
  }
  return { nodes, usable };
}

function budgetView(budget: BudgetObject): BudgetView {
  const { generation, observedGeneration, minAvailable, currentHealthy } = budget;
  return { ...childView(budget), generation, observedGeneration, minAvailable, currentHealthy };
}
