import type { KubeObject } from '../api/kubernetes/object.ts';
import type { ChangedField } from '../api/kubernetes/changedFields.ts';
import { ApiError, messageOf, verdict } from '../kube/errors.ts';
import { inShort } from './contests.ts';
import { NothingToGoBackToError } from './station/sendRollBack.ts';
import { NameTakenError } from './refuseStrangers.ts';
import { refusedForMs } from './refusals.ts';
import type { RefusalReason } from './refusals.ts';

/**
 * How one step ended.
 * - `done`: written; `object` is what the API server answered.
 * - `changed`: a fresh look, just before something irreversible, decided otherwise; nothing was sent.
 * - `stale`, `gone`: the picture was old; look again.
 * - `refused`: the API server will not have it, now or, when `remembered`, a while ago; `lookAgainMs` until it is tried again.
 * - `trouble`: anything else; back off.
 */
export type StepResult<S> =
  | { readonly step: S; readonly outcome: 'done'; readonly object: KubeObject | undefined }
  | { readonly step: S; readonly outcome: 'changed'; readonly message: string }
  | { readonly step: S; readonly outcome: 'stale' | 'gone'; readonly message: string; readonly error: unknown }
  | RefusedStep<S>
  | {
      readonly step: S;
      readonly outcome: 'trouble';
      readonly message: string;
      readonly error: unknown;
      readonly retryAfterMs: number | undefined;
    };

interface RefusedStep<S> {
  readonly step: S;
  readonly outcome: 'refused';
  readonly message: string;
  readonly reason: RefusalReason;
  readonly remembered: boolean;
  readonly lookAgainMs: number;
}

/** How a failed write is to be taken: by the four verdicts on errors. Whether it lacks a right, permission.ts asks. */
export function failed<S>(step: S, error: unknown): StepResult<S> {
  const message = messageOf(error);
  if (error instanceof NameTakenError) {
    return { step, outcome: 'refused', message, reason: 'NameTaken', remembered: false, lookAgainMs: refusedForMs };
  }
  if (error instanceof NothingToGoBackToError) {
    return { step, outcome: 'refused', message, reason: 'Refused', remembered: false, lookAgainMs: refusedForMs };
  }
  const judged = verdict(error);
  if (judged.kind === 'trouble') {
    return { step, outcome: 'trouble', message, error, retryAfterMs: judged.retryAfterMs };
  }
  if (judged.kind !== 'refused') return { step, outcome: judged.kind, message, error };
  return { step, outcome: 'refused', message, reason: reasonOf(error), remembered: false, lookAgainMs: refusedForMs };
}

function reasonOf(error: unknown): RefusalReason {
  const causes = error instanceof ApiError ? error.causes : [];
  return causes.some(({ reason }) => reason === 'NamespaceTerminating') ? 'NamespaceTerminating' : 'Refused';
}

/** A write that the API server took and stored otherwise: admission has a rule of its own. */
export function changedByAdmission<S>(step: S, name: string, changed: readonly ChangedField[]): RefusedStep<S> {
  const fields = changed.map(
    ({ path, asked, found }) => `${path} of ${name} at ${inShort(found)} (asked: ${inShort(asked)})`,
  );
  const message = `admission keeps ${fields.slice(0, 3).join(', ')}`;
  return { step, outcome: 'refused', message, reason: 'Contested', remembered: false, lookAgainMs: refusedForMs };
}
