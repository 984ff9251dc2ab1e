import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import { strayPods } from '../../tools/simulate/sim/stray.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

/** Plays the scenario's first event; throws when more pods are made than it takes, by its kind. */
export async function makesNoMore(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  const [first] = scenario.events;
  if (first === undefined) return;
  await world.run(first.afterMs);
  const most = mostMade(world, first.event);
  const sinceMs = world.agenda.nowMs;
  const stray = strayPods(world);
  world.truth.forgetLeast();
  happen(world, first.event);
  await world.settle(45 * 60_000);
  const { podsPlaced: made, podsMade } = world.truth;
  // A stray pod is not owed: the hand-over waits for it until its node's pods are evicted or collected, and made once more.
  const needed = (stray.size === 0 ? most(world) : 2 * most(world) + stray.size) + evenedOut(world, sinceMs);
  assert.ok(made <= needed, `${made} pods were made for ${first.event.kind}, ${needed} were needed`);
  // Pods without room are probes; those that a hand-over takes along, and those that are evicted for, are made once more.
  const probes = podsMade - made;
  const mostProbes = 3 * (world.operator.lastPlan?.target ?? 0);
  assert.ok(
    probes <= mostProbes,
    `${probes} pods without room were made for ${first.event.kind}, ${mostProbes} at most`,
  );
}

/** Drains the node of the scenario's first event and makes each of its pods once, and no other. */
export async function replacesOnce(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  const [first] = scenario.events;
  if (first?.event.kind !== 'drain') return;
  const pods = world.servingOn(first.event.node);
  happen(world, first.event);
  await world.settle(45 * 60_000);
  assert.equal(world.truth.podsMade, pods, `${world.truth.podsMade} pods were made for ${pods}`);
}

/** The most pods that the event may cost, once it is seen what is wanted after it. */
function mostMade(before: World, event: Event): (after: World) => number {
  const { serving } = before.truth;
  switch (event.kind) {
    case 'template':
    case 'slowTemplate':
      return () => serving;
    case 'demand':
      return moreWanted(before);
    case 'deletePod':
    case 'quarantine':
      return () => Math.min(1, serving);
    case 'drain':
    case 'suspect':
      return twice(before, event.node);
    case 'killNode':
    case 'removeNode':
      return lost(before, [event.node]);
    case 'relabel':
      return broughtHome(before, event.node, event.zone);
    case 'renameZone':
      // Its nodes are heard of one by one, and each is one less to spread over until all are.
      return () => Number.POSITIVE_INFINITY;
    case 'flap':
      return flapped(before, event.node, event.times);
    case 'killZone':
    case 'shift':
      return lost(before, before.nodesOf(event.zone));
    case 'cordon':
    case 'uncordon':
    case 'healNode':
    case 'healZone':
    case 'endShift':
    case 'pause':
    case 'resume':
    case 'stopOperator':
    case 'startOperator':
    case 'crashOperator':
    case 'replaceOperator':
    case 'badTemplate':
    case 'announce':
    case 'narrow':
    case 'taint':
    case 'notice':
    case 'reclaim':
    case 'cutOff':
    case 'restartKubelet':
    case 'removeZone':
    case 'addNode':
    case 'stallZone':
    case 'unstallZone':
    case 'quota':
    case 'zones':
    case 'evictions':
    case 'missEvents':
    case 'missLeases':
    case 'refuseLeases':
    case 'refuseBudgets':
    case 'refuseRollBacks':
    case 'meddle':
    case 'deleteDeployment':
    case 'ports':
    case 'strangerComes':
    case 'pauseDeployment':
    case 'renamePool':
    case 'selectPool':
    case 'reserve':
    case 'contest':
    case 'capReplicas':
      break;
  }
  return () => 0;
}

/**
 * A drain may evict a pod that was to be handed over, and one that just came in its place; the scheduler, which knows of no
 * suspicion, may send a replacement to the very node that is suspect: each is made twice at most.
 */
function twice(before: World, node: string): (after: World) => number {
  const on = before.servingOn(node);
  return () => 2 * on;
}

/**
 * Its pods are made good in their own zone, once; other zones may want more, for there is a node more or less to spread over. In
 * a zone that is new it is none to spread over until that joins: then nobody can say afterwards what was wanted meanwhile.
 */
function broughtHome(before: World, node: string, zone: string): (after: World) => number {
  if (!before.zones.includes(zone)) return () => Number.POSITIVE_INFINITY;
  const on = before.servingOn(node);
  const wanted = moreWanted(before);
  return (after) => on + wanted(after);
}

/** Each time what its death would take. */
function flapped(before: World, node: string, times: number): (after: World) => number {
  const once = lost(before, [node]);
  return (after) => times * once(after);
}

/**
 * The lost ones while their zone lives, and what other zones want beyond before (a removed node is no node to spread
 * over any more). When it is lost as a whole, what is missing in the other zones, the pods
 * that taint eviction makes its ReplicaSet make anew, and those it was grown by before its last node was known to be dead.
 */
function lost(before: World, nodes: readonly string[]): (after: World) => number {
  const gone = nodes.reduce((sum, node) => sum + before.servingOn(node), 0);
  const { serving } = before.truth;
  const wanted = moreWanted(before);
  return (after) => {
    const zone = before.zones.find((each) => nodes.every((node) => before.nodesOf(each).includes(node))) ?? '';
    const more = wanted(after);
    if (after.isLive(zone)) return gone + more;
    return Math.max(more, (after.operator.lastPlan?.target ?? 0) - (serving - gone)) + 2 * gone;
  };
}

/** What zones want beyond before: the odd pods may be wanted in other zones than they were. */
function moreWanted(before: World): (after: World) => number {
  const targets = zoneTargets(before);
  return (after) =>
    [...zoneTargets(after)].reduce((sum, [zone, target]) => sum + Math.max(0, target - (targets.get(zone) ?? 0)), 0);
}

/** One pod each time that a zone's nodes were evened out. */
function evenedOut({ operator }: World, sinceMs: number): number {
  const written = operator.written.filter(({ atMs, done }) => done && atMs >= sinceMs);
  return written.filter(({ step }) => (step.kind as string) === 'evenOut').length;
}

function zoneTargets(world: World): ReadonlyMap<string, number> {
  return new Map<string, number>(world.operator.lastPlan?.zoneTargets);
}
