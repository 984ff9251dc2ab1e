import type { Clock } from '../engine/clock.ts';
import type { LastLooks } from './freshly.ts';
import type { Owner, Refusals } from './refusals.ts';
import { failed } from './result.ts';
import type { StepResult } from './result.ts';
import type { Writing } from './write.ts';

/** What trying a write needs: whose it is, and which writes were refused before. */
export interface Attempting extends Writing {
  readonly owner: Owner;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly lastLooks: LastLooks;
}

/** One write: what a refusal of it is remembered by, and how it is sent. */
export interface Attempt<S> {
  readonly name: string;
  readonly send: () => Promise<StepResult<S>>;
}

/** Sends a step unless it was refused lately; never rejects, what went wrong is in the result. */
export async function attempt<S>(step: S, trying: Attempting, { name, send }: Attempt<S>): Promise<StepResult<S>> {
  const { owner, refusals, clock } = trying;
  const refusal = refusals.find(owner, name, clock.monotonicMs());
  if (refusal !== undefined) return { step, outcome: 'refused', remembered: true, ...refusal };
  const result = await send().catch((error: unknown) => failed(step, error));
  if (result.outcome !== 'refused') {
    refusals.forget(owner, name);
    return result;
  }
  const { message, reason } = result;
  return { ...result, retryMs: refusals.remember(owner, name, { message, reason, atMs: clock.monotonicMs() }) };
}
