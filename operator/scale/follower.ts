import { behaviorOf, leastReplicas } from '../api/scale.ts';
import type { Scale } from '../api/scale.ts';
import type { MeasuredMetric } from '../model/scale.ts';
import { beginWith, decideDemand } from '../plan/scale/decideDemand.ts';
import type { DemandDecision, DemandMemory, DemandRules } from '../plan/scale/decideDemand.ts';
import type { Measurement } from './measure.ts';
import { sayingOf } from './sayings.ts';
import type { SaidOfLoad } from './sayings.ts';

/** One moment of a station. */
export interface FollowedMoment {
  readonly scale: Scale;
  /** The demand that the Station has. */
  readonly current: number;
  readonly measured: readonly Measurement[];
  readonly nowMs: number;
  readonly now: Date;
}

/** What is remembered of one station whose demand follows load. */
export class Follower {
  /** Of the Station: one that is made again begins again. */
  readonly uid: string;
  /** The demand that we wrote last, or found and took over. */
  written: number;
  said: SaidOfLoad | undefined;
  #memory: DemandMemory;
  /** Of each metric: reads that had ended when nothing was wrong last. */
  #soundAt: ReadonlyMap<string, number> = new Map();
  /** Since when the first values of a metric have been waited for. */
  #waitingSinceMs: ReadonlyMap<string, number> = new Map();
  #unknownSinceMs: number | undefined;

  constructor(uid: string, demand: number, nowMs: number) {
    this.uid = uid;
    this.written = demand;
    this.#memory = beginWith(demand, nowMs);
  }

  /** Decides demand. `overruled`: others have set another since we wrote ours, and load asks for ours. */
  follow(seen: FollowedMoment): { readonly decision: DemandDecision; readonly overruled: boolean } {
    const moment = { ...seen, measured: this.#impatient(seen) };
    const { scale, current, measured, nowMs } = moment;
    // While load is not known, there is nothing to set against what others say.
    if (current !== this.written && measured.every(({ load }) => load === undefined)) this.#takeOver(current, nowMs);
    const metrics = this.#metricsOf(measured);
    const decision = decideDemand(this.#memory, { metrics, rules: rulesOf(scale), nowMs });
    this.#memory = decision.memory;
    if (decision.demand === current) this.written = current;
    this.#say(decision, moment);
    return { decision, overruled: current !== this.written };
  }

  #takeOver(demand: number, nowMs: number): void {
    this.#memory = { ...beginWith(demand, nowMs), trails: this.#memory.trails };
    this.written = demand;
  }

  #say(decision: DemandDecision, { measured, nowMs, now }: FollowedMoment): void {
    const isUnknown = measured.some(({ load }) => load === undefined);
    this.#unknownSinceMs = isUnknown ? (this.#unknownSinceMs ?? nowMs) : undefined;
    const unknownMs = nowMs - (this.#unknownSinceMs ?? nowMs);
    this.said = sayingOf(this.said, { decision, measured, unknownMs, nowMs, now });
  }

  /** First values that do not come for long are missing: pods may never become Ready. */
  #impatient({ measured, nowMs }: FollowedMoment): readonly Measurement[] {
    const waiting = measured.filter(({ waitsFor }) => waitsFor !== undefined);
    this.#waitingSinceMs = new Map(waiting.map(({ id }) => [id, this.#waitingSinceMs.get(id) ?? nowMs]));
    return measured.map((each) => {
      const sinceMs = this.#waitingSinceMs.get(each.id) ?? nowMs;
      if (each.waitsFor === undefined || nowMs - sinceMs < WAIT_MS) return each;
      return { ...each, fault: { reason: 'MetricsMissing', words: each.waitsFor, isLasting: false } };
    });
  }

  /** Reads that failed before a metric was seen first do not count, and one that is gone is forgotten. */
  #metricsOf(measured: readonly Measurement[]): readonly MeasuredMetric[] {
    this.#soundAt = new Map(
      measured.map(({ id, reads, fault }) => [id, fault === undefined ? reads : (this.#soundAt.get(id) ?? reads)]),
    );
    return measured.map(({ id, target, load, isSlow, reads }) => {
      const failedReads = reads - (this.#soundAt.get(id) ?? reads);
      return { id, target, load, isSlow, failedReads };
    });
  }
}

/** A pod takes so long to start and be read, mostly. */
const WAIT_MS = 120_000;

function rulesOf(scale: Scale): DemandRules {
  const { maxReplicas, fallback } = scale;
  return { minReplicas: leastReplicas(scale), maxReplicas, ...behaviorOf(scale), fallback };
}
