/*
 * Shifts not followed: tells about entries of `spec.shifts` that nothing follows from, and what a person can do.
 *
 * Example: the station has zone-a and zone-b, and both are to be left. Neither is, and the message says to take one out.
 */
import type { Problem } from '../../../model/plan.ts';
import type { ShiftView } from '../../../model/shift.ts';
import { showZone } from '../../../api/zone.ts';
import type { Picture } from '../picture.ts';

/** Entries that are not followed, unless they are only over. */
export function shiftProblems({ snapshot, zones }: Picture): readonly Problem[] {
  const { shifts = [] } = snapshot;
  const own = zones.filter(({ view }) => view.declared).map(({ name }) => showZone(name));
  return [...tooMany(shifts), ...shifts.flatMap((shift) => unfollowed(shift, own))];
}

function tooMany(shifts: readonly ShiftView[]): readonly Problem[] {
  const names = shifts.filter(({ state }) => state === 'nowhereElse').map(({ zone }) => showZone(zone));
  if (names.length === 0) return [];
  const message = `spec.shifts would leave no other zone that lives (${names.join(', ')}), so requests stay everywhere: take a zone out (kubectl kitchen shift ${names[0]} --off)`;
  return [{ kind: 'ShiftNotFollowed', reason: 'NowhereElse', message }];
}

function unfollowed({ zone, until, state }: ShiftView, own: readonly string[]): readonly Problem[] {
  if (state === 'early') {
    const message = `spec.shifts[${zone}] ends at ${until}, in more than 7 days, and so begins 7 days before that: give an earlier until to begin now`;
    return [{ kind: 'ShiftNotFollowed', reason: 'TooLong', message }];
  }
  if (state !== 'unknown') return [];
  const message = `spec.shifts names ${zone}, where the cluster has no node: correct the name (this station has ${own.join(', ')}), or take it out`;
  return [{ kind: 'ShiftNotFollowed', reason: 'UnknownZone', message }];
}
