import type { Clock } from '../engine/clock.ts';
import type { LastLooks } from './freshly.ts';
import { failedOrNotPermitted } from './permission.ts';
import type { Owner, Refusals } from './refusals.ts';
import type { StepResult } from './result.ts';
import { holdsBack } from './trial.ts';
import type { Trial } from './trial.ts';
import type { Writing } from './write.ts';

/** What trying a write needs: whose it is, and which writes were refused before. */
export interface Attempting extends Writing {
  readonly owner: Owner;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly lastLooks: LastLooks;
}

/** One write, and how it is sent. */
export interface Attempt<S> extends Trial {
  readonly send: () => Promise<StepResult<S>>;
}

/** Sends a step unless it was refused lately, or the same was sent too often; never rejects, what went wrong is in the result. */
export async function attempt<S>(step: S, trying: Attempting, trial: Attempt<S>): Promise<StepResult<S>> {
  const { name, send, content } = trial;
  const { owner, refusals, clock, client } = trying;
  const refusal = holdsBack(trial, trying, clock.monotonicMs());
  if (refusal !== undefined) return { step, outcome: 'refused', remembered: true, ...refusal };
  const result = await send().catch((error: unknown) => failedOrNotPermitted(step, error, client));
  if (result.outcome !== 'refused') {
    refusals.forget(owner, name);
    if (result.outcome === 'done' && content !== undefined) {
      refusals.pace.wrote(owner.uid, content, clock.monotonicMs());
    }
    return result;
  }
  const { message, reason } = result;
  return {
    ...result,
    retryMs: refusals.remember(owner, { name, hash: content?.hash }, { message, reason, atMs: clock.monotonicMs() }),
  };
}
