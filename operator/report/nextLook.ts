import { failed } from '../apply/result.ts';
import type { StepResult } from '../apply/result.ts';
import { done } from '../engine/outcome.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Reported } from './reporting.ts';

/** What one pass did and found. */
export interface Pass<S> {
  readonly results: readonly StepResult<S>[];
  readonly reported: Reported;
  /** In how many ms each wait is over. Undefined: an event will start a pass. */
  readonly waitsMs: readonly (number | undefined)[];
}

/**
 * The shortest pause without an event. Without it, a wait that is over and changes nothing would keep the process busy.
 */
const leastMs = 50;
/**
 * After a write, its event usually starts the next look. This is for a write that changed nothing, and so causes no
 * event.
 */
const afterWriteMs = 1_000;
/** After a fresh read led to another plan than the stores did. By then the stores have the newer state too. */
const afterChangeMs = 500;

/**
 * Says when to look again. If a step failed, the retry backs off. Otherwise the earliest time counts: a refused write
 * is tried again, a write should show its effect, a wait is over, or a status that waits is due.
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

/** The retry after a failure. Each further failure of the same key waits longer. */
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
