import type { FaultName } from './faults.ts';
import type { ByName } from '../scale/result.ts';
import type { WayName } from './ways/names.ts';

/** What is measured alike in one file. */
export interface Conditions {
  /** In short form. */
  readonly commit: string;
  readonly envoy: string;
  readonly cores: number;
  /** Requests a second. */
  readonly rate: number;
  /** How long they are sent. */
  readonly seconds: number;
  /** How long a pod takes to answer. */
  readonly answerMs: number;
}

/** One fault behind one way. */
export interface Run {
  readonly fault: FaultName;
  readonly who: WayName;
  /** From 1 on. */
  readonly run: number;
}

export const methods = ['GET', 'POST'] as const;
export type Method = (typeof methods)[number];

/** The requests of one method in a run. */
export interface Row extends Run {
  readonly method: Method;
  readonly sent: number;
  readonly failed: number;
  /** Failed requests by cause: `timeout`, `refused`, `reset`, or the status of the answer. */
  readonly causes: ByName;
  /** Of the requests that were answered; null: none was. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** What the benchmark writes. */
export interface TrafficResult extends Conditions {
  readonly measured: string;
  readonly rows: readonly Row[];
}
