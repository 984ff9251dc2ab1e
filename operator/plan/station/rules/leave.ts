/*
 * Leave: lets requests leave a shifted zone once the other zones serve demand.
 *
 *   trusted pods outside it ≥ D, and minAvailable ≥ D + |U|, in which its pods are
 *
 * - Where the loss of a zone is declared, this holds from the beginning. Otherwise the others make first what they lack.
 * - If that finds no room, requests stay, unless the station may dip below demand (`whenNoRoom: Dip`).
 * - They do not come back before the shift ends, whatever the others lose meanwhile. Hubs send there all the same while
 *   no other pod serves.
 * - Only hubs can keep requests away. A plain Service sends to every Ready pod, so there only capacity is made.
 *
 * Hard part: an eviction elsewhere that was granted while these pods counted. So the budget sets them apart first, its
 * controller has seen that, and a pod that we still see and it no longer counts may be such an eviction. The count is
 * held against demand and not against minAvailable, as before a shrink (guard.ts): a surge that never gets Ready is part
 * of that, and would keep requests in a sick zone.
 *
 * Where the budget's name belongs to another, requests leave all the same. No budget of ours guards evictions then,
 * whether they leave or not, and they would wait until a person renames one of the two (NameTaken says so).
 *
 * Example: D is 6, and 9 pods are in 3 zones. zone-b is shifted. The budget keeps 6 + 3, and then requests leave zone-b:
 * the 6 pods elsewhere serve them.
 */
import type { ShiftPlan, ShiftView } from '../../../model/shift.ts';
import type { Wait } from '../../../model/plan.ts';
import { count } from '../../../model/words.ts';
import { isBehindHubs } from '../../children/service.ts';
import { budgetUnseen } from '../guard.ts';
import { lackingIn } from '../room.ts';
import { ours } from '../picture.ts';
import type { Picture } from '../picture.ts';
import { settlesInMs, trustedPods, TRUST_AT_ONCE } from './trust.ts';
import { showZone } from '../../../api/zone.ts';

/** How far each shift that is followed is, given what the budget is to keep. */
export function shiftPlans(picture: Picture, minAvailable: number): readonly ShiftPlan[] {
  return (picture.snapshot.shifts ?? [])
    .filter(({ state }) => state === 'on')
    .map((shift) => {
      const why = whyNotYet(picture, shift, minAvailable);
      return { ...shift, isLeft: why === undefined, ...(why === undefined ? {} : { why }) };
    });
}

/** Requests that are to leave a zone and have not yet. */
export function waitsToLeave(picture: Picture, shifts: readonly ShiftPlan[]): readonly Wait[] {
  return shifts.flatMap(({ zone, why }) =>
    why === undefined || !isBehindHubs(picture.snapshot)
      ? []
      : [{ what: `requests leave ${showZone(zone)}`, why, lookAgainMs: settlesInMs(picture, 0) }],
  );
}

function whyNotYet(picture: Picture, { zone }: ShiftView, minAvailable: number): string | undefined {
  const { snapshot, demand } = picture;
  const { spec, status } = snapshot.station;
  if (!isBehindHubs(snapshot)) {
    return 'they cannot: a plain Service sends to every Ready pod, and only hubs know of shifts (spec.hub)';
  }
  if (status?.shifted?.includes(zone) === true) return undefined;
  if (spec.paused) return 'the Kitchen is paused';
  const held = trustedPods(picture, TRUST_AT_ONCE).length;
  const isHeld = (left: number): boolean => left >= demand || mayDip(picture, demand - left);
  if (!isHeld(held)) {
    const cure = missingIn(picture) === 0 ? '' : '; with whenNoRoom: Dip they would leave all the same';
    return `the other zones have ${count(held, 'pod')} to count on, and demand is ${demand}${cure}`;
  }
  if (snapshot.budget.state === 'taken') return undefined;
  const unseen = budgetUnseen(picture, minAvailable);
  if (unseen !== undefined) return `its pods are not set apart yet: ${unseen}`;
  const evicted = mayBeEvicted(picture);
  return isHeld(held - evicted)
    ? undefined
    : `${count(evicted, 'pod')} may be evicted already: the budget no longer counts them`;
}

/** Whether the station would rather lack these pods than wait for room. */
function mayDip(picture: Picture, lacking: number): boolean {
  return picture.snapshot.station.spec.whenNoRoom === 'Dip' && missingIn(picture) >= lacking;
}

/** Pods that find no room in the zones that requests stay in. */
function missingIn({ zones }: Picture): number {
  return lackingIn(zones.filter(({ frozen }) => !frozen));
}

/** Ready pods that the budget's controller counts no longer, or not yet. */
function mayBeEvicted({ snapshot: { budget, strangers }, zones }: Picture): number {
  const own = zones.flatMap(({ alive }) => alive.filter(({ ready }) => ready)).length;
  const ready = own + strangers.filter((each) => each.ready && each.deletingMs === undefined).length;
  return Math.max(0, ready - (ours(budget)?.currentHealthy ?? 0));
}
