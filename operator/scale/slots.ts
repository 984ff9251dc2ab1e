/** How many things are done side by side: of all, and of each owner. */
export interface SlotCounts {
  readonly all: number;
  readonly each: number;
}

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets so many things be done side by side. Owners are served in turn, and none has more than its share: what hangs for one
 * keeps few from the others.
 */
export class Slots {
  readonly #counts: SlotCounts;
  #running = 0;
  /** By owner; the one that was served last is the last. */
  readonly #lines = new Map<string, Line>();

  constructor(counts: SlotCounts) {
    this.#counts = counts;
  }

  async use<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(owner) ?? { running: 0, waiting: [] };
    this.#lines.set(owner, line);
    await new Promise<void>((resolve) => {
      line.waiting.push(resolve);
      this.#serve();
    });
    try {
      return await work();
    } finally {
      line.running -= 1;
      this.#running -= 1;
      if (line.running === 0 && line.waiting.length === 0) this.#lines.delete(owner);
      this.#serve();
    }
  }

  #serve(): void {
    while (this.#running < this.#counts.all) {
      const next = this.#next();
      if (next === undefined) return;
      const [owner, line] = next;
      this.#lines.delete(owner);
      this.#lines.set(owner, line);
      line.running += 1;
      this.#running += 1;
      line.waiting.shift()?.();
    }
  }

  #next(): readonly [string, Line] | undefined {
    for (const entry of this.#lines) {
      const [, { running, waiting }] = entry;
      if (waiting.length > 0 && running < this.#counts.each) return entry;
    }
    return undefined;
  }
}
