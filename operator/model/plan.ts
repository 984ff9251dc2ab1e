import type { AdviceConditionType, ConditionReason } from '../api/conditions.ts';
import type { SurvivalStatus } from '../api/status.ts';
import type { ZoneName } from '../api/zone.ts';
import type { ChangedField } from '../api/kubernetes/changedFields.ts';
import type { Owner } from './owner.ts';
import type { GoodTemplate } from './child.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';

/** What one look at a station led to: what to do now, what is waited for, and the figures both rest on. */
export interface Plan {
  readonly target: number;
  /** Pods wanted a zone, of every zone in the snapshot. */
  readonly zoneTargets: ReadonlyMap<ZoneName, number>;
  /** In the order they are to be done; a step that fails ends the pass. */
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly problems: readonly Problem[];
  readonly survival: Survival;
  /** Zones that the newest template has yet to go to. */
  readonly outdated: readonly ZoneName[];
}

/** One write, and the sentence that says why: log, event, status and command line print the same. */
export type Step =
  | { readonly kind: 'applyService'; readonly intent: Intent; readonly why: string }
  | { readonly kind: 'applyBudget'; readonly intent: Intent; readonly minAvailable: number; readonly why: string }
  | DeploymentStep
  /** Its controller takes old pods of its own accord from then on, one at a time. */
  | (ZoneStep & { readonly kind: 'makeRoom' })
  | (ZoneStep & {
      readonly kind: 'shrink';
      /** Uids of the pods that are meant to go. */
      readonly victims: readonly string[];
    })
  | (ZoneStep & {
      readonly kind: 'rollBack';
      /** What it goes back to; the template itself is read from its ReplicaSet when it is written: the intent has none. */
      readonly good: GoodTemplate;
      /** `pod-template-hash` of the pods that failed: if they are not of the newest ReplicaSet after all, nothing is written. */
      readonly failing: string | undefined;
    })
  | {
      readonly kind: 'mark' | 'unmark';
      readonly zone: ZoneName;
      readonly pods: readonly { readonly name: string; readonly uid: string }[];
      readonly why: string;
    }
  | {
      /** An annotation of its Deployment makes a ReplicaSet try at once. */
      readonly kind: 'tellToTry';
      readonly zone: ZoneName;
      readonly name: string;
      readonly uid: string;
      readonly times: number;
      readonly why: string;
    }
  | {
      readonly kind: 'pruneService';
      readonly name: string;
      readonly uid: string;
      readonly resourceVersion: string;
      readonly why: string;
    }
  | {
      readonly kind: 'prune';
      readonly zone: ZoneName;
      readonly name: string;
      readonly uid: string;
      readonly resourceVersion: string;
      readonly why: string;
    };

/** A Deployment is written as a whole, with nothing to lose by it. */
export type DeploymentStep = ZoneStep & { readonly kind: 'create' | 'grow' | 'mend' | 'evenOut' | 'rollOut' };

interface ZoneStep {
  readonly zone: ZoneName;
  readonly intent: Intent;
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** The whole of what we want of one child, ready to be applied; its annotation `kitchen.dev/intent` carries its hash. */
export interface Intent {
  readonly kind: 'Deployment' | 'Service' | 'PodDisruptionBudget';
  readonly name: string;
  readonly namespace: string;
  /**
   * The write is refused unless the live object still has this version; undefined: whatever its version. That it is still the
   * same object is asked by the uid in the body's metadata, which is there as soon as we know of one.
   */
  readonly resourceVersion: string | undefined;
  readonly body: JsonObject;
  /** What others changed since it was applied last. */
  readonly takesBack?: readonly TakenBack[];
  /** We know of no such object yet: what has the name all the same must be this owner's. */
  readonly newFor?: Owner;
}

/** A field that somebody changed. */
export interface TakenBack extends ChangedField {
  readonly by: string;
}

/** Something that will be done once something else is so. */
export interface Wait {
  readonly what: string;
  readonly why: string;
  /** Look again after this long; undefined: an event will tell. */
  readonly lookAgainMs: number | undefined;
}

/** What keeps the promise from being kept, and the cure. */
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
  /** Which of several things of its kind it is. */
  readonly reason?: ProblemReason;
}

/** A reason of the condition that a problem becomes. */
export type ProblemReason = ConditionReason<AdviceConditionType>;

/** Measured from the placement as it is: how many may vanish with sure − lost ≥ demand. */
export interface Survival extends SurvivalStatus {
  readonly lostZones: readonly ZoneName[];
  /** The declared loss that would hurt most, e.g. `losing zone-b leaves 5 of 6`; undefined when what is declared is survived. */
  readonly worst: string | undefined;
}
