import type { Clock } from '../engine/clock.ts';
import { ApiError } from '../kube/errors.ts';

/** A last look that began longer ago than this is not fresh any more. */
const freshForMs = 1_000;

/** Looks a last time; rejects with a `timeout` when that took too long for what was seen to be acted on. */
export async function freshly<T>(clock: Clock, doing: string, look: () => Promise<T>): Promise<T> {
  const beganMs = clock.monotonicMs();
  const seen = await look();
  const tookMs = Math.round(clock.monotonicMs() - beganMs);
  if (tookMs <= freshForMs) return seen;
  throw new ApiError({ code: 'timeout', doing, why: `looking again took ${tookMs} ms, too long to act on` });
}
