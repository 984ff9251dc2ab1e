/*
 * Hurry: how soon a status has to be written. Every write competes with the pods that are being made, so what is under
 * way is told once it has ended.
 */
import type { Condition } from '../api/conditions.ts';

/**
 * How soon a status has to be written.
 * - `mustBeKnown`: a person has to know it, or waits for it.
 * - `underWay`: the next words are about to follow.
 * - `settled`: nothing is under way.
 */
export type Hurry = 'mustBeKnown' | 'underWay' | 'settled';

/** What a status says that decides how soon it has to be written. */
interface Saying {
  readonly conditions?: readonly Condition[] | undefined;
  readonly waiting?: readonly string[] | undefined;
  readonly observedGeneration?: number | undefined;
}

/** How soon the status `after` has to be written in place of `before`. */
export function hurryOf(before: Saying | undefined, after: Saying): Hurry {
  if (mustBeKnown(before, after)) return 'mustBeKnown';
  const isProgressing = after.conditions?.some(({ type, status }) => type === 'Progressing' && status === 'True');
  return isProgressing === true || (after.waiting ?? []).length > 0 ? 'underWay' : 'settled';
}

function mustBeKnown(before: Saying | undefined, after: Saying): boolean {
  if (before === undefined || before.observedGeneration !== after.observedGeneration) return true;
  const known = new Map(before.conditions?.map((condition) => [condition.type, condition]));
  return (after.conditions ?? []).some((condition) => isUrgent(known.get(condition.type), condition));
}

/** Reasons of `Ready` that another condition gives as well, or that end by themselves. */
const unhurried = new Set([
  'NotAvailable',
  'NotSurvivable',
  'RolloutFailed',
  'StationsNotReady',
  'Progressing',
  'Trouble',
]);

/** What the operator is mending is not urgent: mostly it is mended a few seconds later. */
function isUrgent(before: Condition | undefined, { type, status, reason }: Condition): boolean {
  const isNew = before?.status !== status || before.reason !== reason;
  switch (type) {
    case 'Progressing':
      return false;
    case 'Available':
      return before?.status !== status;
    case 'Survivable':
      return isNew && status !== 'True' && reason !== 'Restoring';
    case 'Ready':
      return isNew && (status === 'True' ? before?.status !== 'True' : !unhurried.has(reason));
    default:
      return isNew;
  }
}
