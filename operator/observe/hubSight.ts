import type { Key } from '../api/kubernetes/key.ts';
import type { HubsAway } from '../model/hub.ts';

/** What the part that serves hubs knows, and no object tells. */
export interface HubSight {
  /** Why no Service leads to hubs that are there; undefined: nothing keeps them away. */
  readonly away: () => HubsAway | undefined;
  /** What hubs refuse of a station, and why; undefined: nothing that this process has heard of. */
  readonly refused: (station: Key) => string | undefined;
  /** Calls back with stations of which hubs refuse something; returns what ends it. */
  readonly onRefusal: (tell: (stations: readonly Key[]) => void) => () => void;
}
