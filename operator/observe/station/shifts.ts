/*
 * Shifts: says which zones requests are to leave now.
 *
 * A shift ends at a time that people read, so it is the one thing that goes by the date of the machine. Where that is
 * set to another time, a shift ends sooner or later. No pod is let go for that: a zone that was shifted is `returning`
 * for 2 min, as one that was lost, and only then is what others made for it surplus.
 */
import { SHIFT_MAX_MS, shiftAt } from '../../api/shifts.ts';
import type { DeclaredShift } from '../../api/shifts.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { ShiftState, ShiftView } from '../../model/shift.ts';
import type { ZoneView } from '../../model/zone.ts';
import type { Moment } from '../moment.ts';
import { RETURNING_MS } from './zoneTrouble.ts';

/** The date may be set to another time: no look is later than this. */
const LOOK_AGAIN_MS = 60_000;

/** The shifts of a station, and what they make of its zones. */
export interface SeenShifts {
  readonly views: readonly ShiftView[];
  /** Zones whose state a shift decides, now or until a moment ago. */
  readonly states: ReadonlyMap<ZoneName, 'shifted' | 'returning'>;
  readonly lookAgainMs: readonly number[];
}

/** What shifts are judged by: all zones of a station as they would be without them. */
export interface ShiftSurroundings {
  readonly stationUid: string;
  readonly shifts: readonly DeclaredShift[];
  /** Zones that hubs were last told to leave, `status.shifted`: a leader before this one may have told them. */
  readonly left: readonly string[];
  readonly zones: readonly Pick<ZoneView, 'name' | 'declared' | 'state'>[];
  /** Whether a node of the cluster is in the zone. */
  readonly hasNodes: (zone: ZoneName) => boolean;
}

/** Judges all shifts of a station together. Where that would leave it no zone, none is followed. */
export function observeShifts(around: ShiftSurroundings, moment: Moment): SeenShifts {
  const judged = around.shifts.map((shift) => ({ ...shift, state: stateOf(shift, around, moment.wallMs) }));
  const on = new Set<string>(judged.filter(({ state }) => state === 'on').map(({ zone }) => zone));
  const isStranded = on.size > 0 && !around.zones.some((zone) => isPlace(zone) && !on.has(zone.name));
  const views = judged.map(({ zone, until, reason, state }): ShiftView => {
    const now = isStranded && state === 'on' ? 'nowhereElse' : state;
    return { zone: zone as ZoneName, until, ...(reason === undefined ? {} : { reason }), state: now };
  });
  const followed = views.filter(({ state }) => state === 'on').map(({ zone }) => zone);
  const back = zonesBack(around, followed, moment);
  const places = around.zones.filter(isPlace).map(({ name }) => name);
  const states = new Map([
    ...places.filter((name) => followed.includes(name)).map((name) => [name, 'shifted'] as const),
    ...places.filter((name) => back.has(name)).map((name) => [name, 'returning'] as const),
  ]);
  return { views, states, lookAgainMs: [...endsInMs(views, moment.wallMs), ...back.values()] };
}

function stateOf(shift: DeclaredShift, { zones, hasNodes }: ShiftSurroundings, wallMs = Infinity): ShiftState {
  const { zone } = shift;
  const at = shiftAt(shift, wallMs);
  if (at !== 'on') return at;
  if (zones.some(({ name, declared }) => declared && name === zone)) return 'on';
  return hasNodes(zone as ZoneName) ? 'elsewhere' : 'unknown';
}

/** A zone that requests may go to. */
function isPlace({ declared, state }: Pick<ZoneView, 'declared' | 'state'>): boolean {
  return declared && state !== 'lost' && state !== 'absent';
}

/**
 * Zones that were shifted less than 2 min ago, each with the time that is left of that. So are those that hubs have not
 * been told to come back to.
 */
function zonesBack(
  { stationUid, zones, left }: ShiftSurroundings,
  followed: readonly ZoneName[],
  { memory, nowMs }: Moment,
): ReadonlyMap<ZoneName, number> {
  const subject = `shifts of ${stationUid}`;
  const before = (fact: string): number | undefined => memory.ageMs(subject, fact, nowMs);
  const names = zones.map(({ name }) => name).filter((name) => !followed.includes(name));
  const back = names.filter(
    (name) =>
      left.includes(name) || before(onFact(name)) !== undefined || (before(backFact(name)) ?? Infinity) < RETURNING_MS,
  );
  const ages = memory.observe(subject, [...followed.map(onFact), ...back.map(backFact)], nowMs);
  const leftMs = (name: ZoneName): number => RETURNING_MS - (ages.get(backFact(name)) ?? 0);
  // A status that cannot be written for longer than that is looked at again.
  return new Map(back.map((name) => [name, leftMs(name) > 0 ? leftMs(name) : LOOK_AGAIN_MS]));
}

function onFact(zone: ZoneName): string {
  return `on ${zone}`;
}

function backFact(zone: ZoneName): string {
  return `back ${zone}`;
}

function endsInMs(views: readonly ShiftView[], wallMs = Infinity): readonly number[] {
  return views.flatMap(({ until, state }) => {
    if (state === 'over') return [];
    const leftMs = Date.parse(until) - wallMs - (state === 'early' ? SHIFT_MAX_MS : 0);
    return [Math.min(LOOK_AGAIN_MS, Math.max(1, leftMs))];
  });
}
