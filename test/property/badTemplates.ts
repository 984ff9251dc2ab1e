import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import type { Pick } from './scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import { faults, specialOf } from '../../tools/simulate/sim/images.ts';
import type { Fault } from '../../tools/simulate/sim/images.ts';
import { isActive } from '../../tools/simulate/sim/objects.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

/** A template of each kind that cannot work. */
export const badTemplates: readonly Pick[] = [
  ({ number }) => ({ kind: 'badTemplate', fault: faults[number % faults.length] ?? 'refuse' }),
];

/** Longer than the progress deadline, and what follows it. */
const judgedAfterMs = 20 * 60_000;

/** A template that cannot work reaches one zone that has pods, is given up there, and people are told. */
export async function failsInOneZone(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    if (event.kind !== 'badTemplate') continue;
    const reached = zonesReached(world, event.fault);
    happen(world, event);
    await world.run(judgedAfterMs);
    assert.ok(reached.size <= 1, `${event.fault} reached ${[...reached].join(', ')}`);
    if (reached.size === 0) continue;
    const { problems } = world.operator.lastPlan ?? {};
    assert.ok(
      problems?.some(({ kind }) => kind === 'RolloutFailed'),
      `nobody is told that ${event.fault} failed`,
    );
    const left = world.server
      .list('pod')
      .filter((pod) => isActive(pod) && faultOf(world, pod.replicaSet) === event.fault);
    assert.deepEqual(
      left.map(({ name }) => name),
      [],
      `pods of ${event.fault} are left`,
    );
  }
}

/** Names of Deployments with pods, as they are given a template with this fault. */
export function zonesReached(world: World, fault: Fault): ReadonlySet<string> {
  const reached = new Set<string>();
  world.server.watch((change) => {
    if (change.kind !== 'deployment' || change.object.replicas === 0) return;
    if (specialOf(change.object.template) === fault) reached.add(change.object.name);
  });
  return reached;
}

function faultOf(world: World, replicaSet: string): string | undefined {
  return specialOf(world.server.get('replicaSet', replicaSet)?.template ?? {});
}

/** Serves demand again two minutes after its last event, a loss, although a rollout is stuck. */
export async function isWholeBesideStuck(scenario: Scenario): Promise<void> {
  const world = await played(scenario);
  await world.run(2 * 60_000);
  assert.ok(
    world.truth.serving >= world.demand,
    `${world.truth.serving} of ${world.demand} serve beside a stuck rollout`,
  );
}

/** Gives a good template, however slowly it starts, to all zones in time. */
export async function startsInTime(scenario: Scenario): Promise<void> {
  const world = await played(scenario);
  await world.run(3 * 3_600_000);
  const { problems, outdated } = world.operator.lastPlan ?? {};
  assert.deepEqual(outdated, []);
  assert.deepEqual(
    problems?.filter(({ kind }) => kind === 'RolloutFailed'),
    [],
  );
}

async function played(scenario: Scenario): Promise<World> {
  const world = await served(scenario);
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  return world;
}
