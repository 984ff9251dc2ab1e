import type { StatedCondition } from '../api/conditions.ts';
import type { SurvivalStatus } from '../api/status.ts';
import type { DoomedObject } from './kitchenSnapshot.ts';
import type { Intent, Problem } from './plan.ts';

/** What one look at a Kitchen led to. */
export interface KitchenPlan {
  /** One station's step that fails never keeps another station's from being done. */
  readonly steps: readonly KitchenStep[];
  readonly problems: readonly StationProblem[];
  readonly figures: KitchenFigures;
}

/** What we want of a Station, ready to be applied. */
export type StationIntent = Omit<Intent, 'kind'> & { readonly kind: 'Station' };

/** `station` is the name in the Kitchen. */
export type KitchenStep =
  | { readonly kind: 'applyStation'; readonly station: string; readonly intent: StationIntent; readonly why: string }
  /**
   * Applied as field manager `kitchen-operator-demand` and *without* `force`: it makes that manager a second owner of
   * the value that is there; a conflict means that somebody else owns it by now, which is as good.
   */
  | { readonly kind: 'handDemand'; readonly station: string; readonly intent: StationIntent; readonly why: string }
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

/** What the Kitchen's status says, but for transition times. */
export interface KitchenFigures {
  readonly stations: number;
  /** Stations whose Ready is True. */
  readonly ready: number;
  /** The least over the stations; undefined until the status of every Station has it. */
  readonly survival: SurvivalStatus | undefined;
  /** `Ready`, `Available`, `Survivable`, `Progressing`, summed up over the stations; `DemandContested` while it is. */
  readonly conditions: readonly StatedCondition[];
}
