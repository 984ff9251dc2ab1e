import type { ZoneName } from '../api/zone.ts';
import { FORGET_ZONE_AFTER_MS } from './moment.ts';
import type { Moment } from './moment.ts';
import type { ZoneState } from '../model/zone.ts';
import { movesOf } from './zoneMoves.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import { stayFacts, stayOf } from './zoneStay.ts';
import type { AgeOf } from './zoneStay.ts';
import { stateOf, troubleFacts } from './zoneTrouble.ts';

/** What the present and the past of a zone come to. */
export interface ZoneHistory {
  readonly state: ZoneState;
  /** It becomes one of the station's zones by itself. */
  readonly joins: boolean;
  /** It stops being one by itself. */
  readonly leaves: boolean;
  /** Age alone changes something after each of these. */
  readonly turnsInMs: readonly number[];
}

/**
 * Judges all zones of a station (by its uid) together, since the memory is told of them together; one left out is forgotten.
 */
export function observeZones(
  sightings: readonly ZoneSighting[],
  stationUid: string,
  { memory, nowMs, forgetZoneAfterMs = FORGET_ZONE_AFTER_MS }: Moment,
): ReadonlyMap<ZoneName, ZoneHistory> {
  const subject = `zones of ${stationUid}`;
  const before: AgeOf = (fact) => memory.ageMs(subject, fact, nowMs);
  const moves = movesOf(sightings, before);
  const around = { moves, forgetAfterMs: forgetZoneAfterMs };
  const facts = sightings.flatMap((sighting) => [
    ...troubleFacts(sighting, before),
    ...stayFacts(sighting, before, around),
  ]);
  facts.push(...moves.facts);
  const ages = memory.observe(subject, facts, nowMs);
  const ageOf: AgeOf = (fact) => ages.get(fact);
  return new Map(
    sightings.map((sighting) => {
      const { state, turnsInMs } = stateOf(sighting, ageOf);
      const stay = stayOf(sighting, ageOf, around);
      return [sighting.name, { ...stay, state, turnsInMs: [...turnsInMs, ...stay.turnsInMs] }];
    }),
  );
}
