import type { Look } from './look.ts';
import { running } from './look.ts';

/** A service whose pods are counted. `demand` pods were promised, and it has `full` pods when nothing is wrong. */
export interface Measured {
  readonly service: string;
  readonly demand: number;
  readonly full: number;
}

/** What one event did to a service. */
export interface Reading {
  readonly now: number;
  readonly least: number;
  /** From the event to the last moment it had less than its full number; undefined while that lasts. */
  readonly wholeAfterMs: number | undefined;
  /** Time since the event. */
  readonly elapsedMs: number;
}

/** Counts the pods of one service that really run, from an event on. */
export class Gauge {
  readonly measured: Measured;
  readonly #beganMs: number;
  #now = 0;
  #least = Infinity;
  #lastShortMs: number | undefined;
  #nowMs: number;
  #whole = false;

  constructor(measured: Measured, nowMs: number) {
    this.measured = measured;
    this.#beganMs = nowMs;
    this.#nowMs = nowMs;
  }

  /** Takes one count at a moment of the monotonic clock. */
  count(seen: Look, nowMs: number): void {
    this.#now = running(seen, this.measured.service);
    this.#least = Math.min(this.#least, this.#now);
    this.#nowMs = nowMs;
    this.#whole = this.#now >= this.measured.full;
    if (!this.#whole) this.#lastShortMs = nowMs;
  }

  reading(): Reading {
    const sinceBegin = (this.#lastShortMs ?? this.#beganMs) - this.#beganMs;
    return {
      now: this.#now,
      least: this.#least,
      wholeAfterMs: this.#whole ? sinceBegin : undefined,
      elapsedMs: this.#nowMs - this.#beganMs,
    };
  }

  /** `oven ran 3 of 4` when it ever ran fewer than were promised. */
  broken(): string | undefined {
    const { service, demand } = this.measured;
    return this.#least < demand ? `${service} ran ${this.#least} of ${demand}` : undefined;
  }
}
