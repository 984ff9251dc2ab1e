/**
 * Who makes the stations whole again. `floor`: no operator runs while the zone dies, one patch a Deployment does it.
 * `against`: an older commit. `now`: this one. These three begin when Kubernetes calls the first node lost.
 * `suspecting`: this commit with its default flags, which begins as soon as the Leases tell.
 */
export const subjects = ['floor', 'against', 'now', 'suspecting'] as const;
export type Subject = (typeof subjects)[number];

/** A number of Kitchens, spread evenly over this many namespaces. */
export interface Size {
  readonly kitchens: number;
  readonly namespaces: number;
}

/** One run, in a cluster of its own. `zone`: a zone dies. `calm`: nothing happens for a minute, then pods are deleted. */
export interface Run extends Size {
  readonly kind: 'zone' | 'calm';
  readonly who: Subject;
  /** From 1 on. */
  readonly run: number;
}

/** Numbers by name: of a process, or of a kind of write. */
export type ByName = Readonly<Record<string, number>>;

/** Median and 99th percentile of times, in ms. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/**
 * A third of all nodes died at once. `suspecting` counts from the death, all others from the first lost node. The end is
 * 25 s after all was whole, and after the first lost node; without whole stations it is the limit.
 */
export interface ZoneFigures {
  /** From the first Kitchen sent to the last station that runs all its pods. */
  readonly servedS: number;
  /** Stations that lost a pod. Figures "a station" are divided by them. */
  readonly stations: number;
  /** Until every station ran all its pods again; null: not within the limit. */
  readonly wholeS: number | null;
  readonly fromDeathS: number | null;
  /** From the death to the first node that Kubernetes calls lost; null when none was before the end. */
  readonly lostS: number | null;
  /** From the death until it has called every node of the zone lost. */
  readonly allLostS: number | null;
  /** CPU time of each process, from where `wholeS` begins to the end. */
  readonly cpuS: ByName;
  /** The part of it until all was whole. */
  readonly cpuUntilWholeS: ByName;
  /** Write requests a station, from the death to the end: ours, `patch stations/status`. */
  readonly writes: ByName;
  /** Those of Kubernetes' controllers and scheduler: `replicaset-controller create pods`. */
  readonly kubernetesWrites: ByName;
  /** Of these writes those that were answered 409, a station. */
  readonly conflicts: { readonly ours: number; readonly kubernetes: number };
  /** How often the operator looked at a Kitchen or Station, a station; null without operator. */
  readonly looks: number | null;
  /** From the first lost node (`suspecting`: the death) to a station's first change of a Deployment. */
  readonly grownMs: Spread;
  /** The operator's resident memory at the end; null without operator. */
  readonly rssMiB: number | null;
  readonly rssServedMiB: number | null;
  readonly rssPeakMiB: number | null;
  /** Pods made from the death to the end. */
  readonly podsMade: number;
  /** Of these, those that were bound to a node of the dying zone. */
  readonly intoDyingZone: number;
  /** Pods that a station made beyond those that it lost. */
  readonly madeTwice: number;
}

/** Nothing happened for a minute, then pods were deleted, each of another station. */
export interface CalmFigures {
  readonly servedS: number;
  readonly steady: {
    readonly writes: number;
    readonly looks: number;
    readonly cpuPercent: number;
    readonly rssMiB: number;
  };
  readonly podKills: {
    readonly events: number;
    readonly toWriteMs: Spread;
    /** Operator's CPU, in ms. */
    readonly cpuMsPerEvent: number;
    readonly looksPerEvent: number;
    readonly writesPerEvent: number;
  };
}

/** A run that did not come to its figures: the field was not served, or the operator ended. */
export interface Failed {
  readonly wholeS: null;
  readonly failed: string;
}

export type ZoneRow = Run & { readonly kind: 'zone' } & ZoneFigures;
export type CalmRow = Run & { readonly kind: 'calm' } & CalmFigures;
export type FailedRow = Run & Failed;
export type Row = ZoneRow | CalmRow | FailedRow;

/** What all rows of a file have in common. Rows of another one are not comparable. */
export interface Conditions {
  readonly commit: string;
  /** The start of the SHA-256 of the operator's bundle. */
  readonly bundle: string;
  /** The older commit; null when none is compared. */
  readonly against: string | null;
  readonly kubernetes: string;
  readonly cores: number;
  readonly workers: number | null;
  readonly profiled: boolean;
  /** `--limit` in seconds; null: by size. */
  readonly limitS: number | null;
}

/** The file that `--json` and `--save` write. */
export interface ScaleResult extends Conditions {
  readonly measured: string;
  readonly rows: readonly Row[];
}
