/*
 * How old a last look may be when it is acted on: 1 s while the API server is quick; three times what looks took lately
 * while it is slow; 5 s at most. Nothing that happens between the look and the write can break what the guard has
 * promised:
 *
 * - The zone's Deployment changes: the write carries the version that was looked at, and is refused after any change.
 * - Pods are evicted: the budget has set the victims apart, so the evictions that it grants meanwhile leave demand met
 *   without the victims (decision 0003).
 * - A loss: what is left after the write survives the declared losses, no matter whether the loss comes just before the
 *   write or just after it.
 * - Marks and ages only grow older, and nothing else shrinks: there is one leader, and one pass of a station at a time.
 *
 * With an older look, a second loss, more than is declared, may go unseen for longer. 5 s add little to that:
 * Kubernetes looks at nodes every 5 s, and a dead node is seen after 25 s at the soonest.
 */
import type { Clock } from '../engine/clock.ts';
import { ApiError } from '../kube/errors.ts';

const AT_LEAST_MS = 1_000;
const AT_MOST_MS = 5_000;
/** A look that takes longer than this many times the usual is too old, even if the API server is slow. */
const TIMES_USUAL = 3;
/** The usual time is the median of this many last looks. */
const LOOKS = 9;

/** Takes last looks before steps that cannot be undone, and remembers how long they took lately. */
export class LastLooks {
  readonly #clock: Clock;
  #tookMs: readonly number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Looks a last time. Rejects with a `timeout` when that took too long, so that what was seen is too old to act on.
   */
  async freshly<T>(doing: string, look: () => Promise<T>): Promise<T> {
    const beganMs = this.#clock.monotonicMs();
    const seen = await look();
    const tookMs = Math.round(this.#clock.monotonicMs() - beganMs);
    const allowedMs = this.#allowedMs();
    this.#tookMs = [...this.#tookMs, tookMs].slice(-LOOKS);
    if (tookMs <= allowedMs) return seen;
    const why = `looking again took ${tookMs} ms, and a look older than ${allowedMs} ms is too old to act on: the API server is slow; this is tried again`;
    throw new ApiError({ code: 'timeout', doing, why });
  }

  #allowedMs(): number {
    const inOrder = this.#tookMs.toSorted((a, b) => a - b);
    const usualMs = inOrder[Math.floor(inOrder.length / 2)] ?? 0;
    return Math.min(AT_MOST_MS, Math.max(AT_LEAST_MS, TIMES_USUAL * usualMs));
  }
}
