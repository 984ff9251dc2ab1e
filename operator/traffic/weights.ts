import type { Endpoint, ZoneShares } from './form.ts';

/** The weight of an endpoint in the zone that gets most for each of its pods, where zones have about as many. */
export const WEIGHT_MOST = 400;
/** Where others have many more: their pods, of weight 1 each, are not to get more than a hundredth of what goes there. */
const WEIGHT_LIMIT = 4_000;
const OTHERS_MOST = 0.01;
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
  const pods = new Map([...Map.groupBy(endpoints, ({ zone }) => zone)].map(([zone, { length }]) => [zone, length]));
  const each = [...pods].map(([zone, many]) => ({ zone, many, part: (own?.get(zone) ?? 0) / many }));
  const [first] = each.toSorted((a, b) => b.part - a.part);
  if (first === undefined || first.part === 0) return (zone) => (zone === hubZone ? HOME_WEIGHT : 1);
  const others = endpoints.length - first.many;
  const most = Math.min(WEIGHT_LIMIT, Math.max(WEIGHT_MOST, others / (OTHERS_MOST * first.many)));
  const weights = new Map(each.map(({ zone, part }) => [zone, Math.max(1, Math.round((most * part) / first.part))]));
  return (zone) => weights.get(zone) ?? 1;
}
