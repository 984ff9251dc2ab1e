import { adviceConditionTypes, findCondition, isGoodNews } from '../api/conditions.ts';
import type { Condition, ConditionType } from '../api/conditions.ts';
import { API_VERSION } from '../api/labels.ts';
import type { Station, StationStatus } from '../api/station.ts';
import type { EventNote, Regarding } from '../kube/events.ts';
import type { Decided } from './decision.ts';

const words: Readonly<Partial<Record<Decided['step']['kind'], { readonly reason: string; readonly action: string }>>> =
  {
    create: { reason: 'ZoneStarted', action: 'Create' },
    grow: { reason: 'ZoneGrown', action: 'Grow' },
    shrink: { reason: 'ZoneShrunk', action: 'Shrink' },
    evenOut: { reason: 'ZoneEvenedOut', action: 'EvenOut' },
    rollOut: { reason: 'ZoneRolledOut', action: 'RollOut' },
    makeRoom: { reason: 'MakingRoom', action: 'MakeRoom' },
    rollBack: { reason: 'ZoneRolledBack', action: 'RollBack' },
    mark: { reason: 'HandingOver', action: 'HandOver' },
    prune: { reason: 'ZonePruned', action: 'Prune' },
  };

/** A decision as an event: `grow zone-a from 2 to 3: why [id]`. */
export function decisionEvent(station: Station, { step, decision }: Decided): EventNote {
  const { reason = 'Decided', action = 'Decide' } = words[step.kind] ?? {};
  const note = `${decision.what}: ${decision.why} [${decision.id}]`;
  return { regarding: regardingStation(station), type: 'Normal', reason, action, note };
}

/** Events for changes between two statuses that a person may have to know: losses, broken promises, refusals. */
export function changeEvents(station: Station, after: StationStatus): readonly EventNote[] {
  const before = station.status?.conditions ?? [];
  return (after.conditions ?? [])
    .filter((condition) => isNews(findCondition(before, condition.type as ConditionType), condition))
    .map((condition) => ({
      regarding: regardingStation(station),
      type: isGoodNews(condition) ? 'Normal' : 'Warning',
      reason: condition.reason,
      action: condition.type,
      note: condition.message,
    }));
}

/** Reasons of `Ready` that no other condition tells. */
const blocked = new Set(['NameTaken', 'NameTooLong', 'Refused', 'NotPermitted']);
const advice: ReadonlySet<string> = new Set(adviceConditionTypes);

/** Whether a condition is worth an event. What a new station lacks at first is not, unless waiting does not cure it. */
function isNews(before: Condition | undefined, after: Condition): boolean {
  if (advice.has(after.type)) return before === undefined;
  if (after.type === 'Progressing') return false;
  const changed = before?.status !== after.status || before.reason !== after.reason;
  if (after.type === 'ScaledBy') return changed;
  if (after.type === 'Ready') return blocked.has(after.reason) && (changed || before.message !== after.message);
  if (before === undefined) return after.type === 'Survivable' && !isGoodNews(after) && after.reason !== 'Restoring';
  return changed;
}

function regardingStation({ metadata }: Station): Regarding {
  const { name, namespace, uid } = metadata;
  return {
    apiVersion: API_VERSION,
    kind: 'Station',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
}
