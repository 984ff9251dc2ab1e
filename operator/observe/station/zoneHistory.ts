import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import { FORGET_ZONE_AFTER_MS } from '../moment.ts';
import type { Moment } from '../moment.ts';
import type { ZoneDoubt, ZoneState } from '../../model/zone.ts';
import type { DoubtNow } from '../nodes/zoneDoubt.ts';
import { movesOf } from './zoneMoves.ts';
import type { ZoneSighting } from './zoneSighting.ts';
import { stayFacts, stayOf } from './zoneStay.ts';
import type { AgeOf } from './zoneStay.ts';
import { zoneStateOf, troubleFacts } from './zoneTrouble.ts';

/** What follows from the present and the past of a zone. */
export interface ZoneHistory {
  readonly state: ZoneState;
  /** Why it may be dying while it is live or failing. */
  readonly doubt: ZoneDoubt | undefined;
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
    ...doubtFacts(sighting, nowMs),
  ]);
  const ages = memory.observe(subject, facts, nowMs);
  const ageOf: AgeOf = (fact) => ages.get(fact);
  return new Map(
    sightings.map((sighting) => {
      const { state, ...trouble } = zoneStateOf(sighting, ageOf, nowMs);
      const stay = stayOf(sighting, ageOf, around);
      const isThere = state === 'live' || state === 'failing';
      const { doubt } = isThere ? doubtAt(sighting, nowMs) : {};
      const lookAgainMs = [...trouble.lookAgainMs, ...stay.lookAgainMs, ...doubtLookAgainMs(sighting, ageOf, nowMs)];
      return [sighting.name, { ...stay, state, doubt, lookAgainMs }];
    }),
  );
}

/**
 * The fleet tells of a doubt that is over, but not where a zone's nodes only carry pods of the station and take no more.
 * So the station is looked at again after this long; then after twice as long, and so on.
 */
const LOOK_AGAIN_MS = 10_000;

function doubtFacts(sighting: ZoneSighting, nowMs: number): readonly string[] {
  return doubtAt(sighting, nowMs).doubt === undefined ? [] : [doubtFact(sighting)];
}

function doubtLookAgainMs(sighting: ZoneSighting, ageOf: AgeOf, nowMs: number): readonly number[] {
  const ageMs = ageOf(doubtFact(sighting));
  return ageMs === undefined ? [] : [Math.min(Math.max(LOOK_AGAIN_MS, ageMs), doubtAt(sighting, nowMs).endsInMs)];
}

function doubtAt({ name, nodes }: ZoneSighting, nowMs: number): DoubtNow {
  return name === ANYWHERE ? { doubt: undefined, endsInMs: Infinity } : nodes.doubts.at(nowMs);
}

function doubtFact({ name }: ZoneSighting): string {
  return `doubted ${name}`;
}
