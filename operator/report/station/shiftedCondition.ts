import type { StatedCondition } from '../../api/conditions.ts';
import { showZone } from '../../api/zone.ts';
import type { ShiftPlan } from '../../model/shift.ts';
import { isBehindHubs } from '../../plan/children/service.ts';
import type { StationFacts } from './facts.ts';

type Shifted = Extract<StatedCondition, { readonly type: 'Shifted' }>;

/** Whether requests have left the zones that they are to leave; absent without `spec.shifts`. */
export function shiftedCondition({ snapshot, plan }: StationFacts): Shifted | undefined {
  const { shifts } = plan;
  if (shifts.length > 0) {
    const message = shifts.map(inWords).join('; ');
    if (shifts.every(({ isLeft }) => isLeft)) return { type: 'Shifted', status: 'True', reason: 'Left', message };
    const reason = isBehindHubs(snapshot) ? 'MakingCapacity' : 'PlainService';
    return { type: 'Shifted', status: 'False', reason, message };
  }
  const over = (snapshot.shifts ?? []).filter(({ state }) => state === 'over');
  if (over.length === 0) return undefined;
  const names = over.map(({ zone, until }) => `${showZone(zone)} (${until})`).join(', ');
  const message = `over: ${names}; take ${over.length === 1 ? 'it' : 'them'} out of spec.shifts`;
  return { type: 'Shifted', status: 'False', reason: 'Over', message };
}

function inWords({ zone, until, reason, why }: ShiftPlan): string {
  const name = showZone(zone);
  const because = reason === undefined ? '' : ` (${reason})`;
  if (why === undefined) return `new requests have left ${name}${because}, until ${until}`;
  return `requests are to leave ${name}${because}, until ${until}, and go there yet: ${why}`;
}
