import type { Depth } from './meters.ts';

/** Median and 99th percentile of times, in ms. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** Everything that was measured at one number of Kitchens. */
export interface SizeResult {
  readonly kitchens: number;
  readonly stations: number;
  readonly pods: number;
  readonly nodes: number;
  /** From the first Kitchen sent to the last station that runs all its pods. */
  readonly servedSeconds: number;
  /** Nothing happens for a minute. */
  readonly steady: {
    readonly writes: number;
    readonly looks: number;
    readonly cpuPercent: number;
    readonly rssMib: number;
  };
  /** Pods are deleted, each of another station. */
  readonly podKills: {
    readonly events: number;
    readonly toWriteMs: Spread;
    readonly looksPerEvent: number;
    readonly writesPerEvent: number;
  };
  readonly zoneKill: ZoneKill;
}

/** A third of all nodes dies at once. */
export interface ZoneKill {
  /** Stations that lost a pod. */
  readonly stations: number;
  /** From the first node that Kubernetes calls lost to a station's first change of a Deployment. */
  readonly toGrowMs: Spread;
  /** From the death to the moment at which half, and all, of the stations ran all their pods again. */
  readonly halfWholeSeconds: number;
  readonly allWholeSeconds: number;
  /** Counted from the first node that Kubernetes calls lost. */
  readonly noticedSeconds: number;
  readonly writesPerStation: number;
  readonly looksPerStation: number;
  readonly queues: Readonly<Record<string, Depth>>;
  /** CPU time of each process until all were whole, in seconds. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly rssMib: number;
}

/** All sizes that one run measured. */
export interface ScaleResult {
  readonly measured: string;
  readonly commit: string;
  readonly kubernetes: string;
  readonly cores: number;
  readonly sizes: readonly SizeResult[];
}
