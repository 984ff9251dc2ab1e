import type { Clock } from '../../../operator/engine/clock.ts';
import { rowOf } from '../../../operator/apply/step.ts';
import { stationSteps } from '../../../operator/apply/station/steps.ts';
import { changedInAnswer } from '../../../operator/apply/station/answer.ts';
import { Refusals } from '../../../operator/apply/refusals.ts';
import type { WriteOwner } from '../../../operator/apply/refusals.ts';
import { trialOf } from '../../../operator/apply/station/trial.ts';
import { holdsBack } from '../../../operator/apply/trial.ts';
import type { Plan, Step } from '../../../operator/model/plan.ts';
import type { Cluster } from './cluster.ts';
import { Looker } from './looker.ts';
import type { Look, Watched } from './looker.ts';
import { epochMs, rawOf } from './raw.ts';
import { write } from './writes.ts';

/** When to look again if nothing tells: after a write, after a fresh look that decided otherwise, after a refused write. */
const afterWriteMs = 1000;
const afterChangeMs = 500;
const afterStaleMs = 200;

/** The operator's loop: look, plan, write step by step, look again; it can be stopped in the middle and starts without memory. */
export class Operator {
  readonly #cluster: Cluster;
  readonly #judge: (step: Step) => void;
  #looker: Looker | undefined;
  /** What was refused, or is written again and again; a start knows of none. */
  #refusals = new Refusals();
  /** Nodes whose Leases it holds to be old, and when they were renewed last, in seconds. */
  readonly #suspects = new Map<string, number>();
  /** Counts starts and stops, so that what was under way before one does not go on after it. */
  #life = 0;
  #busy = false;
  #again = false;
  #timer = 0;
  #crashIn = Number.POSITIVE_INFINITY;
  #freezes = false;
  #downSinceMs: number | undefined;
  #deafSinceMs: number | undefined;
  #upSinceMs = 0;
  lastPlan: Plan | undefined;
  /** Where a rule asked for more pods than the growth bound allows, in its words. */
  readonly bounded: string[] = [];
  /** Every step written so far, for a failing run's story. */
  readonly written: { readonly atMs: number; readonly step: Step; readonly done: boolean }[] = [];

  /** `judge` is shown every step when it has last been decided. */
  constructor(cluster: Cluster, judge: (step: Step) => void) {
    this.#cluster = cluster;
    this.#judge = judge;
    this.start();
  }

  /** Since when it has been down, or not told of everything; after that, for a while, since when it had been. */
  get blindSinceMs(): number | undefined {
    const settled = this.#looker !== undefined && this.#cluster.agenda.nowMs - this.#upSinceMs > 10_000;
    const since = [settled ? undefined : this.#downSinceMs, this.#deafSinceMs].filter((ms) => ms !== undefined);
    return since.length === 0 ? undefined : Math.min(...since);
  }

  get isUp(): boolean {
    return this.#looker !== undefined;
  }

  start(): void {
    if (this.#looker !== undefined) return;
    this.#life += 1;
    this.#upSinceMs = this.#cluster.agenda.nowMs;
    this.#refusals = new Refusals();
    this.#looker = new Looker(this.#cluster, this.#suspects, () => this.#wake());
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

  /** It hears nothing of a kind for so long. */
  missEvents(kind: Watched, forMs: number): void {
    const { agenda } = this.#cluster;
    if (this.#looker === undefined) return;
    this.#deafSinceMs ??= agenda.nowMs;
    const sinceMs = this.#deafSinceMs;
    this.#looker.missEvents(kind, forMs, () => this.#wake());
    agenda.after(forMs + 10_000, () => {
      if (this.#deafSinceMs === sinceMs) this.#deafSinceMs = undefined;
    });
  }

  /** The node's Lease, renewed for the last time 25 s ago, is not renewed for so long. */
  suspect(node: string, forMs: number): void {
    const { agenda } = this.#cluster;
    const renewedAt = Math.floor((epochMs + agenda.nowMs) / 1000) - 25;
    this.#suspects.set(node, renewedAt);
    agenda.after(forMs, () => {
      if (this.#suspects.get(node) === renewedAt) this.#suspects.delete(node);
      this.#wake();
    });
    this.#wake();
  }

  /**
   * At its next write with a condition it is stopped in its tracks; another takes over, and much later the write is sent all
   * the same. A write without one is not sent any more: a leader asks whether it leads right before it sends.
   */
  replace(): void {
    this.#freezes = true;
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
    const look = this.#looker?.look();
    this.lastPlan = look?.plan;
    const held = look?.plan.problems.filter(({ kind }) => kind === 'GrowthBounded') ?? [];
    this.bounded.push(...held.map(({ message }) => message));
    if (look === undefined || look.paused) this.#finish(undefined);
    else this.#perform(look, 0);
  }

  #perform(look: Look, index: number): void {
    const step = look.plan.steps[index];
    if (step === undefined) {
      this.#finish(index === 0 ? look.lookAgainMs : Math.min(afterWriteMs, look.lookAgainMs ?? afterWriteMs));
      return;
    }
    const held = holdsBack(trialOf(step, look.plan), this.#trying(look), this.#cluster.agenda.nowMs);
    if (held !== undefined) {
      this.#note(step, false);
      this.#perform({ ...look, lookAgainMs: Math.min(held.retryMs, look.lookAgainMs ?? Infinity) }, index + 1);
      return;
    }
    this.#later(3, 30, () => {
      const { isSame } = rowOf(stationSteps, step);
      if (isSame === undefined) {
        this.#judge(step);
        this.#write(look, index, step);
        return;
      }
      const anew = this.#looker?.planAnew();
      const fresh = anew?.steps.find((each) => each.kind === step.kind && isSame(each, step));
      if (fresh === undefined) {
        this.#note(step, false);
        this.#finish(afterChangeMs);
        return;
      }
      this.#judge(fresh);
      this.#later(3, 60, () => this.#write(look, index, fresh));
    });
  }

  #write(look: Look, index: number, step: Step): void {
    if (this.#freezes && isConditional(step)) {
      this.#freeze(step);
      return;
    }
    if (step.kind === 'applyBudget' && this.#cluster.agenda.nowMs < this.#cluster.admission.budgetsHeldUntilMs) {
      // What is refused does not end a pass.
      this.#note(step, false);
      this.#perform(look, index + 1);
      return;
    }
    const written = write(this.#cluster, step);
    this.#note(step, written !== undefined);
    if (written !== undefined) this.#hearAnswer(look, step);
    this.#crashIn -= 1;
    if (this.#crashIn <= 0) {
      this.#crash();
      return;
    }
    this.#looker?.learn(written ?? []);
    if (written === undefined) this.#finish(afterStaleMs);
    else this.#perform(look, index + 1);
  }

  #trying({ generation }: Look): { readonly owner: WriteOwner; readonly refusals: Refusals } {
    return { owner: { uid: 'uid-station', generation }, refusals: this.#refusals };
  }

  /** What is done is paced, what came back otherwise is refused, as where the real one tries its steps. */
  #hearAnswer(look: Look, step: Step): void {
    const { owner, refusals } = this.#trying(look);
    const { nowMs } = this.#cluster.agenda;
    const { name, content } = trialOf(step, look.plan);
    const deployment = 'intent' in step ? this.#cluster.server.get('deployment', step.intent.name) : undefined;
    const answer = deployment && rawOf.deployment(deployment);
    const clock = { monotonicMs: () => nowMs } as Clock;
    const changed = answer ? changedInAnswer(step, answer, { owner, refusals, clock }) : [];
    if (changed.length > 0) {
      refusals.remember(owner, { name, hash: content?.hash }, { message: '', reason: 'Contested', atMs: nowMs });
    } else {
      refusals.forget(owner, name);
      if (content !== undefined) refusals.pace.wrote(owner.uid, content, nowMs);
    }
  }

  #note(step: Step, done: boolean): void {
    this.written.push({ atMs: this.#cluster.agenda.nowMs, step, done });
  }

  #later(lowMs: number, highMs: number, run: () => void): void {
    const life = this.#life;
    this.#cluster.agenda.after(this.#cluster.chance.between(lowMs, highMs), () => {
      if (life === this.#life) run();
    });
  }

  #freeze(step: Step): void {
    const { agenda, chance } = this.#cluster;
    this.#freezes = false;
    this.stop();
    agenda.after(chance.between(1000, 15_000), () => this.start());
    agenda.after(chance.between(16_000, 120_000), () => this.#note(step, write(this.#cluster, step) !== undefined));
  }

  #crash(): void {
    this.#crashIn = Number.POSITIVE_INFINITY;
    this.stop();
    this.#cluster.agenda.after(this.#cluster.chance.between(1000, 30_000), () => this.start());
  }

  #finish(lookAgainMs: number | undefined): void {
    this.#busy = false;
    if (this.#again) this.#wake();
    else if (lookAgainMs !== undefined) this.#lookIn(Math.max(100, lookAgainMs));
  }
}

/** A shrink is sent late whether or not it has a condition: it had better. */
function isConditional(step: Step): boolean {
  return (
    step.kind === 'shrink' ||
    'resourceVersion' in step ||
    ('intent' in step && step.intent.resourceVersion !== undefined)
  );
}
