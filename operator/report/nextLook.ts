import { failed } from '../apply/result.ts';
import type { StepResult } from '../apply/result.ts';
import { done } from '../engine/outcome.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Reported } from './reporting.ts';

/** What came of one pass. */
export interface Pass<S> {
  readonly results: readonly StepResult<S>[];
  readonly reported: Reported;
  /** After how long each wait is over, in ms; undefined: an event will tell. */
  readonly waitsMs: readonly (number | undefined)[];
}

/** The least pause without an event: a wait that is over and changes nothing must not keep the process busy. */
const leastMs = 50;
/** After a write an event usually starts the next look; this is for a write whose answer brought nothing new. */
const afterWriteMs = 1_000;
/** After a fresh look decided something else than the stores: they will have caught up by then. */
const afterChangeMs = 500;

/**
 * When to look again. What failed backs off; otherwise the soonest counts of what was refused, was written, is waited
 * for or is yet to be told.
 */
export function nextLook<S>({ results, reported, waitsMs }: Pass<S>): Outcome {
  // A status is one more write, and is judged like the others.
  const all: readonly StepResult<unknown>[] =
    reported.told === false ? [...results, failed('status', reported.error)] : results;
  const [retry, ...others] = all.map(retryOf).filter((outcome) => outcome !== undefined);
  if (retry !== undefined) {
    const lookAgainMs = Math.max(...[retry, ...others].map((each) => each.lookAgainMs ?? 0));
    return { ...retry, ...(lookAgainMs === 0 ? {} : { lookAgainMs }) };
  }
  const toldMs = reported.told === 'later' ? reported.lookAgainMs : Infinity;
  const lookAgainMs = Math.min(toldMs, ...waitsMs.filter((ms) => ms !== undefined), ...all.map(lookAfterMs));
  return Number.isFinite(lookAgainMs) ? { kind: 'again', lookAgainMs: Math.max(leastMs, lookAgainMs) } : done;
}

/** Failures that back off: each further one of the same key waits longer. */
function retryOf(result: StepResult<unknown>): Extract<Outcome, { kind: 'retry' }> | undefined {
  switch (result.outcome) {
    case 'trouble': {
      const { error, retryAfterMs } = result;
      return retryAfterMs === undefined
        ? { kind: 'retry', error }
        : { kind: 'retry', error, lookAgainMs: retryAfterMs };
    }
    case 'stale':
    case 'gone':
      return { kind: 'retry', error: result.error };
    case 'done':
    case 'changed':
    case 'refused':
      break;
  }
  return undefined;
}

function lookAfterMs(result: StepResult<unknown>): number {
  if (result.outcome === 'done') return afterWriteMs;
  if (result.outcome === 'changed') return afterChangeMs;
  return result.outcome === 'refused' ? result.lookAgainMs : Infinity;
}
