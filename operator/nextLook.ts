import type { StepResult } from './apply/result.ts';
import { done } from './engine/outcome.ts';
import type { Outcome } from './engine/outcome.ts';
import type { Reported } from './report/reporting.ts';

/** What one pass came to. */
export interface Pass<S> {
  readonly results: readonly StepResult<S>[];
  readonly reported: Reported;
  /** Ages after which waits are over, in ms; undefined: an event will tell. */
  readonly waitsMs: readonly (number | undefined)[];
}

/** After a write the stores usually tell when to look; this is for the answer that told nothing new. */
const afterWriteMs = 1_000;
/** A fresh look decided otherwise: the stores will have caught up by then. */
const afterChangeMs = 500;

/** When to look again, by the most urgent of: what failed, what was refused, what was written, what is waited for. */
export function nextLook<S>({ results, reported, waitsMs }: Pass<S>): Outcome {
  const retry = results.map(retryOf).find((outcome) => outcome !== undefined);
  if (retry !== undefined) return retry;
  if (!reported.told) return { kind: 'retry', error: reported.error };
  const afterMs = Math.min(...waitsMs.filter((ms) => ms !== undefined), ...results.map(lookAfterMs));
  return Number.isFinite(afterMs) ? { kind: 'again', afterMs } : done;
}

/** Failures that back off: each further one of the same key waits longer. */
function retryOf<S>(result: StepResult<S>): Outcome | undefined {
  switch (result.outcome) {
    case 'trouble': {
      const { error, retryAfterMs } = result;
      return retryAfterMs === undefined ? { kind: 'retry', error } : { kind: 'retry', error, afterMs: retryAfterMs };
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

function lookAfterMs<S>(result: StepResult<S>): number {
  if (result.outcome === 'done') return afterWriteMs;
  if (result.outcome === 'changed') return afterChangeMs;
  return result.outcome === 'refused' ? result.retryMs : Infinity;
}
