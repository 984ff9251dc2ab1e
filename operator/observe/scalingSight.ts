import type { Key } from '../api/kubernetes/key.ts';
import type { ScalingView } from '../model/scale.ts';

/** What the part that sets demand by load knows, and no object tells. */
export interface ScalingSight {
  /** What there is to say of a station; undefined: nothing yet. */
  readonly of: (station: Key) => ScalingView | undefined;
  /** Calls back with stations of which there is something new to say; returns what ends it. */
  readonly onNews: (tell: (stations: readonly Key[]) => void) => () => void;
}
