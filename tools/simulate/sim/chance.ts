/** A seeded source of chance (mulberry32): the same seed gives the same run. */
export class Chance {
  #state: number;
  readonly #slow: number;

  /** `slow`: the share of lags that are long. */
  constructor(seed: number, slow = 0.1) {
    this.#state = seed >>> 0;
    this.#slow = slow;
  }

  /** A number from 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)];
  }

  /** How long a cache or a queue takes: a few milliseconds, or up to half a second. */
  lagMs(): number {
    return this.next() < this.#slow ? this.between(50, 500) : this.between(1, 30);
  }
}
