import type { ZoneName } from '../api/zone.ts';
import type { FirstSeen } from '../engine/memory.ts';
import type { ObservedNode } from './nodes.ts';
import type { ZoneState } from './snapshot.ts';
import { isFailing, zoneState } from './zones.ts';

/** A zone that was lost or failing gets nothing back before it has been well for this long. */
export const RETURNING_MS = 120_000;

/** A zone at one look. */
export interface ZoneSighting {
  readonly name: ZoneName;
  /** Nodes to plan with. */
  readonly nodes: readonly ObservedNode[];
  /** A Deployment of ours is there. */
  readonly hasDeployment: boolean;
}

/** What the present and the past of a zone come to. */
export interface ZoneHistory {
  readonly state: ZoneState;
  /** Age alone changes something after this long. */
  readonly turnsInMs: number | undefined;
}

/** Whose zones are looked at, when, and what was seen before. */
export interface ZoneMemory {
  readonly stationUid: string;
  readonly memory: FirstSeen;
  readonly nowMs: number;
}

type AgeOf = (fact: string) => number | undefined;

/** Judges all zones of a station together, since the memory is told of them together; one left out is forgotten. */
export function observeZones(
  sightings: readonly ZoneSighting[],
  { stationUid, memory, nowMs }: ZoneMemory,
): ReadonlyMap<ZoneName, ZoneHistory> {
  const subject = `zones of ${stationUid}`;
  const before: AgeOf = (fact) => memory.ageMs(subject, fact, nowMs);
  const ages = memory.observe(
    subject,
    sightings.flatMap((sighting) => factsOf(sighting, before)),
    nowMs,
  );
  return new Map(sightings.map((sighting) => [sighting.name, historyOf(sighting, (fact) => ages.get(fact))]));
}

function factsOf(sighting: ZoneSighting, before: AgeOf): readonly string[] {
  return [...downNodes(sighting).map(downFact), ...troubleFacts(sighting, before)];
}

/** `troubled` while the zone is lost or failing; from the first look at which it is neither, `returning`. */
function troubleFacts(sighting: ZoneSighting, before: AgeOf): readonly string[] {
  const { name, hasDeployment } = sighting;
  const state = stateNow(sighting, before);
  // Nothing of ours was in a lost zone without a Deployment: there is nothing that could return.
  if (state === 'failing' || (state === 'lost' && hasDeployment)) return [troubledFact(name)];
  if (state !== 'live') return [];
  if (before(troubledFact(name)) !== undefined) return [returningFact(name)];
  return (before(returningFact(name)) ?? Infinity) < RETURNING_MS ? [returningFact(name)] : [];
}

function historyOf(sighting: ZoneSighting, ageOf: AgeOf): ZoneHistory {
  const returningMs = ageOf(returningFact(sighting.name));
  if (returningMs === undefined) return { state: stateNow(sighting, ageOf), turnsInMs: undefined };
  return { state: 'returning', turnsInMs: RETURNING_MS - returningMs };
}

/** What the zone is without its past. */
function stateNow(sighting: ZoneSighting, ageOf: AgeOf): ZoneState {
  const state = zoneState(sighting.name, sighting.nodes, sighting.hasDeployment);
  if (state !== 'live') return state;
  // A node turns from suspect to lost: it went down when the first of the two began.
  const downMs = downNodes(sighting).map((node) => Math.max(node.stateMs, ageOf(downFact(node)) ?? 0));
  return isFailing(sighting.nodes.length, downMs) ? 'failing' : state;
}

function downNodes({ nodes }: ZoneSighting): readonly ObservedNode[] {
  return nodes.filter(({ state }) => state === 'lost' || state === 'suspect');
}

function downFact({ object }: ObservedNode): string {
  return `down ${object.uid}`;
}

function troubledFact(zone: ZoneName): string {
  return `troubled ${zone}`;
}

function returningFact(zone: ZoneName): string {
  return `returning ${zone}`;
}
