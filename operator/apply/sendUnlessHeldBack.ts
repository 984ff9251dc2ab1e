import type { Clock } from '../engine/clock.ts';
import type { LastLooks } from './freshly.ts';
import type { Refusals, WriteOwner } from './refusals.ts';
import { failedOrNotPermitted } from './permission.ts';
import type { StepResult } from './result.ts';
import { holdsBack } from './trial.ts';
import type { Trial } from './trial.ts';
import type { Writing } from './write.ts';

/** What an attempt to write needs: the owner of the write, and which writes were refused before. */
export interface Acting extends Writing {
  readonly owner: WriteOwner;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly lastLooks: LastLooks;
}

/** A trial, with the function that sends it. */
interface SentTrial<S> extends Trial {
  readonly send: () => Promise<StepResult<S>>;
}

/**
 * Sends a step unless it was refused lately, or the same content was sent too often. Never rejects: an error is part of
 * the result.
 */
export async function sendUnlessHeldBack<S>(step: S, acting: Acting, trial: SentTrial<S>): Promise<StepResult<S>> {
  const { name, send, content } = trial;
  const { owner, refusals, clock, client } = acting;
  const refusal = holdsBack(trial, acting, clock.monotonicMs());
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
    lookAgainMs: refusals.remember(
      owner,
      { name, hash: content?.hash },
      { message, reason, atMs: clock.monotonicMs() },
    ),
  };
}
