import type { DoomedObject } from './kitchenSnapshot.ts';
import type { Problem } from './plan.ts';
import type { Intent } from './intent.ts';

/** What one pass over a Kitchen decided. */
export interface KitchenPlan {
  /** In the order in which they are done. When a step of one station fails, those of other stations are still done. */
  readonly steps: readonly KitchenStep[];
  readonly problems: readonly StationProblem[];
  /** New stations that have not served yet. Until they do, the stations that are no longer declared stay. */
  readonly successors: readonly string[];
}

/** One write for one station; `station` is its name in the Kitchen. */
export type KitchenStep =
  | { readonly kind: 'applyStation'; readonly station: string; readonly intent: Intent; readonly why: string }
  /**
   * Applied as field manager `kitchen-operator-demand` and *without* `force`. It makes that manager a second owner of
   * the value that is there. A conflict means that another manager owns it already, so it stays too.
   */
  | { readonly kind: 'handDemand'; readonly station: string; readonly intent: Intent; readonly why: string }
  /** Objects are deleted in this order, each with its uid and resourceVersion as preconditions. */
  | {
      readonly kind: 'pruneStation';
      readonly station: string;
      readonly namespace: string;
      readonly objects: readonly DoomedObject[];
      readonly why: string;
    };

export interface StationProblem extends Problem {
  readonly station: string;
}
