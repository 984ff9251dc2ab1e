import { sleepOn } from '../../operator/engine/clock.ts';
import type { Clock, Timer } from '../../operator/engine/clock.ts';

interface Waiting {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that stands still until told: `advance` runs what falls due, in order; `jump` moves only the date. */
export class FakeClock implements Clock {
  readonly sleep: Clock['sleep'] = sleepOn((afterMs, fire) => this.setTimer(afterMs, fire));
  #monotonicMs = 1_000;
  #dateMs: number;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(date = '2026-01-02T03:04:05.000Z') {
    this.#dateMs = Date.parse(date);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  now(): Date {
    return new Date(this.#dateMs);
  }

  setTimer(afterMs: number, fire: () => void): Timer {
    const waiting = { dueMs: this.#monotonicMs + Math.max(afterMs, 0), order: this.#order++, fire };
    this.#waiting.add(waiting);
    return { cancel: () => void this.#waiting.delete(waiting) };
  }

  /** Moves time on by `ms`, firing each timer at its moment and letting what it woke run before the next. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#firstDue(untilMs); next !== undefined; next = this.#firstDue(untilMs)) {
      this.#waiting.delete(next);
      this.#moveTo(next.dueMs);
      next.fire();
      await settle();
    }
    this.#moveTo(untilMs);
    await settle();
  }

  /** Moves the date alone, as an administrator or a time server does; monotonic time and timers do not notice. */
  jump(ms: number): void {
    this.#dateMs += ms;
  }

  /** How many timers are set: 0 at the end of a test shows that nothing was left behind. */
  get pending(): number {
    return this.#waiting.size;
  }

  #firstDue(untilMs: number): Waiting | undefined {
    const due = [...this.#waiting].filter((waiting) => waiting.dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
  }

  #moveTo(monotonicMs: number): void {
    this.#dateMs += Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs = Math.max(monotonicMs, this.#monotonicMs);
  }
}

/** Lets every promise that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
