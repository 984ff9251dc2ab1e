import type { Key } from '../api/kubernetes/key.ts';
import type { HubsAway } from '../model/hub.ts';

/** What the part that serves hubs knows, and no object tells. */
export interface HubSight {
  /** Why no Service leads to hubs that are there; undefined: nothing keeps them away. */
  readonly away: () => HubsAway | undefined;
  /** What hubs refuse of a station, and why; undefined: nothing that this process has heard of. */
  readonly refused: (station: Key) => string | undefined;
  /** Where hubs send a station's requests other than home, and why; undefined: nowhere. */
  readonly sending: (station: Key) => string | undefined;
  /** Calls back with stations of which there is something else to tell; returns what ends it. */
  readonly onNews: (tell: (stations: readonly Key[]) => void) => () => void;
}
