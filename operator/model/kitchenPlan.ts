import type { StatedCondition } from '../api/conditions.ts';
import type { DoomedObject } from './kitchenSnapshot.ts';
import type { Intent, Problem } from './plan.ts';

/** What one pass over a Kitchen decided. */
export interface KitchenPlan {
  /** When the step of one station fails, the steps of the other stations are still done. */
  readonly steps: readonly KitchenStep[];
  readonly problems: readonly StationProblem[];
  readonly figures: KitchenFigures;
}

/** The whole of what we want of one Station, ready to be applied. */
export type StationIntent = Omit<Intent, 'kind'> & { readonly kind: 'Station' };

/** One write for one station; `station` is its name in the Kitchen. */
export type KitchenStep =
  | { readonly kind: 'applyStation'; readonly station: string; readonly intent: StationIntent; readonly why: string }
  /**
   * Applied as field manager `kitchen-operator-demand` and *without* `force`. It makes that manager a second owner of
   * the value that is there. A conflict means that another manager owns it already, which serves as well.
   */
  | { readonly kind: 'handDemand'; readonly station: string; readonly intent: StationIntent; readonly why: string }
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

/** What the Kitchen's status says, except transition times. */
export interface KitchenFigures {
  readonly stations: number;
  /** Stations whose condition Ready is True. */
  readonly ready: number;
  /** The least that any station survives, as text: `1 zone, 2 nodes`. Undefined until every station has reported it. */
  readonly survives: string | undefined;
  /**
   * `Ready`, `Available`, `Survivable` and `Progressing`, summed up over the stations, and `DemandContested` while it
   * applies.
   */
  readonly conditions: readonly StatedCondition[];
}
