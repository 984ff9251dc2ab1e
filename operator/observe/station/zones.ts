import { shortHash } from '../../api/hash.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';

/*
 * The set of a station's zones is sticky: it is made once from the nodes that are there, then kept on the Deployments.
 * So a cloud that deletes the nodes of a dead zone does not change the plan in the middle of an outage. Later, zones
 * join and leave by what is seen of them over time (zoneStay.ts). `spec.zones` overrides the set at any time.
 */

export interface ZoneFacts {
  /** `namespace/name` of the Station. */
  readonly key: string;
  /** `spec.zones`. */
  readonly declared: readonly string[] | undefined;
  /** The sets noted on the Deployments, merged; empty when there are none. */
  readonly sticky: readonly string[];
  /** Zones with a node the station can run on. */
  readonly usable: Iterable<ZoneName>;
  /** Zones with a Deployment of ours. */
  readonly deployed: Iterable<ZoneName>;
  /** Zones that join and leave the sticky set (zoneStay.ts). */
  readonly joining: readonly ZoneName[];
  readonly leaving: readonly ZoneName[];
}

/** The station's zones, and those where only a Deployment is left; each in the station's fixed order. */
export function zonesOf(facts: ZoneFacts): {
  readonly declared: readonly ZoneName[];
  readonly left: readonly ZoneName[];
} {
  const declared = new Set(setOfZones(facts));
  const left = new Set([...facts.deployed].filter((zone) => !declared.has(zone)));
  return { declared: inFixedOrder(facts.key, declared), left: inFixedOrder(facts.key, left) };
}

function setOfZones({ declared, sticky, usable, joining, leaving }: ZoneFacts): readonly ZoneName[] {
  if (declared !== undefined) return declared as readonly ZoneName[];
  const kept = knownZones(sticky);
  const after = [...kept.filter((zone) => !leaving.includes(zone)), ...joining];
  if (after.length > 0) return after;
  // The last zone does not leave before there is another one: its pods would have nowhere to go.
  if (kept.length > 0) return kept;
  const found = [...usable];
  return found.length > 0 ? found : [ANYWHERE];
}

/** The zones of a sticky set without `ANYWHERE`, which stands in until there is a zone. */
export function knownZones(sticky: readonly string[]): readonly ZoneName[] {
  return (sticky as readonly ZoneName[]).filter((zone) => zone !== ANYWHERE);
}

/** Sorts by a hash, not by name: by name, the first zone would get the odd pod of every station. */
function inFixedOrder(key: string, zones: Iterable<ZoneName>): readonly ZoneName[] {
  return [...zones]
    .map((zone) => ({ zone, rank: shortHash(`${key} ${zone}`) }))
    .toSorted((a, b) => (a.rank === b.rank ? Number(a.zone > b.zone) - 0.5 : a.rank < b.rank ? -1 : 1))
    .map(({ zone }) => zone);
}

/**
 * A zone's state by its nodes alone: `lost` when it is known and no node is healthy or leaving; `ANYWHERE` is always
 * live.
 */
export function zoneStateByNodes(
  name: ZoneName,
  { some, live }: { readonly some: boolean; readonly live: boolean },
  hasDeployment: boolean,
): 'live' | 'lost' | 'absent' {
  if (name === ANYWHERE || live) return 'live';
  return hasDeployment || some ? 'lost' : 'absent';
}
