/*
 * How old a last look may be when it is acted on: 1 s where the API server is quick, three times what looks take lately where it
 * is slow, 5 s at most. What happens between look and write cannot break what the guard has promised:
 *
 * - the zone's own Deployment: the write carries the version that was looked at, and is refused after any change;
 * - evictions: the budget has set the victims apart, so what it lets go meanwhile leaves demand without them (0003);
 * - a loss: what is left after the write survives what is declared, a loss just before it as one just after it;
 * - marks and times only ripen, and nobody else shrinks: one leader, one pass a station at a time.
 *
 * What age adds is time in which a second loss, more than is declared, goes unseen. 5 s add little to what nobody sees: that
 * is how often Kubernetes looks at nodes, and a dead one is seen after 25 s at the soonest.
 */
import type { Clock } from '../engine/clock.ts';
import { ApiError } from '../kube/errors.ts';

const AT_LEAST_MS = 1_000;
const AT_MOST_MS = 5_000;
/** A look that takes so many times the usual is none of the server's pace. */
const TIMES_USUAL = 3;
/** Looks of which the middle one is the usual. */
const LOOKS = 9;

/** Last looks before what cannot be undone, and how long they take lately. */
export class LastLooks {
  readonly #clock: Clock;
  #tookMs: readonly number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks a last time; rejects with a `timeout` when that took too long for what was seen to be acted on. */
  async freshly<T>(doing: string, look: () => Promise<T>): Promise<T> {
    const beganMs = this.#clock.monotonicMs();
    const seen = await look();
    const tookMs = Math.round(this.#clock.monotonicMs() - beganMs);
    const allowedMs = this.#allowedMs();
    this.#tookMs = [...this.#tookMs, tookMs].slice(-LOOKS);
    if (tookMs <= allowedMs) return seen;
    const why = `looking again took ${tookMs} ms; what is older than ${allowedMs} ms is not acted on: the API server is slow, it is tried again`;
    throw new ApiError({ code: 'timeout', doing, why });
  }

  #allowedMs(): number {
    const inOrder = this.#tookMs.toSorted((a, b) => a - b);
    const usualMs = inOrder[Math.floor(inOrder.length / 2)] ?? 0;
    return Math.min(AT_MOST_MS, Math.max(AT_LEAST_MS, TIMES_USUAL * usualMs));
  }
}
