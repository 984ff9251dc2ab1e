import type { ConditionReason } from '../api/conditions.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { FieldsV1, KubeObject, ManagedFieldsEntry } from '../api/kubernetes/object.ts';

/**
 * A child object, by what we may do to it. `absent`: we make it. `taken`: it belongs to another owner, so we leave it
 * alone. `deleting`: we wait until it is gone; a write would not help, since its controller does nothing for it any
 * more. `ours`: we keep it as the plan wants it.
 */
export type Child<T> =
  | { readonly state: 'absent' }
  | { readonly state: 'taken'; readonly name: string; readonly by: string }
  | DeletingChild
  | ({ readonly state: 'ours' } & T);

/** A child of ours with a deletion timestamp. When it is gone, we make it again. */
export interface DeletingChild {
  readonly state: 'deleting';
  readonly name: string;
  /** Finalizers that hold it: each must be taken off before it can go. */
  readonly finalizers: readonly string[];
}

/** The fields that every child of ours has. */
export interface ChildView {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Hash of the intent that was applied last, from its annotation. */
  readonly intentHash: string | undefined;
  /** Fields that our field manager owns now. When another manager changes a field, we no longer own it. */
  readonly owned: FieldsV1 | undefined;
  /** The live values of the fields that an intent may ask for. */
  readonly live?: KubeObject;
  /** The other field managers, each with the fields that it owns. */
  readonly others?: readonly ManagedFieldsEntry[];
}

export interface ServiceView extends ChildView {
  readonly ports: readonly ServicePort[];
  /** Whether it selects pods itself; absent: it does not. */
  readonly selects?: true;
}

/** Where a port of a Service leads: a number, or the name of a container's port. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetPort: number | string;
  /** The application's protocol, such as `kubernetes.io/h2c`; absent: nobody has said. */
  readonly appProtocol?: string;
}

export interface DeploymentView extends ChildView {
  readonly generation: number;
  readonly observedGeneration: number;
  /** `spec.replicas`: pods the ReplicaSets are told to keep. */
  readonly replicas: number;
  /** `status.replicas`, and how many of these were made from the newest template. */
  readonly madeReplicas: number;
  readonly updatedReplicas: number;
  readonly minReadyMs: number;
  /** `maxSurge` as written: a number of pods or a percentage. */
  readonly maxSurge: number | string;
  /** `maxUnavailable` as written. It is more than 0 only while old pods of the zone go first (plan/station/rules/makeRoom.ts). */
  readonly maxUnavailable: number | string;
  /** `progressDeadlineSeconds` in ms: a rollout that makes no progress for this long has failed, or is stuck. */
  readonly progressDeadlineMs: number;
  /** A person or a program paused it: its controller still scales it, but rolls out nothing. */
  readonly paused: boolean;
  /**
   * Its controller reports `ProgressDeadlineExceeded`: it gave up on the rollout, because there is no room or because
   * the template is bad.
   */
  readonly progressFailed: boolean;
  /** `deployment.kubernetes.io/revision` of the template that it runs now. */
  readonly revision: string | undefined;
  /**
   * The template to go back to when the rollout fails. It is noted when the rollout begins: the last one that was
   * complete in the zone.
   */
  readonly good: GoodTemplate | undefined;
  /** Hash of the user's template that failed in this zone; it is not tried again. */
  readonly badTemplate: string | undefined;
  /** Why that template failed, as it was noted then: a reason of `RolloutFailed`, a colon, and a text. */
  readonly failure: RolloutFailure | undefined;
  /** How many pods each node had when evening out was last tried, as `3,2,2,0`. */
  readonly evened: string | undefined;
  /** Why its ReplicaSet cannot make pods (quota, admission), in the API server's words. */
  readonly replicaFailure: string | undefined;
  /**
   * How long its ReplicaSet has been unable to make pods, and how long since it was last told to try at once. If it was
   * never told, the two are equal. Both are 0 while it can make pods.
   */
  readonly failingMs: number;
  readonly sinceToldMs: number;
  /** How often it was told to try at once, over its whole life. */
  readonly timesTold: number;
  /** Hash of the user's template that it was made from, and the version of the defaults that were added. */
  readonly templateHash: string | undefined;
  readonly defaults: string | undefined;
  /**
   * The whole live pod template. A zone whose turn in a rollout has not come keeps it, so that growing the zone changes
   * no pod.
   */
  readonly template: JsonObject;
}

/** A template whose rollout was once complete in a zone, described by what is needed to find it again. */
export interface GoodTemplate {
  /** `deployment.kubernetes.io/revision` that its ReplicaSet had. */
  readonly revision: string;
  /** Hash of the user's template, and the version of the defaults in it. */
  readonly hash: string;
  readonly defaults: string;
  /** `pod-template-hash` of its pods; empty when it had no pods. */
  readonly replicaSet: string;
  /** We have seen a pod of it Ready, or the zone was to have no pods. */
  readonly isProven: boolean;
  /**
   * What the next template asks of the scheduler and of quotas, and this one does not. Absent: nothing more, or
   * unknown.
   */
  readonly beyond?: Beyond;
}

/** Why a rollout failed. */
export interface RolloutFailure {
  readonly reason: ConditionReason<'RolloutFailed'>;
  readonly words: string;
}

/**
 * Fields (`nodeSelector`) and resources (`requests.cpu`), each with the amount that the old template asks for, in base
 * units.
 */
export type Beyond = Readonly<Record<string, number>>;

export interface BudgetView extends ChildView {
  readonly generation: number;
  readonly observedGeneration: number;
  /** Undefined when another writer replaced it by a percentage or by `maxUnavailable`. */
  readonly minAvailable: number | undefined;
  readonly currentHealthy: number;
}
