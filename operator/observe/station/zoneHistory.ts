import type { ZoneName } from '../../api/zone.ts';
import { FORGET_ZONE_AFTER_MS } from '../moment.ts';
import type { Moment } from '../moment.ts';
import type { ZoneState } from '../../model/zone.ts';
import { movesOf } from './zoneMoves.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import { stayFacts, stayOf } from './zoneStay.ts';
import type { AgeOf } from './zoneStay.ts';
import { zoneStateOf, troubleFacts } from './zoneTrouble.ts';

/** What follows from the present and the past of a zone. */
export interface ZoneHistory {
  readonly state: ZoneState;
  /** It becomes one of the station's zones, without `spec.zones`. */
  readonly joins: boolean;
  /** It stops being one of the station's zones, without `spec.zones`. */
  readonly leaves: boolean;
  /** After each of these times age alone changes something. */
  readonly lookAgainMs: readonly number[];
}

/**
 * Judges all zones of a station together: the memory is told of them in one call, and forgets a zone that is left out.
 */
export function observeZones(
  sightings: readonly ZoneSighting[],
  stationUid: string,
  { memory, nowMs, forgetZoneAfterMs = FORGET_ZONE_AFTER_MS }: Moment,
): ReadonlyMap<ZoneName, ZoneHistory> {
  const subject = `zones of ${stationUid}`;
  const before: AgeOf = (fact) => memory.ageMs(subject, fact, nowMs);
  const moves = movesOf(sightings);
  const around = { moves, forgetAfterMs: forgetZoneAfterMs };
  const facts = sightings.flatMap((sighting) => [
    ...troubleFacts(sighting, before, nowMs),
    ...stayFacts(sighting, before, around),
  ]);
  const ages = memory.observe(subject, facts, nowMs);
  const ageOf: AgeOf = (fact) => ages.get(fact);
  return new Map(
    sightings.map((sighting) => {
      const { state, lookAgainMs } = zoneStateOf(sighting, ageOf, nowMs);
      const stay = stayOf(sighting, ageOf, around);
      return [sighting.name, { ...stay, state, lookAgainMs: [...lookAgainMs, ...stay.lookAgainMs] }];
    }),
  );
}
