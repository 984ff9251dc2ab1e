import type { Timer } from '../../../operator/engine/clock.ts';

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** The fake clock: things to do at simulated times, done in order of time and, at one time, in the order they were set. */
export class Agenda {
  #nowMs = 0;
  #order = 0;
  #isStirred = false;
  readonly #heap: Entry[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs `run` after this many simulated milliseconds. */
  after(delayMs: number, run: () => void): Timer {
    this.#order += 1;
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, run, isCancelled: false };
    this.#push(entry);
    return { cancel: () => void (entry.isCancelled = true) };
  }

  /** Says that a promise was resolved: what waits for it goes on before anything else happens. */
  stir(): void {
    this.#isStirred = true;
  }

  /** Does everything due up to `untilMs` and leaves the clock there; `look` is called after each, and what it throws ends it. */
  async run(untilMs: number, look: () => void = () => undefined): Promise<void> {
    if (this.#isStirred) await this.#calm();
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      if (next.isCancelled) continue;
      this.#nowMs = next.atMs;
      next.run();
      // Most entries resolve nothing: those cost no turn of Node's event loop.
      if (this.#isStirred) await this.#calm();
      look();
    }
    this.#nowMs = untilMs;
  }

  /** Lets all promises go on that can: Node empties that queue before it comes to what was set by `setImmediate`. */
  async #calm(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#isStirred = false;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
