import type { Event } from './sim/events.ts';
import type { Terms } from './sim/terms.ts';
import { World } from './sim/world.ts';

/** A cluster, and what happens to it; `afterMs` counts from the event before. */
export interface Scenario extends Terms {
  readonly events: readonly { readonly afterMs: number; readonly event: Event }[];
}

const minuteMs = 60_000;

/** Builds the cluster and waits until its station is served and quiet. */
export async function served(terms: Terms): Promise<World> {
  const world = new World(terms);
  await world.settle(15 * minuteMs, minuteMs);
  world.truth.forgetLeast();
  return world;
}
