import { annotations } from '../../api/labels.ts';
import type { Beyond, GoodTemplate, RolloutFailure } from '../../model/child.ts';

/** What a Deployment's annotations tell about its rollouts. */
export interface RolloutNotes {
  readonly revision: string | undefined;
  readonly good: GoodTemplate | undefined;
  readonly badTemplate: string | undefined;
  readonly failure: RolloutFailure | undefined;
  readonly evened: string | undefined;
}

/** Set by Kubernetes: counts the templates that a Deployment has run. */
const REVISION = 'deployment.kubernetes.io/revision';

/** Reads the notes on a Deployment; one that a person broke counts as missing. */
export function rolloutNotes(noted: Readonly<Record<string, string>>): RolloutNotes {
  const text = (key: string): string | undefined => (noted[key] === '' ? undefined : noted[key]);
  return {
    revision: text(REVISION),
    good: goodTemplateIn(noted[annotations.goodTemplate]),
    badTemplate: text(annotations.badTemplate),
    failure: notedFailure(text(annotations.failure)),
    evened: text(annotations.evened),
  };
}

function goodTemplateIn(json: string | undefined): GoodTemplate | undefined {
  const { revision, hash, defaults, replicaSet, isProven, beyond } = objectIn(json);
  const isWhole =
    isText(revision) && isText(hash) && isText(defaults) && isText(replicaSet) && revision !== '' && hash !== '';
  const asked = beyondIn(beyond);
  const noted = asked === undefined ? {} : { beyond: asked };
  return isWhole ? { revision, hash, defaults, replicaSet, isProven: isProven === true, ...noted } : undefined;
}

/** Every reason there is: the compiler asks for a new one here. */
const failureReasons: Readonly<Record<RolloutFailure['reason'], true>> = {
  NotStarting: true,
  DeadlineExceeded: true,
  NotMade: true,
  Rejected: true,
  Unschedulable: true,
};

function notedFailure(note: string | undefined): RolloutFailure | undefined {
  const { reason, words } = note?.startsWith('{') === true ? objectIn(note) : asBefore(note);
  return isFailureReason(reason) && isText(words) ? { reason, words } : undefined;
}

/**
 * Operators up to 0.1.0 noted `reason: words`. The first pass after the upgrade rewrites the note, and replaces no pod.
 */
function asBefore(note = ''): Readonly<Record<string, unknown>> {
  const end = note.indexOf(': ');
  return { reason: note.slice(0, Math.max(0, end)), words: note.slice(end + 2) };
}

function isFailureReason(reason: unknown): reason is RolloutFailure['reason'] {
  return isText(reason) && Object.hasOwn(failureReasons, reason);
}

function beyondIn(value: unknown): Beyond | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const amounts = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return amounts.length === 0 ? undefined : Object.fromEntries(amounts);
}

function objectIn(json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(json ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
