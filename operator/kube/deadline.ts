import type { Clock, Timer } from '../engine/clock.ts';
import { ApiError } from './errors.ts';

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly doing: string;
  /** The callers' signals: the call ends when one of them is aborted. */
  readonly outer: readonly AbortSignal[];
}

/** Aborts `signal` with an `ApiError` when a time limit, which can be set again, is over or a caller's signal aborts. */
export class Deadline {
  readonly #options: DeadlineOptions;
  readonly #controller = new AbortController();
  readonly #abort = (): void => this.#end('aborted', 'stopped by the caller');
  #timer: Timer | undefined;

  constructor(options: DeadlineOptions) {
    this.#options = options;
    for (const signal of options.outer) {
      if (signal.aborted) this.#abort();
      else signal.addEventListener('abort', this.#abort, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Allows at most this long from now on; `missing` says what did not come in time. */
  allow(ms: number, missing: string): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(ms, () => this.#end('timeout', `${missing} within ${ms / 1000} s`));
  }

  /** Stops counting and listening; the signal stays as it is. */
  clear(): void {
    this.#timer?.cancel();
    for (const signal of this.#options.outer) signal.removeEventListener('abort', this.#abort);
  }

  #end(code: 'timeout' | 'aborted', why: string): void {
    this.clear();
    this.#controller.abort(new ApiError({ code, doing: this.#options.doing, why }));
  }
}
