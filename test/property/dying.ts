import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Leases } from '../../tools/simulate/sim/leases.ts';
import type { SimDeployment } from '../../tools/simulate/sim/objects.ts';
import type { World } from '../../tools/simulate/sim/world.ts';

/** Grows no zone that can be known to be dying, and rolls nothing out there, while another zone takes pods. */
export async function growsIntoNoDyingZone(scenario: Scenario): Promise<void> {
  const world = await served(scenario);
  const { leases } = world;
  if (leases === undefined) throw new Error('nobody renews Leases in this scenario');
  const into: string[] = [];
  const gaps = gapsOf(world, leases);
  const before = new Map(world.server.list('deployment').map((each) => [each.name, each]));
  world.server.watch((change) => {
    if (change.kind !== 'deployment') return;
    const { object } = change;
    const what = growth(before.get(object.name), object);
    before.set(object.name, object);
    const zone = world.zones.find((each) => object.name.endsWith(each)) ?? '';
    if (what === undefined || !isSeenDying(world, leases, zone)) return;
    if (world.zones.some((each) => each !== zone && takesPods(world, each, gaps)))
      into.push(`${zone} ${what} at ${world.agenda.nowMs} ms`);
  });
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  await world.run(5 * 60_000);
  assert.deepEqual(into, []);
}

function growth(before: SimDeployment | undefined, now: SimDeployment): string | undefined {
  if (now.replicas > (before?.replicas ?? 0)) return `grows to ${now.replicas}`;
  return before !== undefined && now.replicas > 0 && before.hash !== now.hash ? 'gets a new template' : undefined;
}

/** A Lease is renewed every 10 s, or a little later. */
const overdueMs = 12_000;
/** Nothing that is well is silent for so long. */
const silentMs = 15_000;
/** By then the operator has heard, and what it decided before has arrived. */
const newsMs = 2000;
/** A zone that was in trouble takes no pods for two minutes. */
const backMs = 130_000;

/** All its nodes are silent, or one is called lost and the others are overdue; and the operator has heard all of that. */
function isSeenDying(world: World, leases: Leases, zone: string): boolean {
  const { nowMs } = world.agenda;
  if (world.operator.blindSinceMs !== undefined) return false;
  const nodes = world.nodesOf(zone).flatMap((name) => world.server.get('node', name) ?? []);
  const isLost = nodes.map(({ ready, readySinceMs }) => ready === 'Unknown' && nowMs - readySinceMs >= newsMs);
  const silence = nodes.map(({ name }) => nowMs - leases.renewedMs(name) - newsMs);
  if (nodes.length === 0) return false;
  return (
    silence.every((ms) => ms >= silentMs) ||
    (isLost.includes(true) && silence.every((ms, index) => isLost[index] === true || ms >= overdueMs))
  );
}

/** A node of the zone has been heard all along. */
function takesPods(world: World, zone: string, gaps: ReadonlyMap<string, number>): boolean {
  const { nowMs } = world.agenda;
  return world.openNodesOf(zone).some((name) => {
    const node = world.server.get('node', name);
    const isHeard = nowMs - (world.leases?.renewedMs(name) ?? 0) < overdueMs;
    return isHeard && node?.ready === 'True' && nowMs - (gaps.get(zone) ?? -Infinity) > backMs;
  });
}

/** When a node of each zone was last heard after a silence. */
function gapsOf({ server }: World, leases: Leases): ReadonlyMap<string, number> {
  const gaps = new Map<string, number>();
  const renewed = new Map<string, number>();
  leases.watch(({ object: { metadata } }) => {
    const name = metadata.name ?? '';
    const atMs = leases.renewedMs(name);
    const zone = server.get('node', name)?.zone ?? '';
    if (atMs - (renewed.get(name) ?? atMs) >= overdueMs) gaps.set(zone, atMs);
    renewed.set(name, atMs);
  });
  return gaps;
}

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
