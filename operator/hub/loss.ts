import type { StationSpec } from '../api/station.ts';

/** Where an endpoint is. */
interface Placed {
  readonly zone: string;
  readonly node: string;
}

/**
 * The largest share of the endpoints that dies in one declared loss, from 0 to 1: 3 of 9 where `zones: 1` is declared
 * and a zone has 3.
 */
export function declaredLossOf(placed: readonly Placed[], survive: StationSpec['survive']): number {
  if (placed.length === 0) return 0;
  const most = Math.max(
    Math.min(survive.pods, placed.length),
    fullest(
      placed.map(({ node }) => node),
      survive.nodes,
    ),
    fullest(
      placed.map(({ zone }) => zone),
      survive.zones,
    ),
  );
  return most / placed.length;
}

/** Steps of 5 %. */
const STEPS = 20;
/** A share is lowered only when it has fallen by more than this. */
const SLACK = 0.15;

/**
 * The share to go on with, in steps of 5 %: it rises at once, and falls only when it has fallen far. Envoy replaces a
 * cluster whose settings change, and closes its connections. In a rollout pods come and go, and the share with them:
 * 53 replacements in one rollout of 9 pods were seen, and requests were lost.
 */
export function steadyLoss(before: number | undefined, now: number): number {
  const stepped = Math.min(STEPS, Math.ceil(Math.max(0, now * STEPS - 1e-9))) / STEPS;
  return before !== undefined && stepped <= before && before - stepped < SLACK + 1e-9 ? before : stepped;
}

/** How many are in the `many` places that have most of them. */
function fullest(places: readonly string[], many: number): number {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return [...counts.values()]
    .toSorted((a, b) => b - a)
    .slice(0, many)
    .reduce((sum, count) => sum + count, 0);
}
