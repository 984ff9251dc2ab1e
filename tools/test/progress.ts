import { duration } from '../cluster/assets/progress.ts';
import type { Job } from './jobs.ts';

/** How far the jobs are: says so when one ends, and each half minute in which none does. */
export class Progress {
  readonly #total: number;
  readonly #running = new Map<Job, number>();
  readonly #timer: NodeJS.Timeout;
  #done = 0;

  constructor(total: number) {
    this.#total = total;
    this.#timer = setInterval(() => this.#say(), 30_000);
  }

  began(job: Job): void {
    this.#running.set(job, performance.now());
  }

  /** Returns how many seconds the job took. */
  ended(job: Job): number {
    const seconds = this.#secondsOf(job);
    this.#running.delete(job);
    this.#done += 1;
    return seconds;
  }

  /** One line: how many are done, and what runs for how long. */
  said(): void {
    this.#say();
    this.#timer.refresh();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #say(): void {
    const running = [...this.#running.keys()].map((job) => `${job.title} (${duration(this.#secondsOf(job))})`);
    if (running.length > 0) console.log(`${this.#done} of ${this.#total} done; ${running.join(', ')}`);
  }

  #secondsOf(job: Job): number {
    return (performance.now() - (this.#running.get(job) ?? 0)) / 1000;
  }
}
