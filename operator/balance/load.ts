/** What the hubs of one zone send to the pods of another, all of these hubs together. */
export interface PairLoad {
  /** Requests a second that were sent there. */
  readonly issued: number;
  /** Requests a second that were answered or failed. */
  readonly done: number;
  /** Of these, those that failed. */
  readonly failed: number;
  /** Requests that are under way. */
  readonly inFlight: number;
}

/** A zone that has pods. */
export interface ZonePods {
  readonly zone: string;
  /** Pods that take new requests. */
  readonly pods: number;
}

/** What a choice is made from. */
export interface SeenLoad {
  /** The zones that have hubs which have told something. */
  readonly hubZones: readonly string[];
  readonly zones: readonly ZonePods[];
  readonly between: (hubZone: string, zone: string) => PairLoad;
}

export const noLoad: PairLoad = { issued: 0, done: 0, failed: 0, inFlight: 0 };

/** Both together. */
export function bothLoads(a: PairLoad, b: PairLoad): PairLoad {
  return {
    issued: a.issued + b.issued,
    done: a.done + b.done,
    failed: a.failed + b.failed,
    inFlight: a.inFlight + b.inFlight,
  };
}
