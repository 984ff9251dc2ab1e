import { isIrreversible, sameStepIn } from '../../../operator/apply/recheck.ts';
import type { Plan, Step } from '../../../operator/plan/plan.ts';
import type { Cluster } from './cluster.ts';
import { Looker } from './looker.ts';
import { write } from './writes.ts';

/** The operator's loop: look, plan, write step by step, look again; it can be stopped in the middle and starts without memory. */
export class Operator {
  readonly #cluster: Cluster;
  #looker: Looker | undefined;
  /** Counts starts and stops, so that what was under way before one does not go on after it. */
  #life = 0;
  #busy = false;
  #again = false;
  #timer = 0;
  #crashIn = Number.POSITIVE_INFINITY;
  #downSinceMs: number | undefined;
  #upSinceMs = 0;
  lastPlan: Plan | undefined;
  /** Every step written so far, for a failing run's story. */
  readonly written: { readonly atMs: number; readonly step: Step; readonly done: boolean }[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.start();
  }

  /** Since when it has been down; after a start, for a while, since when it had been. */
  get blindSinceMs(): number | undefined {
    const settled = this.#looker !== undefined && this.#cluster.agenda.nowMs - this.#upSinceMs > 10_000;
    return settled ? undefined : this.#downSinceMs;
  }

  get isUp(): boolean {
    return this.#looker !== undefined;
  }

  start(): void {
    if (this.#looker !== undefined) return;
    this.#life += 1;
    this.#upSinceMs = this.#cluster.agenda.nowMs;
    this.#looker = new Looker(this.#cluster, () => this.#wake());
    this.#wake();
  }

  stop(): void {
    if (this.#looker === undefined) return;
    this.#life += 1;
    this.#busy = false;
    this.#again = false;
    this.#downSinceMs = this.#cluster.agenda.nowMs;
    this.#looker.close();
    this.#looker = undefined;
  }

  /** Stops it right after the n-th write from now, and starts it again some seconds later. */
  crashAfter(writes: number): void {
    this.#crashIn = writes;
  }

  #wake(): void {
    this.#lookIn(this.#cluster.chance.between(1, 20));
  }

  #lookIn(delayMs: number): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    if (delayMs < 100) this.#busy = true;
    this.#timer += 1;
    const [timer, life] = [this.#timer, this.#life];
    this.#cluster.agenda.after(delayMs, () => {
      if (life === this.#life && timer === this.#timer) this.#pass();
    });
  }

  #pass(): void {
    this.#busy = true;
    this.#again = false;
    const plan = this.#looker?.plan();
    this.lastPlan = plan;
    if (plan === undefined) this.#finish(false, undefined);
    else this.#perform(plan, 0);
  }

  #perform(plan: Plan, index: number): void {
    const step = plan.steps[index];
    if (step === undefined) {
      const waits = plan.waits.flatMap((wait) => wait.lookAgainMs ?? []);
      this.#finish(plan.steps.length > 0, waits.length === 0 ? undefined : Math.min(...waits));
      return;
    }
    this.#later(3, 30, () => {
      if (!isIrreversible(step)) {
        this.#write(plan, index, step);
        return;
      }
      const anew = this.#looker?.planAnew();
      const fresh = anew && sameStepIn(anew, step);
      this.#later(3, 60, () => this.#write(plan, index, fresh));
    });
  }

  #write(plan: Plan, index: number, step: Step | undefined): void {
    const written = step && write(this.#cluster, step);
    const told = step ?? plan.steps[index];
    if (told !== undefined)
      this.written.push({ atMs: this.#cluster.agenda.nowMs, step: told, done: written !== undefined });
    this.#crashIn -= 1;
    if (this.#crashIn <= 0) {
      this.#crash();
      return;
    }
    this.#looker?.learn(written ?? []);
    if (written === undefined) this.#finish(true, undefined);
    else this.#perform(plan, index + 1);
  }

  #later(lowMs: number, highMs: number, run: () => void): void {
    const life = this.#life;
    this.#cluster.agenda.after(this.#cluster.chance.between(lowMs, highMs), () => {
      if (life === this.#life) run();
    });
  }

  #crash(): void {
    this.#crashIn = Number.POSITIVE_INFINITY;
    this.stop();
    this.#cluster.agenda.after(this.#cluster.chance.between(1000, 30_000), () => this.start());
  }

  #finish(wrote: boolean, lookAgainMs: number | undefined): void {
    this.#busy = false;
    if (wrote) this.#lookIn(this.#cluster.chance.between(20, 90));
    else if (this.#again) this.#wake();
    else if (lookAgainMs !== undefined) this.#lookIn(Math.max(100, lookAgainMs));
  }
}
