import type { ZoneName } from '../api/zone.ts';

/** An entry of `spec.shifts` at one moment. */
export interface ShiftView {
  readonly zone: ZoneName;
  /** When it ends, RFC 3339, as it is declared. */
  readonly until: string;
  /** Why, in the words of the person who declared it; absent: they did not say. */
  readonly reason?: string;
  readonly state: ShiftState;
}

/**
 * - `on`: it is followed.
 * - `over`: its end has passed.
 * - `early`: it ends later than the longest shift that begins now would.
 * - `elsewhere`: the station has no such zone, and other stations may have it.
 * - `unknown`: no node of the cluster is in such a zone.
 * - `nowhereElse`: all zones of the station that live are to be left.
 */
export type ShiftState = 'on' | 'over' | 'early' | 'elsewhere' | 'unknown' | 'nowhereElse';

/** Whether hubs send no new request to a zone. */
export function isLeft(zone: ZoneName, shifts: readonly ShiftPlan[]): boolean {
  return shifts.some((shift) => shift.zone === zone && shift.isLeft);
}

/** A shift that is followed, and how far it is. */
export interface ShiftPlan extends ShiftView {
  /** Hubs send no new request there. */
  readonly isLeft: boolean;
  /** Why requests go there yet; absent once they have left. */
  readonly why?: string;
}
