import type { Clock } from '../engine/clock.ts';
import type { LastLooks } from './freshly.ts';
import type { Refusals, WriteOwner } from './refusals.ts';
import { failedOrNotPermitted } from './permission.ts';
import type { StepResult } from './result.ts';
import { holdsBack } from './trial.ts';
import type { Trial } from './trial.ts';
import type { Writing } from './write.ts';

/** What an attempt to write needs: whose write it is, and which writes were refused before. */
export interface Acting extends Writing {
  readonly owner: WriteOwner;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly lastLooks: LastLooks;
}

/** A trial, and how it is sent. */
interface SentTrial<S> extends Trial {
  readonly send: () => Promise<StepResult<S>>;
}

/** Sends a step unless it was refused lately or the same was sent too often. Never rejects: the result tells all. */
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
