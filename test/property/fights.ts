import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

const minuteMs = 60_000;

/** A fight is known as one after this; from then on there is a bound. */
const knownMs = 2 * minuteMs;

/** Writes a minute that a fight over one object may cost: the object's own, and those that follow each change of its pods. */
export const MOST_WRITES = 12;

/** However others change what is written, for ten minutes, it is not written more often than that; demand is served all the while. */
export async function fightsSlowly(scenario: Scenario): Promise<void> {
  const world = await afterEvents(scenario);
  await world.run(knownMs);
  for (let minute = 0; minute < 8; minute++) {
    const fromMs = world.agenda.nowMs;
    await world.run(minuteMs);
    const written = writesSince(world, fromMs);
    assert.ok(written.length <= MOST_WRITES, `${written.length} writes in a minute: ${written.join(', ')}`);
  }
  assert.ok(world.truth.serving >= world.demand, `${world.truth.serving} of ${world.demand} served in a fight`);
}

/** Has all pods that it wants soon after the last event, which takes away what kept them from being made. */
export async function isSoonMade(scenario: Scenario): Promise<void> {
  const world = await afterEvents(scenario);
  await world.run(35_000 + scenario.startMs);
  const target = world.operator.lastPlan?.target ?? 0;
  assert.ok(world.truth.serving >= target, `${world.truth.serving} of ${target} served half a minute later`);
}

/** Serves demand again within the time of a loss's detection and the pods' start, though a fight goes on. */
export async function makesGoodInAFight(scenario: Scenario): Promise<void> {
  const world = await afterEvents(scenario);
  await world.run(60_000 + 1.2 * scenario.startMs + 5000);
  assert.ok(
    world.truth.serving >= world.demand,
    `${world.truth.serving} of ${world.demand} served after a loss in a fight`,
  );
}

async function afterEvents(scenario: Scenario): Promise<World> {
  const world = await served(scenario);
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  return world;
}

function writesSince(world: World, fromMs: number): readonly string[] {
  return world.operator.written.filter(({ atMs, done }) => done && atMs >= fromMs).map(({ step }) => step.kind);
}
