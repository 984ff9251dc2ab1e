import type { ConditionReason } from '../api/conditions.ts';
import type { LoadStatus } from '../api/status.ts';

/** What of a station's pods and its samples one metric's load is computed from. Values are in the metric's own unit. */
export interface PodSamples {
  /** Values of pods that are Ready on living nodes, each read after its pod became Ready and not stale. */
  readonly valid: readonly number[];
  /** Such pods without a valid value that may carry nothing: they have just become Ready, or were heard just now. */
  readonly doubtful: number;
  /** Such pods that have not been heard for long, and seem to serve. */
  readonly silent: number;
}

/** Load in the metric's own unit, when what is missing is taken for little (`up`) and for much (`down`). */
export interface Load {
  readonly up: number;
  /** Undefined: it cannot be told how much is missing. Demand must not fall. */
  readonly down: number | undefined;
}

/** One metric at one moment. */
export interface MeasuredMetric {
  /** Tells it from the station's other metrics, and from what it was before an edit. */
  readonly id: string;
  /** What one pod is to carry, in the metric's own unit: above 0. */
  readonly target: number;
  /** Undefined: it is not known, or too old. */
  readonly load: Load | undefined;
  /** It comes seldom: the newest value counts by itself, not an average of 10 s. */
  readonly isSlow: boolean;
  /** Reads in a row without a valid value. */
  readonly failedReads: number;
}

/** What the operator says about how a station's demand follows load. */
export interface ScalingView {
  readonly reason: ConditionReason<'Scaling'>;
  readonly message: string;
  /** Absent: load was not known yet. */
  readonly load?: LoadStatus;
}
