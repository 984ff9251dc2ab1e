import type { Key } from '../api/kubernetes/key.ts';

/** What hubs count of one station. */
export interface HubLoad {
  /** Requests that are under way to its pods. */
  readonly inFlight: number;
  /** Requests a second that are sent to them, each attempt counted. */
  readonly requestsPerSecond: number;
  /** The pod of a hub of which an Envoy tells nothing; undefined: all are heard. */
  readonly silentHub: string | undefined;
}

/** What the part that serves hubs hears of load; undefined: the station has no port of which hubs count requests. */
export type HubLoadSight = (station: Key) => HubLoad | undefined;
