import type { Endpoint, ZoneShares } from './form.ts';

/** The weight of an endpoint in the zone that gets most for each of its pods. */
export const WEIGHT_MOST = 400;
/**
 * Without shares: of the requests that a hub could send anywhere, its own zone gets this many for one that another zone's
 * pod gets. Least-request then moves what the own zone cannot take within a second.
 */
const HOME_WEIGHT = 50;

/**
 * The weight of each endpoint by its zone, for a hub of this zone: share_j / pods_j, so that a zone gets its share however
 * many pods it has. Never less than 1: a pod without weight would be of no use to a retry.
 */
export function weightsFor(
  hubZone: string,
  { endpoints, shares }: { readonly endpoints: readonly Endpoint[]; readonly shares?: ZoneShares | undefined },
): (zone: string) => number {
  const own = shares?.get(hubZone);
  const each = [...Map.groupBy(endpoints, ({ zone }) => zone)].map(
    ([zone, { length }]) => [zone, (own?.get(zone) ?? 0) / length] as const,
  );
  const most = Math.max(0, ...each.map(([, part]) => part));
  if (most === 0) return (zone) => (zone === hubZone ? HOME_WEIGHT : 1);
  const weights = new Map(each.map(([zone, part]) => [zone, Math.max(1, Math.round((WEIGHT_MOST * part) / most))]));
  return (zone) => weights.get(zone) ?? 1;
}
