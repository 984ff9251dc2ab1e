/** What one hub's process tells of one backend: of each zone that it has sent requests to. */
export interface BackendReport {
  readonly backend: string;
  /** The time that it tells of, in seconds. */
  readonly overS: number;
  readonly zones: readonly ZoneReport[];
}

/** Requests of one process of a hub to the pods of one zone, each attempt counted. */
export interface ZoneReport {
  /** Empty: the pods have no zone. */
  readonly zone: string;
  readonly issued: number;
  /** Answered or failed. */
  readonly done: number;
  /** Of these, those that failed: no answer, or a status of 5xx. */
  readonly failed: number;
  /** Under way at the end of that time. */
  readonly inFlight: number;
}
