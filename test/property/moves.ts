import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';
import { isActive } from '../../tools/simulate/sim/objects.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

const minuteMs = 60_000;

/** Plays the loss that the scenario begins with, and its heal so much later; throws when that moves more pods than it has to. */
export async function healsWithFewestMoves(scenario: Scenario, healAfterMs: number): Promise<void> {
  const world = await served(scenario);
  const [first] = scenario.events;
  const heal = first && healOf(first.event);
  if (first === undefined || heal === undefined) return;
  happen(world, first.event);
  await world.run(healAfterMs);
  await world.settle(45 * minuteMs, 60_000);
  const before = podsByZone(world);
  const { serving } = world.truth;
  const needed = mostMoves(world, before);
  world.truth.forgetLeast();
  const sinceMs = world.agenda.nowMs;
  happen(world, heal);
  await world.settle(45 * minuteMs);
  const most = needed();
  const evened = world.operator.written.filter(
    ({ atMs, step, done }) => done && atMs >= sinceMs && step.kind === 'evenOut',
  );
  const made = world.truth.podsMade;
  assert.ok(made <= most + evened.length, `${made} pods were made after the heal, ${most} were missing`);
  const least = Math.min(serving, world.demand);
  assert.ok(world.truth.leastServing >= least, `${world.truth.leastServing} of ${least} served after the heal`);
}

/** The scenario's loss, and the heal so much later. */
export function withHeal(scenario: Scenario, healAfterMs: number): Scenario {
  const [first] = scenario.events;
  const heal = first && healOf(first.event);
  if (first === undefined || heal === undefined) return { ...scenario, events: [] };
  return {
    ...scenario,
    events: [
      { ...first, afterMs: 0 },
      { afterMs: healAfterMs, event: heal },
    ],
  };
}

/**
 * What zones are short of. Where nothing was left at all, the first node that heals may be the only one: until the others are
 * seen to be back, the pods they had are made good there.
 */
function mostMoves(world: World, before: ReadonlyMap<string, number>): () => number {
  const wasLost = world.zones.every((zone) => !world.isLive(zone));
  const told = sum(world.server.list('deployment').map(({ replicas }) => replicas));
  // A pod that is being evicted at this moment is made again at once.
  const underWay = Math.max(0, told - sum([...before.values()]));
  return () => {
    const after = podsByZone(world);
    const missing = sum(world.zones.map((zone) => Math.max(0, (after.get(zone) ?? 0) - (before.get(zone) ?? 0))));
    return missing + underWay + (wasLost ? sum([...before.values()]) : 0);
  };
}

function healOf(event: Event): Event | undefined {
  if (event.kind === 'killNode') return { kind: 'healNode', node: event.node };
  if (event.kind === 'killZone') return { kind: 'healZone', zone: event.zone };
  return undefined;
}

/** Pods that their ReplicaSets count, where they are or are to be. */
function podsByZone(world: World): ReadonlyMap<string, number> {
  const zoneOf = (deployment: string): string => world.zones.find((zone) => deployment.endsWith(zone)) ?? '';
  const pods = world.server.list('pod').filter(isActive);
  return new Map([...Map.groupBy(pods, (pod) => zoneOf(pod.deployment))].map(([zone, all]) => [zone, all.length]));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
