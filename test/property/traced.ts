import assert from 'node:assert/strict';
import { play } from './scenario.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

/** Each trace is played several times, because lags differ from seed to seed. */
export const seeds = Array.from({ length: 6 }, (_, index) => index + 1);

export const minuteMs = 60_000;

export function terms(seed: number, more: Pick<Terms, 'nodes' | 'demand' | 'survive'> & Partial<Terms>): Terms {
  return { seed, roomPerNode: 40, startMs: 5000, ...more };
}

export async function ends(world: World): Promise<void> {
  await world.settle(45 * minuteMs);
  assert.equal(steadyProblem(world), undefined);
}

/** The node that holds most pods. */
export function fullest(world: World): string {
  const nodes = world.zones.flatMap((zone) => world.nodesOf(zone));
  return nodes.toSorted((a, b) => world.servingOn(b) - world.servingOn(a))[0] ?? '';
}

export const onePod = { pods: 1, nodes: 0, zones: 0 };
export const nothing = { pods: 0, nodes: 0, zones: 0 };

/** Serving pods of a template that is not the newest of their Deployment, in zones that have room. */
export function oldPods(world: World): readonly string[] {
  const newest = new Map(world.server.list('deployment').map(({ name, hash }) => [name, hash]));
  const templates = new Set(newest.values());
  assert.ok(templates.size > 0);
  return world.truth.servingPods.filter((pod) => newest.get(pod.deployment) !== pod.hash).map(({ name }) => name);
}

export async function plays(start: Terms, events: readonly (readonly [number, Event])[]): Promise<World> {
  const world = await play({ ...start, events: events.map(([afterMs, event]) => ({ afterMs, event })) });
  assert.equal(steadyProblem(world), undefined);
  return world;
}
