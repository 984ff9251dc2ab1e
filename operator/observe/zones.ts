import { shortHash } from '../api/hash.ts';
import { ANYWHERE } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import type { NodeView, ZoneState } from './snapshot.ts';

/*
 * The set of zones is sticky: made once from the nodes that are there, then kept on the Deployments, so that a cloud that
 * deletes a dead zone's nodes does not change what is wanted in mid-outage. `spec.zones` overrides it at any time.
 */

export interface ZoneFacts {
  /** `namespace/name` of the Station. */
  readonly key: string;
  /** `spec.zones`. */
  readonly declared: readonly string[] | undefined;
  /** The sets noted on the Deployments, all together; empty where there are none. */
  readonly sticky: readonly string[];
  /** Zones with a node the station can run on. */
  readonly usable: Iterable<ZoneName>;
  /** Zones with a Deployment of ours. */
  readonly deployed: Iterable<ZoneName>;
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

function setOfZones({ declared, sticky, usable }: ZoneFacts): readonly ZoneName[] {
  if (declared !== undefined) return declared as readonly ZoneName[];
  const kept = (sticky as readonly ZoneName[]).filter((zone) => zone !== ANYWHERE);
  if (kept.length > 0) return kept;
  const found = [...usable];
  return found.length > 0 ? found : [ANYWHERE];
}

/** The order does not follow from names, so that the first zone does not get the odd pod of every station. */
function inFixedOrder(key: string, zones: Iterable<ZoneName>): readonly ZoneName[] {
  return [...zones]
    .map((zone) => ({ zone, rank: shortHash(`${key} ${zone}`) }))
    .toSorted((a, b) => (a.rank === b.rank ? Number(a.zone > b.zone) - 0.5 : a.rank < b.rank ? -1 : 1))
    .map(({ zone }) => zone);
}

/** `lost`: known, and none of its nodes is healthy or leaving. `ANYWHERE` is always live. */
export function zoneState(name: ZoneName, nodes: readonly NodeView[], hasDeployment: boolean): ZoneState {
  if (name === ANYWHERE || nodes.some(({ state }) => state !== 'lost')) return 'live';
  return hasDeployment || nodes.length > 0 ? 'lost' : 'absent';
}
