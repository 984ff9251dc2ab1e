import { sleepOn } from '../../../operator/engine/clock.ts';
import type { Clock, Timer } from '../../../operator/engine/clock.ts';
import type { Agenda } from './agenda.ts';
import { epochMs } from './raw.ts';

/** The clock of one process: its timers end with it. */
export class SimClock implements Clock {
  readonly #agenda: Agenda;
  #isStopped = false;
  readonly sleep: Clock['sleep'] = sleepOn((afterMs, fire) => this.setTimer(afterMs, fire));

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  monotonicMs(): number {
    return this.#agenda.nowMs;
  }

  now(): Date {
    return new Date(epochMs + this.#agenda.nowMs);
  }

  setTimer(afterMs: number, fire: () => void): Timer {
    return this.#agenda.after(afterMs, () => {
      if (this.#isStopped) return;
      this.#agenda.stir();
      fire();
    });
  }

  stop(): void {
    this.#isStopped = true;
  }
}
