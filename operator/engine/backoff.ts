export interface BackoffOptions {
  /** The first wait; each further one is twice as long. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** A number in [0, 1), as `Math.random` gives. */
  readonly random: () => number;
  /** How many keys are remembered at most; the one that failed longest ago is forgotten first. */
  readonly limit?: number;
}

/** The wait before attempt `failures + 1`: `base · 2^(failures-1)`, at most `max`, and at random up to a fifth less. */
export function backoffMs(failures: number, options: Omit<BackoffOptions, 'limit'>): number {
  const fullMs = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(failures - 1, 60));
  return fullMs * (1 - 0.2 * options.random());
}

/** Counts the failures of each key, and says how long to wait after each failure. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #limit: number;
  readonly #failures = new Map<string, number>();

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#limit = options.limit ?? 10_000;
  }

  /** Counts one more failure of `key` and returns the wait after it, in milliseconds. */
  nextMs(key: string): number {
    const failures = this.failures(key) + 1;
    // Deleting first moves the key to the end, so that the first key is the one that failed longest ago.
    this.#failures.delete(key);
    this.#failures.set(key, failures);
    if (this.#failures.size > this.#limit) {
      for (const [oldest] of this.#failures) {
        this.#failures.delete(oldest);
        break;
      }
    }
    return backoffMs(failures, this.#options);
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
