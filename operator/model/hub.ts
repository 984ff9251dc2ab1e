import type { Child, ServiceView } from './child.ts';

/** What makes the way through the hubs worse than none. */
export interface HubConflict {
  /** Policy: a NetworkPolicy keeps hubs out. Mesh: pods are in a service mesh, which wants to know who asks. */
  readonly kind: 'Policy' | 'Mesh';
  /** Of the policy, or of the mesh. */
  readonly name: string;
  /** The object that shows it, as `NetworkPolicy deny-all`. */
  readonly object: string;
}

/**
 * Why no Service leads to hubs that are there. Bypassed: a person asked for it. NotLocal: the address of a Service leads
 * to the hubs of other nodes.
 */
export type HubsAway = 'Bypassed' | 'NotLocal';

/** How far a station's way through the hubs is. */
export interface HubView {
  /** Hubs that slices of ours list as ready, for every port that the Service has. */
  readonly listed: number;
  /** Slices of ours, whatever they list. */
  readonly slices: number;
  /** The Service that selects the pods while the station's own leads to the hubs. */
  readonly podsService: Child<ServiceView>;
  /** Absent: nothing speaks against hubs. */
  readonly conflict?: HubConflict;
  /** How long hubs have been asked for and none has been listed; absent while some are. */
  readonly missingMs?: number;
  /** Why, where it is known; absent: no hub is ready, or it is too early to tell. */
  readonly missingWhy?: HubsAway;
  /** What hubs refuse of the station, and why, in Envoy's words. */
  readonly refused?: string;
  /** Where hubs send requests other than home, and why, in numbers. */
  readonly sending?: string;
  /** Look again after this many ms: something may be told then that no event tells. */
  readonly lookAgainMs?: number;
}
