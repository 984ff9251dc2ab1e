import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';

/** Makes no pod and lets none go because Leases were not renewed for a while, or not heard of. */
export async function makesNothingOfSilence(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  const before = world.operator.written.length;
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  await world.run(5 * 60_000);
  const steps = world.operator.written.slice(before).map(({ step, atMs }) => `${step.kind} at ${atMs} ms`);
  assert.deepEqual(steps, []);
}
