import type { StatedCondition } from '../../api/conditions.ts';
import type { Problem } from '../../model/plan.ts';
import { problemsIn } from './facts.ts';
import type { StationFacts } from './facts.ts';
import { survivesInWords, zonesOut } from '../survives.ts';

type Survivable = Extract<StatedCondition, { readonly type: 'Survivable' }>;

/** Problems that waiting does not cure, each with the reason for the condition. The first one found is used. */
const cures: readonly (readonly [Survivable['reason'], Problem['kind']])[] = [
  ['TooFewZones', 'TooFewZones'],
  ['ZoneMissing', 'ZoneMissing'],
  ['NoRoom', 'NoRoom'],
  ['Cannot', 'TooFewNodes'],
  ['Cannot', 'NoZone'],
];

/**
 * Whether the pods, as they are placed now, survive every declared loss. If not: the worst loss, and whether it is
 * being mended.
 */
export function survivableCondition(facts: StationFacts, isProgressing: boolean): Survivable {
  const { survival } = facts.plan;
  const worst = survival.worst ?? spentBudget(facts);
  if (worst === undefined) {
    return {
      type: 'Survivable',
      status: 'True',
      reason: 'AsDeclared',
      message: `survives ${survivesInWords(survival)}`,
    };
  }
  const no = (reason: Survivable['reason'], message: string): Survivable => ({
    type: 'Survivable',
    status: 'False',
    reason,
    message,
  });
  for (const [reason, kind] of cures) {
    const problem = problemsIn(facts.plan, [kind]);
    if (problem !== undefined) return no(reason, `${worst}; ${problem}`);
  }
  const mending = survival.worst !== undefined && (isProgressing || facts.plan.waits.length > 0);
  return no(mending ? 'Restoring' : 'Cannot', worst);
}

/** A zone that is lost or shifted now uses up one of the declared losses, even while demand is met without it. */
function spentBudget({ snapshot, plan }: StationFacts): string | undefined {
  const { zones } = snapshot.station.spec.survive;
  const { lostZones, shiftedZones = [] } = plan.survival;
  const spent = lostZones.length + shiftedZones.length;
  if (zones === 0 || spent === 0) return undefined;
  const left = Math.max(0, zones - spent);
  return `${zonesOut(plan.survival)}: of ${zones} declared zone${zones === 1 ? '' : 's'} ${left} more may be lost`;
}
