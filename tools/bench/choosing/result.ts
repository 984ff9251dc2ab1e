import type { ByName } from '../scale/result.ts';
import type { CaseName } from './cases.ts';
import type { PolicyName } from './policies.ts';

/** One case under one policy. */
export interface ChoosingRun {
  readonly case: CaseName;
  readonly who: PolicyName;
  /** Hubs in each zone. */
  readonly hubs: number;
}

/** What became of its requests. */
export interface ChoosingRow extends ChoosingRun {
  readonly sent: number;
  readonly failed: number;
  /** Failed requests by cause. */
  readonly causes: ByName;
  /** Of the requests that were counted and answered: how long they took; null: none was answered. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** The percentage of these that another zone's pod has answered. */
  readonly crossPercent: number;
  /** By how many points that percentage differs from second to second: the standard deviation. */
  readonly swingPoints: number;
  /** Percentages of these that pods of each zone have answered. */
  readonly zones: ByName;
}

/** What is measured alike in one file. */
export interface ChoosingConditions {
  /** In short form. */
  readonly commit: string;
  readonly envoy: string;
  readonly cores: number;
}

/** What the benchmark writes. */
export interface ChoosingResult extends ChoosingConditions {
  readonly measured: string;
  readonly rows: readonly ChoosingRow[];
}
