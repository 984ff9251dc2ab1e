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
  readonly #soundAt = new Map<string, number>();
  #unknownSinceMs: number | undefined;

  constructor(uid: string, demand: number, nowMs: number) {
    this.uid = uid;
    this.written = demand;
    this.#memory = beginWith(demand, nowMs);
  }

  /** Decides demand. `overruled`: others have set another since we wrote ours, and load asks for ours. */
  follow(moment: FollowedMoment): { readonly decision: DemandDecision; readonly overruled: boolean } {
    const { scale, current, measured, nowMs } = moment;
    // While load is not known, there is nothing to set against what others say.
    if (current !== this.written && measured.every(({ load }) => load === undefined)) this.#takeOver(current, nowMs);
    const metrics = measured.map((each) => this.#metricOf(each));
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

  #metricOf({ id, target, load, isSlow, reads, fault }: Measurement): MeasuredMetric {
    if (fault === undefined) this.#soundAt.set(id, reads);
    const failedReads = reads - (this.#soundAt.get(id) ?? 0);
    return { id, target, load, isSlow, failedReads };
  }
}

function rulesOf(scale: Scale): DemandRules {
  const { maxReplicas, fallback } = scale;
  return { minReplicas: leastReplicas(scale), maxReplicas, ...behaviorOf(scale), fallback };
}
