import type { StepResult } from '../../../operator/apply/result.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { Plan, Step } from '../../../operator/model/plan.ts';
import { Chance } from './chance.ts';
import type { Write } from './client.ts';
import type { Cluster } from './cluster.ts';
import { controllersUnder } from './eyes.ts';
import type { Eyes } from './eyes.ts';
import { Life } from './life.ts';
import type { Spent, WatchedLeases } from './life.ts';
import type { Kind } from './objects.ts';
import { epochMs } from './raw.ts';
import type { Stock } from './server.ts';
import { Suspicion } from './suspicion.ts';

/** A step that was sent, or tried. */
export interface Written {
  readonly atMs: number;
  readonly step: Step;
  /** The API server took it. */
  readonly done: boolean;
}

/** Who judges each step when it is about to be sent, by what it rests on, and whom a fault is told to. */
export interface Bench {
  readonly judge: (step: Step, seen: Stock) => void;
  readonly fail: (error: unknown) => void;
  /** Undefined: it watches none. */
  readonly watchedLeases: WatchedLeases | undefined;
}

/** The operator as it is, process after process: it can be stopped in the middle of whatever it does, and starts without memory. */
export class Operator implements Eyes {
  readonly #cluster: Cluster;
  readonly #bench: Bench;
  readonly #suspicion = new Suspicion();
  readonly #random: Chance;
  #life: Life | undefined;
  /** The step of the station that was sent last. */
  #sent: Step | undefined;
  #crashIn = Number.POSITIVE_INFINITY;
  #freezes = false;
  #downSinceMs: number | undefined;
  #deafSinceMs: number | undefined;
  #upSinceMs = 0;
  lastPlan: Plan | undefined;
  /** Writes that the API server took, but for words. */
  writes = 0;
  /** What it has done besides, all processes together. */
  readonly spent: Spent = { looks: 0, statuses: 0, events: 0 };
  /** Where a rule asked for more pods than the growth bound allows, in its words. */
  readonly bounded: string[] = [];
  /** Every step of the station so far, for a failing run's story. */
  readonly written: Written[] = [];

  constructor(cluster: Cluster, seed: number, bench: Bench) {
    this.#cluster = cluster;
    this.#bench = bench;
    this.#random = new Chance(seed);
    this.start();
  }

  /** Since when it has been down, or not told of everything; after that, for a while, since when it had been. */
  get blindSinceMs(): number | undefined {
    const settled = this.#life !== undefined && this.#cluster.agenda.nowMs - this.#upSinceMs > 10_000;
    const since = [settled ? undefined : this.#downSinceMs, this.#deafSinceMs].filter((ms) => ms !== undefined);
    return since.length === 0 ? undefined : Math.min(...since);
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  start(): void {
    if (this.#life !== undefined) return;
    this.#upSinceMs = this.#cluster.agenda.nowMs;
    this.#life = new Life(this.#cluster, {
      controllers: controllersUnder(this),
      suspicion: this.#bench.watchedLeases ?? this.#suspicion,
      random: () => this.#random.next(),
      arrives: (write) => this.#arrives(write),
      fail: this.#bench.fail,
      spent: this.spent,
    });
  }

  stop(): void {
    if (this.#life === undefined) return;
    this.#downSinceMs = this.#cluster.agenda.nowMs;
    this.#life.end();
    this.#suspicion.deafen();
    this.#life = undefined;
  }

  /** It hears nothing of a kind for so long. */
  missEvents(kind: Kind, forMs: number): void {
    if (this.#life === undefined) return;
    this.#life.missEvents(kind, forMs);
    this.#isDeafFor(forMs);
  }

  /** It hears of no Lease for so long. */
  missLeases(forMs: number): void {
    if (this.#life === undefined) return;
    this.#life.missLeases(forMs);
    this.#isDeafFor(forMs);
  }

  #isDeafFor(forMs: number): void {
    const { agenda } = this.#cluster;
    this.#deafSinceMs ??= agenda.nowMs;
    const sinceMs = this.#deafSinceMs;
    agenda.after(forMs + 10_000, () => {
      if (this.#deafSinceMs === sinceMs) this.#deafSinceMs = undefined;
    });
  }

  /** The node's Lease, renewed for the last time so long ago that it is suspect, is not renewed for so long. */
  suspect(node: string, forMs: number): void {
    const { agenda } = this.#cluster;
    const { watchedLeases } = this.#bench;
    if (watchedLeases !== undefined) {
      watchedLeases.leases.freeze(node, watchedLeases.suspectAfterMs + forMs);
      return;
    }
    const renewedAt = Math.floor((epochMs + agenda.nowMs) / 1000) - 25;
    this.#suspicion.set(node, renewedAt);
    agenda.after(forMs, () => {
      if (this.#suspicion.suspects.get(node) === renewedAt) this.#suspicion.set(node, undefined);
    });
  }

  /**
   * At its next write with a condition it is stopped in its tracks; another takes over, and much later the write arrives all
   * the same. A write without one is not sent any more: a leader asks whether it leads right before it sends.
   */
  replace(): void {
    this.#freezes = true;
  }

  /** Stops it right after the n-th write from now, and starts it again some seconds later. */
  crashAfter(writes: number): void {
    this.#crashIn = writes;
  }

  planned(plan: Plan): void {
    this.lastPlan = plan;
    const held = plan.problems.filter(({ kind }) => kind === 'GrowthBounded');
    this.bounded.push(...held.map(({ message }) => message));
  }

  sends(step: Step, isLooked: boolean): void {
    const { server } = this.#cluster;
    this.#sent = step;
    try {
      this.#bench.judge(step, (isLooked ? this.#life?.client.lastLook : undefined) ?? server);
    } catch (error) {
      this.#bench.fail(error);
      throw error;
    }
  }

  ended(results: readonly StepResult<Step>[]): void {
    for (const { step, outcome } of results) if (outcome !== 'done') this.#note(step, false);
  }

  #arrives(write: Write): boolean {
    const step = write.at.resource === stations ? undefined : this.#sent;
    // A shrink arrives late whether or not it has a condition: it had better.
    if (this.#freezes && step !== undefined && (write.isConditional || step.kind === 'shrink')) {
      this.#freeze(write, step);
      return false;
    }
    if (!write.send()) return true;
    this.writes += 1;
    if (step !== undefined) this.#note(step, true);
    this.#crashIn -= 1;
    if (this.#crashIn > 0) return true;
    this.#crash();
    return false;
  }

  /** One that takes several requests is one step. */
  #note(step: Step, done: boolean): void {
    const last = this.written.at(-1);
    if (last?.step === step && last.done === done) return;
    this.written.push({ atMs: this.#cluster.agenda.nowMs, step, done });
  }

  #freeze({ send }: Write, step: Step): void {
    const { agenda, chance } = this.#cluster;
    this.#freezes = false;
    this.stop();
    agenda.after(chance.between(1000, 15_000), () => this.start());
    agenda.after(chance.between(16_000, 120_000), () => this.#note(step, send()));
  }

  #crash(): void {
    this.#crashIn = Number.POSITIVE_INFINITY;
    this.stop();
    this.#cluster.agenda.after(this.#cluster.chance.between(1000, 30_000), () => this.start());
  }
}
