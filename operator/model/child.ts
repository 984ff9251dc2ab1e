import type { ConditionReason } from '../api/conditions.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { FieldsV1, KubeObject, ManagedFieldsEntry } from '../api/kubernetes/object.ts';

/**
 * A child object by what may be done to it: made, left alone because it is somebody else's, waited for because it is on its
 * way out (no write helps it, and its controller does nothing for it), or kept in shape.
 */
export type Child<T> =
  | { readonly state: 'absent' }
  | { readonly state: 'taken'; readonly name: string; readonly by: string }
  | DeletingChild
  | ({ readonly state: 'ours' } & T);

/** A child of ours with a deletion timestamp: it is made again when it is gone. */
export interface DeletingChild {
  readonly state: 'deleting';
  readonly name: string;
  /** Who has yet to let go of it. */
  readonly finalizers: readonly string[];
}

/** What every child of ours has. */
export interface ChildView {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Hash of the intent that was applied last, from its annotation. */
  readonly intentHash: string | undefined;
  /** Fields our manager owns now; another manager's change takes a field out. */
  readonly owned: FieldsV1 | undefined;
  /** What an intent may ask for, as it is now. */
  readonly live?: KubeObject;
  /** Who else holds fields of it, and which. */
  readonly others?: readonly ManagedFieldsEntry[];
}

export interface ServiceView extends ChildView {
  readonly ports: readonly ServicePort[];
}

/** Where a port of a Service leads: a number, or the name of a container's port. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetPort: number | string;
}

export interface DeploymentView extends ChildView {
  readonly generation: number;
  readonly observedGeneration: number;
  /** `spec.replicas`: pods the ReplicaSets are told to keep. */
  readonly replicas: number;
  /** `status.replicas` and those of them made from the newest template. */
  readonly madeReplicas: number;
  readonly updatedReplicas: number;
  readonly minReadyMs: number;
  /** `maxSurge` as written: a number of pods or a percentage. */
  readonly maxSurge: number | string;
  /** `maxUnavailable` as written; more than 0 only while old pods of the zone go first. */
  readonly maxUnavailable: number | string;
  /** A rollout that makes no progress for so long has failed, or is stuck. */
  readonly progressDeadlineMs: number;
  /** Somebody paused it: its controller scales it, and rolls out nothing. */
  readonly paused: boolean;
  /** The Deployment controller has given up on its rollout (`ProgressDeadlineExceeded`), for want of room or for good. */
  readonly progressFailed: boolean;
  /** `deployment.kubernetes.io/revision`: of the template that it runs now. */
  readonly revision: string | undefined;
  /** What to go back to when the rollout fails: noted when it began, of the last template that was complete in the zone. */
  readonly good: GoodTemplate | undefined;
  /** Hash of the user's template that failed here: not tried again. */
  readonly badTemplate: string | undefined;
  /** Why it failed, as it was noted then; undefined where nothing was, or a person broke the note. */
  readonly failure: RolloutFailure | undefined;
  /** Loads for which evening out was tried last. */
  readonly evened: string | undefined;
  /** Why its ReplicaSet cannot make pods (quota, admission), in the API server's words. */
  readonly replicaFailure: string | undefined;
  /** How long it has not been able to, and how long ago it was last told to try at once, or began to fail; 0 while it can. */
  readonly failingMs: number;
  readonly sinceToldMs: number;
  /** How often it was told so, in all its life. */
  readonly timesTold: number;
  /** Hash of the user's template it was made from, and the version of the defaults put into it. */
  readonly templateHash: string | undefined;
  readonly defaults: string | undefined;
  /** The live pod template, whole: what a zone whose turn has not come keeps, so that growing it changes no pod. */
  readonly template: JsonObject;
}

/** A template that was complete in a zone, by what leads back to it. */
export interface GoodTemplate {
  /** `deployment.kubernetes.io/revision` that its ReplicaSet had. */
  readonly revision: string;
  /** Hash of the user's template, and the version of the defaults in it. */
  readonly hash: string;
  readonly defaults: string;
  /** `pod-template-hash` of its pods; empty when there was none. */
  readonly replicaSet: string;
  /** It had been seen Ready, or had no pod to see. */
  readonly isProven: boolean;
  /** What the template that came after it asks of scheduler and quotas beyond it; absent: nothing, or nobody knows. */
  readonly beyond?: Beyond;
}

/** Why a rollout failed. */
export interface RolloutFailure {
  readonly reason: ConditionReason<'RolloutFailed'>;
  readonly words: string;
}

/** Fields (`nodeSelector`) and resources (`requests.cpu`), each with how much of it was asked for before, in base units. */
export type Beyond = Readonly<Record<string, number>>;

export interface BudgetView extends ChildView {
  readonly generation: number;
  readonly observedGeneration: number;
  /** Undefined when somebody made it a percentage or a `maxUnavailable`. */
  readonly minAvailable: number | undefined;
  readonly currentHealthy: number;
}
