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
 * - `changed`: the plan that was made again just before an irreversible step no longer has it; nothing was sent.
 * - `stale`, `gone`: the object has changed or is gone since we looked; look again.
 * - `refused`: the API server refused it. If `remembered`, it did so earlier, and nothing was sent now. It is tried
 *   again after `lookAgainMs`.
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

/**
 * Turns the error of a failed write into a result. Whether a right is missing is not decided here: permission.ts asks.
 */
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

/** A write that the API server accepted, but stored with other values, because an admission rule changed them. */
export function changedByAdmission<S>(step: S, name: string, changed: readonly ChangedField[]): RefusedStep<S> {
  const fields = changed.map(
    ({ path, asked, found }) => `${path} of ${name} at ${inShort(found)} (asked: ${inShort(asked)})`,
  );
  const message = `admission keeps ${fields.slice(0, 3).join(', ')}`;
  return { step, outcome: 'refused', message, reason: 'Contested', remembered: false, lookAgainMs: refusedForMs };
}
