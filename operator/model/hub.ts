import type { Child, ServiceView } from './child.ts';

/** How far a station's way through the hubs is. */
export interface HubView {
  /** Hubs that slices of ours list as ready, for every port that the Service has. */
  readonly listed: number;
  /** Slices of ours, whatever they list. */
  readonly slices: number;
  /** The Service that selects the pods while the station's own leads to the hubs. */
  readonly podsService: Child<ServiceView>;
  /** How long hubs have been asked for and none has been listed; absent while some are. */
  readonly missingMs?: number;
  /** Look again after this many ms: then their absence is told. */
  readonly lookAgainMs?: number;
}
