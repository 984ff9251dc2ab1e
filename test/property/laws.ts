import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { explainsItsGrowth, play } from './scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { reached } from '../../tools/simulate/sim/endpoints.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { isTriedAgain, steadyProblem } from './steady.ts';

/**
 * While a scenario plays, the truth is looked at after everything that happens: a pod that goes voluntarily, or an eviction
 * that the budget would allow, must leave as many serving as demanded. Here it is asked where the cluster comes to rest.
 */
export async function comesToRest(scenario: Scenario): Promise<void> {
  const world = await play(scenario);
  assert.equal(steadyProblem(world), undefined);
  const writes = writesAtRest(world);
  await world.run(600_000);
  assert.equal(writesAtRest(world), writes, 'it writes although nothing happens');
}

function writesAtRest(world: World): number {
  return world.operator.written.filter(({ step }) => !isTriedAgain(world, step)).length;
}

/** All but the last event have happened, and are known. */
async function upToTheLast(scenario: Scenario): Promise<{
  readonly world: World;
  readonly last: Scenario['events'][number] | undefined;
}> {
  const world = await served(scenario);
  for (const { afterMs, event } of scenario.events.slice(0, -1)) {
    await world.run(afterMs);
    happen(world, event);
  }
  const last = scenario.events.at(-1);
  if (scenario.events.length > 1) await world.run(heardMs + (last?.afterMs ?? 0));
  world.truth.forgetLeast();
  return { world, last };
}

/** Serves demand all through the scenario's last event, if that is a loss it says it survives. */
export async function keepsItsPromise(scenario: Scenario): Promise<void> {
  const { world, last } = await upToTheLast(scenario);
  const { survival } = world.operator.lastPlan ?? {};
  if (survival === undefined || last === undefined) return;
  const { event } = last;
  // What it survives beyond its declaration it may give up at any moment while something is under way.
  const kept = scenario.events.length > 1 ? world.survive : { pods: Infinity, nodes: Infinity, zones: Infinity };
  const promised = {
    killNode: Math.min(survival.nodes, kept.nodes),
    removeNode: Math.min(survival.nodes, kept.nodes),
    killZone: Math.min(survival.zones, kept.zones),
    deletePod: Math.min(survival.pods, kept.pods),
  };
  if (!(event.kind in promised) || promised[event.kind as keyof typeof promised] === 0) return;
  // A loss before it may not be known yet, and what is said then rests on what was there.
  if (scenario.events.slice(0, -1).some((before) => before.event.kind in promised)) return;
  happen(world, event);
  await world.settle(45 * 60_000);
  assert.ok(
    world.truth.leastServing >= world.demand,
    `${world.truth.leastServing} of ${world.demand} served after ${event.kind}`,
  );
}

const minuteMs = 60_000;

/** What somebody changed is known, and said, after this. */
const heardMs = 2000;

/** A loss is known after this, by default; what follows is the pods' start. */
const knownMs = 60_000;

/** Serves as many as demanded, as promised in time, after its last event, the loss of a node or Deployment that there is room without. */
export async function isSoonWhole(scenario: Scenario): Promise<void> {
  const { world, last } = await upToTheLast(scenario);
  if (last === undefined || !['killNode', 'removeNode', 'deleteDeployment'].includes(last.event.kind)) return;
  happen(world, last.event);
  if (!world.zones.some((zone) => world.hasRoom(zone))) return;
  await world.run(knownMs + 1.2 * scenario.startMs + 3000);
  assert.ok(
    world.truth.serving >= world.demand,
    `${world.truth.serving} of ${world.demand} served a while after a loss`,
  );
}

/** Serves demand all through the scenario's last event. */
export async function bearsTheLast(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  for (const [index, { afterMs, event }] of scenario.events.entries()) {
    await world.run(afterMs);
    if (index === scenario.events.length - 1) world.truth.forgetLeast();
    happen(world, event);
  }
  await world.run(minuteMs);
  const { leastServing } = world.truth;
  assert.ok(leastServing >= world.demand, `${leastServing} of ${world.demand} served through the last event`);
}

/** Is never told to have more than twice as many pods as wanted, whichever nodes leave and still take pods. */
export async function growsOnce(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  let target = world.operator.lastPlan?.target ?? world.demand;
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    target = Math.max(target, world.operator.lastPlan?.target ?? 0);
    happen(world, event);
  }
  await world.run(3 * minuteMs);
  explainsItsGrowth(world);
  const most = 2 * Math.max(target, world.operator.lastPlan?.target ?? 0);
  assert.ok(world.truth.mostTold <= most, `told to have ${world.truth.mostTold} pods, ${most} at most`);
}

/** Leads traffic to as many as demanded, whatever is asked for of ports and templates. */
export async function keepsPodsReached(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  let least = Infinity;
  world.server.watch(() => {
    least = Math.min(least, reached(world));
  });
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  await world.settle(45 * minuteMs);
  assert.ok(least >= world.demand, `${least} of ${world.demand} were reached`);
}

/** Has never more than three times as many pods as wanted, however long nobody knows which nodes are dead. */
export async function staysBounded(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  await world.run(3 * minuteMs);
  const most = 3 * (world.operator.lastPlan?.target ?? world.demand);
  assert.ok(world.truth.mostPods <= most, `${world.truth.mostPods} pods at once, ${most} at most`);
}

/** Comes to rest with as many pods on each node of a zone as on every other, but for one. */
export async function evensOut(scenario: Scenario): Promise<void> {
  const world = await play(scenario);
  for (const zone of world.zones) {
    const loads = world.openNodesOf(zone).map((node) => world.servingOn(node));
    assert.ok(Math.max(...loads) - Math.min(...loads) <= 1, `${zone} has ${loads.join(', ')} on its nodes`);
  }
}

/** Comes to rest with the newest template everywhere. */
export async function rollsOut(scenario: Scenario): Promise<void> {
  const world = await play(scenario);
  const newest = new Map(world.server.list('deployment').map(({ name, hash }) => [name, hash]));
  const old = world.server.list('pod').filter((pod) => pod.hash !== newest.get(pod.deployment));
  const { outdated = [] } = world.operator.lastPlan ?? {};
  assert.deepEqual([...outdated, ...old.map(({ name }) => name)], [], 'the newest template is not everywhere');
}

/** Old pods go first nowhere while fewer serve than demanded, but for the moment in which that is noticed. */
export async function makesNoRoomWhenShort(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  let shortMs = 0;
  for (let ms = 0; ms < 5 * minuteMs; ms += 500) {
    await world.run(500);
    const makesRoom = world.server.list('deployment').some(({ unavailable }) => unavailable > 0);
    shortMs = makesRoom && world.truth.serving < world.demand ? shortMs + 500 : 0;
    assert.ok(shortMs <= 2000, `old pods go first although ${world.truth.serving} of ${world.demand} serve`);
  }
}
