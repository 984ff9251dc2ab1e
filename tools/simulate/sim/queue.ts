import type { Agenda } from './agenda.ts';

/** A work queue: a key that waits already is not queued twice, and is done some time after it was first added. */
export class Queue {
  readonly #waiting = new Set<string>();
  readonly #agenda: Agenda;
  readonly #delayMs: () => number;
  readonly #work: (key: string) => void;

  constructor(agenda: Agenda, delayMs: () => number, work: (key: string) => void) {
    this.#agenda = agenda;
    this.#delayMs = delayMs;
    this.#work = work;
  }

  add(key: string): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#agenda.after(this.#delayMs(), () => {
      this.#waiting.delete(key);
      this.#work(key);
    });
  }
}
