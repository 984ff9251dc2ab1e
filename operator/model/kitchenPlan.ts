import type { DoomedObject } from './kitchenSnapshot.ts';
import type { Problem } from './plan.ts';
import type { Intent } from './intent.ts';

/** What one look at a Kitchen led to. */
export interface KitchenPlan {
  /** One station's step that fails never keeps another station's from being done. */
  readonly steps: readonly KitchenStep[];
  readonly problems: readonly StationProblem[];
  /** New stations that have not served yet: until they do, what is no longer declared stays. */
  readonly successors: readonly string[];
}

/** `station` is the name in the Kitchen. */
export type KitchenStep =
  | { readonly kind: 'applyStation'; readonly station: string; readonly intent: Intent; readonly why: string }
  /**
   * Applied as field manager `kitchen-operator-demand` and *without* `force`: it makes that manager a second owner of
   * the value that is there; a conflict means that somebody else owns it by now, which is as good.
   */
  | { readonly kind: 'handDemand'; readonly station: string; readonly intent: Intent; readonly why: string }
  /** Deleted in this order, each with uid and resourceVersion as preconditions. */
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
