import type { MeasuredMetric } from '../../operator/model/scale.ts';
import { beginWith, decideDemand } from '../../operator/plan/scale/decideDemand.ts';
import type { DemandDecision, DemandFacts, DemandMemory, DemandRules } from '../../operator/plan/scale/decideDemand.ts';

/** A decision is made this often. */
export const TICK_MS = 2_000;

/** Rules with the defaults of the API, from 2 to 40 pods. */
export function demandRules(over: Partial<DemandRules> = {}): DemandRules {
  return { minReplicas: 2, maxReplicas: 40, upTolerance: 0.05, downTolerance: 0.1, windowMs: 300_000, ...over };
}

/** A metric of which a pod is to carry 1: its load is given in pods' worth. Undefined: it is not known. */
export function aMetric(load: number | undefined, over: Partial<MeasuredMetric> = {}): MeasuredMetric {
  const known = load === undefined ? undefined : { up: load, down: load };
  return { id: 'inFlight', target: 1, load: known, isSlow: false, failedReads: load === undefined ? 1 : 0, ...over };
}

/** Decides again and again, as the operator does. */
export class DemandPlay {
  readonly rules: DemandRules;
  nowMs = 0;
  #memory: DemandMemory;
  last: DemandDecision | undefined;

  constructor(demand: number, rules: DemandRules = demandRules()) {
    this.rules = rules;
    this.#memory = beginWith(demand, 0);
  }

  get demand(): number {
    return this.last?.demand ?? this.#memory.load;
  }

  /** One decision, a tick after the last. */
  tick(metrics: readonly MeasuredMetric[], over: Partial<DemandFacts> = {}): DemandDecision {
    this.nowMs += TICK_MS;
    this.last = decideDemand(this.#memory, { metrics, rules: this.rules, nowMs: this.nowMs, ...over });
    this.#memory = this.last.memory;
    return this.last;
  }

  /** Decides for this long, with this load; returns the last decision. */
  hold(load: number | undefined, seconds: number, over: Partial<DemandFacts> = {}): DemandDecision {
    let last = this.tick([aMetric(load)], over);
    for (const end = this.nowMs + seconds * 1000 - TICK_MS; this.nowMs < end;) last = this.tick([aMetric(load)], over);
    return last;
  }

  /** What a restart leaves: the demand that is there. */
  restart(): void {
    this.#memory = beginWith(this.demand, this.nowMs);
  }
}
