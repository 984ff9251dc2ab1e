import type { Intent } from './intent.ts';
import type { AdviceConditionType, ConditionReason } from '../api/conditions.ts';
import type { SurvivalStatus } from '../api/status.ts';
import type { ZoneName } from '../api/zone.ts';
import type { GoodTemplate } from './child.ts';
import type { ShiftPlan } from './shift.ts';

/** What one pass over a station decided: what to do now, what to wait for, and the figures that both follow from. */
export interface Plan {
  readonly target: number;
  /** Pods wanted in each zone of the snapshot. */
  readonly zoneTargets: ReadonlyMap<ZoneName, number>;
  /** In the order in which they are done; a step that fails ends the pass. */
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly problems: readonly Problem[];
  readonly survival: Survival;
  /** The shifts that are followed. */
  readonly shifts: readonly ShiftPlan[];
  /** Zones that do not have the newest template yet. */
  readonly outdated: readonly ZoneName[];
}

/** One write, and the sentence that says why. Log, event, status and command line all print this sentence. */
export type Step =
  | { readonly kind: 'applyService'; readonly intent: Intent; readonly why: string }
  | { readonly kind: 'applyBudget'; readonly intent: Intent; readonly minAvailable: number; readonly why: string }
  | DeploymentStep
  /** From this write on, the Deployment controller deletes old pods by itself, one at a time. */
  | (ZoneStep & { readonly kind: 'makeRoom' })
  | (ZoneStep & {
      readonly kind: 'shrink';
      /** Uids of the pods that are meant to go. */
      readonly victims: readonly string[];
    })
  | (ZoneStep & {
      readonly kind: 'rollBack';
      /**
       * The template to go back to. The intent carries no template body: it is read from the ReplicaSet when the step
       * is done.
       */
      readonly good: GoodTemplate;
      /**
       * `pod-template-hash` of the pods that failed. If they are not of the newest ReplicaSet when the step is done,
       * nothing is written.
       */
      readonly failing: string | undefined;
    })
  | {
      readonly kind: 'mark' | 'unmark';
      readonly zone: ZoneName;
      readonly pods: readonly { readonly name: string; readonly uid: string }[];
      readonly why: string;
    }
  | {
      /** Counts up an annotation of the Deployment, which makes its ReplicaSet try at once to make its pods. */
      readonly kind: 'tellToTry';
      readonly zone: ZoneName;
      readonly name: string;
      readonly uid: string;
      readonly times: number;
      readonly why: string;
    }
  | (ServiceStep & { readonly kind: 'pruneService' })
  /** Takes away a selector that another manager owns too. */
  | (ServiceStep & { readonly kind: 'dropSelector' })
  | {
      readonly kind: 'prune';
      readonly zone: ZoneName;
      readonly name: string;
      readonly uid: string;
      readonly resourceVersion: string;
      readonly why: string;
    };

/** A step that writes a whole Deployment and does not lower its count, so it deletes no pod by that. */
export type DeploymentStep = ZoneStep & { readonly kind: 'create' | 'grow' | 'mend' | 'evenOut' | 'rollOut' };

/** A step that holds for one version of a Service. */
interface ServiceStep {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly why: string;
}

interface ZoneStep {
  readonly zone: ZoneName;
  readonly intent: Intent;
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** Something that will be done once a condition is met. */
export interface Wait {
  readonly what: string;
  readonly why: string;
  /** Look again after this many ms. Undefined: an event will start a pass. */
  readonly lookAgainMs: number | undefined;
}

/** A reason why demand or the declared losses cannot be kept, and what a person can do about it. */
export interface Problem {
  readonly kind:
    | AdviceConditionType
    | 'NameTaken'
    | 'TooFewZones'
    | 'TooFewNodes'
    | 'NoZone'
    | 'NameTooLong'
    | 'Refused';
  readonly message: string;
  /** The reason of the condition. Given for kinds of problems with several reasons. */
  readonly reason?: ProblemReason;
}

/** A reason of the condition that a problem becomes. */
export type ProblemReason = ConditionReason<AdviceConditionType>;

/** How many pods, nodes and zones may vanish so that sure − lost ≥ demand, from the pods as they are placed now. */
export interface Survival extends SurvivalStatus {
  readonly lostZones: readonly ZoneName[];
  readonly shiftedZones?: readonly ZoneName[];
  /**
   * The declared loss that would hurt most, such as `losing zone-b leaves 5 of 6`. Undefined when every declared loss
   * is survived.
   */
  readonly worst: string | undefined;
}
