import { adviceConditionTypes, findCondition, isGoodNews } from '../../api/conditions.ts';
import type { Condition, ConditionType } from '../../api/conditions.ts';
import { stations } from '../../api/resources.ts';
import type { Station, StationStatus } from '../../api/station.ts';
import type { EventNote } from '../../kube/events.ts';
import { regarding } from '../reportPass.ts';

/** Events for those changes of the status that a person should know: losses, demand that is not met, refusals. */
export function changeEvents(station: Station, after: StationStatus): readonly EventNote[] {
  const before = station.status?.conditions ?? [];
  return (after.conditions ?? [])
    .filter((condition) => isNews(findCondition(before, condition.type as ConditionType), condition))
    .map((condition) => ({
      regarding: regarding(stations, station.metadata),
      type: isGoodNews(condition) ? 'Normal' : 'Warning',
      reason: condition.reason,
      action: condition.type,
      note: condition.message,
    }));
}

/** Reasons of `Ready` that appear in no other condition. */
const blocked = new Set(['NameTaken', 'NameTooLong', 'Refused', 'NotPermitted']);
const advice: ReadonlySet<string> = new Set(adviceConditionTypes);

/**
 * Whether a condition is worth an event. A new station lacks pods at first: that is worth none, unless waiting does not
 * cure it.
 */
function isNews(before: Condition | undefined, after: Condition): boolean {
  if (advice.has(after.type)) return before === undefined;
  if (after.type === 'Progressing') return false;
  const changed = before?.status !== after.status || before.reason !== after.reason;
  if (after.type === 'ScaledBy') return changed;
  if (after.type === 'Shifted') return changed && (before !== undefined || after.reason !== 'Over');
  if (after.type === 'Scaling') return changed && (before !== undefined || !isGoodNews(after));
  if (after.type === 'Ready') return blocked.has(after.reason) && (changed || before.message !== after.message);
  if (before === undefined) return after.type === 'Survivable' && !isGoodNews(after) && after.reason !== 'Restoring';
  return changed;
}
