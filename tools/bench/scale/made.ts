import type { ZoneFigures } from './result.ts';

/** A pod that was made, of which station, and its node; empty while it has none. */
export interface MadePod {
  readonly station: string;
  readonly node: string;
}

/** Counts the pods that were made. `lost`: pods by station that died with the zone; `dead`: the nodes of that zone. */
export function countMade(
  made: readonly MadePod[],
  { lost, dead }: { readonly lost: ReadonlyMap<string, number>; readonly dead: ReadonlySet<string> },
): Pick<ZoneFigures, 'podsMade' | 'intoDyingZone' | 'madeTwice'> {
  const byStation = Map.groupBy(made, ({ station }) => station);
  const beyond = [...byStation].map(([station, pods]) => Math.max(0, pods.length - (lost.get(station) ?? 0)));
  return {
    podsMade: made.length,
    intoDyingZone: made.filter(({ node }) => dead.has(node)).length,
    madeTwice: beyond.reduce((sum, count) => sum + count, 0),
  };
}
