import type { Clock } from '../engine/clock.ts';
import type { Content } from './pace.ts';
import type { Owner, Refusal, Refusals } from './refusals.ts';
import { failed } from './result.ts';
import type { StepResult } from './result.ts';
import type { Writing } from './write.ts';

/** What trying a write needs: whose it is, and which writes were refused before. */
export interface Attempting extends Writing {
  readonly owner: Owner;
  readonly refusals: Refusals;
  readonly clock: Clock;
}

/** One write: what a refusal of it is remembered by, and how it is sent. */
export interface Attempt<S> {
  readonly name: string;
  /** What it says: the same is not written to the same object again and again without a pause. */
  readonly content?: Content | undefined;
  /** The longest such pause, in ms. */
  readonly mostMs?: number | undefined;
  readonly send: () => Promise<StepResult<S>>;
}

/** Sends a step unless it was refused lately; never rejects, what went wrong is in the result. */
export async function attempt<S>(step: S, trying: Attempting, trial: Attempt<S>): Promise<StepResult<S>> {
  const { name, send, content } = trial;
  const { owner, refusals, clock } = trying;
  const refusal = refusals.find(owner, name, clock.monotonicMs()) ?? tooSoon(trial, trying);
  if (refusal !== undefined) return { step, outcome: 'refused', remembered: true, ...refusal };
  const result = await send().catch((error: unknown) => failed(step, error));
  if (result.outcome !== 'refused') {
    refusals.forget(owner, name);
    if (result.outcome === 'done' && content !== undefined) {
      refusals.pace.wrote(owner.uid, content, clock.monotonicMs());
    }
    return result;
  }
  const { message, reason } = result;
  return { ...result, retryMs: refusals.remember(owner, name, { message, reason, atMs: clock.monotonicMs() }) };
}

/** Why the write has to wait for a while although nobody refused it. */
function tooSoon<S>({ name, content, mostMs = Infinity }: Attempt<S>, trying: Attempting): Refusal | undefined {
  const { owner, refusals, clock } = trying;
  if (content === undefined) return undefined;
  const retryMs = refusals.pace.waitMs(owner.uid, content, clock.monotonicMs(), mostMs);
  if (retryMs === 0) return undefined;
  const message = `${name}: the same was written again and again and does not stay so; it waits a little longer each time`;
  return { message, reason: 'TooManyWrites', retryMs };
}
