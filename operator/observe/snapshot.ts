import type { Station } from '../api/station.ts';
import type { ZoneName } from '../api/zone.ts';
import type { FieldsV1 } from '../kube/managedfields.ts';
import type { Contest } from './contest.ts';
import type { FailingPods } from './making.ts';
import type { ScalingMetric } from './objects.ts';
import type { KubeObject, ManagedFieldsEntry } from '../kube/object.ts';

/**
 * One look at one station: everything the planner may know, frozen. Times are ages in milliseconds on the monotonic
 * clock since the operator first saw the fact, so a restart waits longer and never acts sooner.
 */
export interface Snapshot {
  readonly station: Station;
  /** Declared zones in the station's fixed order, then zones where only a Deployment is left. */
  readonly zones: readonly ZoneView[];
  readonly service: Child<ServiceView>;
  readonly budget: Child<BudgetView>;
  /** When the pods were last told to restart (RFC 3339), from the Station or, if it was made again, from its Deployments. */
  readonly restartedAt: string | undefined;
  /** What the API server held against the newest template, and when it is tried again; absent when nothing. */
  readonly templateRefused?: { readonly message: string; readonly retryMs: number };
  /** The same for going back to the template before. */
  readonly rollBackRefused?: { readonly message: string; readonly retryMs: number };
  /** Nor can the Service be written: where it is absent, no pod is waited for to be behind it. */
  readonly serviceRefused?: { readonly message: string; readonly retryMs: number };
  /** Names of budgets of other people that select our pods. */
  readonly foreignBudgets: readonly string[];
  /** Pods that the station's selectors catch and that are not its own. */
  readonly strangers: readonly StrangerView[];
  /** Autoscalers that target this Station. */
  readonly autoscalers: readonly AutoscalerView[];
  /** Fields of children that others change, as they were when we last wrote; those of a quarter of an hour. */
  readonly contests?: readonly Contest[];
  /** Autoscalers that scale a Deployment of this station, which is ours to scale. */
  readonly scaledChildren?: readonly { readonly autoscaler: string; readonly deployment: string }[];
  /** After this long the same facts mean something else by age alone: look again then. */
  readonly lookAgainMs?: number;
  /** How long the same zones have been full; `Infinity` while none has been since the operator started. */
  readonly fullMs: number;
  /** The API server makes nothing in the station's namespace any more; absent when it does. */
  readonly namespaceTerminating?: boolean;
}

/** A HorizontalPodAutoscaler and what it goes by. */
export interface AutoscalerView {
  readonly name: string;
  readonly metrics: readonly ScalingMetric[];
}

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
  /** Why it failed, as it was noted then: a reason of `RolloutFailed`, a colon, and words. */
  readonly failure: string | undefined;
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

/** Fields (`nodeSelector`) and resources (`requests.cpu`), each with how much of it was asked for before, in base units. */
export type Beyond = Readonly<Record<string, number>>;

export interface BudgetView extends ChildView {
  readonly generation: number;
  readonly observedGeneration: number;
  /** Undefined when somebody made it a percentage or a `maxUnavailable`. */
  readonly minAvailable: number | undefined;
  readonly currentHealthy: number;
}

/**
 * - `live`: has a node that is healthy or leaving.
 * - `failing`: live, of 3 nodes or more, more than half of which were lost within 15 s and still are.
 * - `returning`: was lost or failing, and is so no more for less than 2 min.
 * - `lost`: known, and none of its nodes is healthy or leaving.
 * - `absent`: declared, but the cluster has never shown a node of it.
 */
export type ZoneState = 'live' | 'failing' | 'returning' | 'lost' | 'absent';

export interface ZoneView {
  readonly name: ZoneName;
  /** False: no longer one of the station's zones; its pods go once they are sure elsewhere. */
  readonly declared: boolean;
  readonly state: ZoneState;
  /** Why it takes no more pods, in the words of who refuses them; undefined while it may take more. */
  readonly full: string | undefined;
  /** Nodes the station may run on, whatever their state; new ones are left out. */
  readonly nodes: readonly NodeView[];
  readonly deployment: Child<DeploymentView>;
  readonly pods: readonly PodView[];
  /** For so long its Deployment has been at something without another pod getting Ready; undefined while it is at nothing. */
  readonly unsettledMs: number | undefined;
  /** Why no node there takes pods of the newest template, in words (`no node has disk=sdd`); absent while one does. */
  readonly newestUnfit?: string;
  /** The newest template itself names other zones; absent while it does not. */
  readonly isKeptOut?: true;
  /** The same as `newestUnfit` for the template that its Deployment has: nothing can be made there, and what runs there runs on. */
  readonly runningUnfit?: string;
  /** How long its Deployment has not been let make pods of the template that it runs; absent while it is. */
  readonly notMadeMs?: number;
  /** Pods that a ReplicaSet of it made one after another, and that all ended as Failed; absent while that is not so. */
  readonly failing?: FailingPods;
}

/** `suspect`: its Lease is not renewed while others are, and the API still calls it Ready. */
export type NodeState = 'healthy' | 'leaving' | 'lost' | 'suspect';

export interface NodeView {
  readonly name: string;
  readonly state: NodeState;
  /** How long it has been in this state. */
  readonly stateMs: number;
  /** It is leaving, and the scheduler still sends pods of ours there. */
  readonly isOpen?: true;
}

/**
 * - `deleting`: has a deletion timestamp; counts nowhere.
 * - `doubtful`: the API says Ready, but its node is gone, lost or suspect.
 * - `leaving`: Ready, on a leaving node.
 * - `starting`: not Ready, wherever it is.
 * - `sure`: Ready, on a healthy node.
 */
export type PodState = 'deleting' | 'doubtful' | 'leaving' | 'starting' | 'sure';

export interface PodView {
  readonly name: string;
  readonly uid: string;
  readonly state: PodState;
  /** How long it has been seen being deleted; undefined while it is not. */
  readonly deletingMs: number | undefined;
  /** Who has yet to let go of it, while it is being deleted. */
  readonly finalizers: readonly string[];
  /** Ports that its containers declare: `name:number/protocol`, one after the other, the name empty where there is none. */
  readonly ports: string;
  /** What the API calls Ready, which budgets count. */
  readonly ready: boolean;
  readonly readyMs: number;
  /** How long traffic of every port of the Service has gone to it; undefined while it does not, or the station has no ports. */
  readonly servedMs: number | undefined;
  readonly node: PodNode | undefined;
  /** How long its node has been seen with another zone's label than its own zone's; absent while it has not. */
  readonly misplacedMs?: number;
  /** `pod-template-hash`: which ReplicaSet it belongs to. */
  readonly replicaSet: string;
  /** It carries the lowest deletion cost: the ReplicaSet takes it before any other Ready pod. */
  readonly marked: boolean;
  /** How long we have seen it so: the ReplicaSet's own view of pods may be that much older than ours. */
  readonly markedMs: number;
  /** The scheduler's words and their age, while it finds no node. */
  readonly unschedulable: { readonly message: string; readonly ageMs: number } | undefined;
  /** How long it has had no node without a word of any scheduler; absent while it has one, or words. */
  readonly unplacedMs?: number;
  /** It has a node and is not Ready after three times the station's start-up time. */
  readonly slow: boolean;
  /** Why its container does not start (`ImagePullBackOff`, `CrashLoopBackOff` …), the kubelet's words, and for how long. */
  readonly stuck: { readonly reason: string; readonly message: string; readonly ageMs: number } | undefined;
}

/**
 * A pod with the station's labels that no ReplicaSet of ours controls: the budget counts it while it is Ready, and the Service
 * sends it requests. It counts nowhere for us, and is not ours to delete.
 */
export interface StrangerView {
  readonly name: string;
  /** What the API calls Ready, which budgets count unless it is being deleted. */
  readonly ready: boolean;
  /** It ran to its end all the same. */
  readonly ended: boolean;
  /** Kind and name of who controls it; undefined: nobody. */
  readonly controller: string | undefined;
  /** How long its node has been leaving; undefined while it is not. */
  readonly leavingMs: number | undefined;
  /** It has been none of ours for 10 s: it is not merely on its way from one controller to the next. */
  readonly lasting: boolean;
  /** How long it has been seen being deleted; undefined while it is not. */
  readonly deletingMs: number | undefined;
}

export interface PodNode {
  readonly name: string;
  /** The zone that the node is in now, by its label; absent when it is gone. */
  readonly zone?: ZoneName;
  readonly state: NodeState | 'gone';
  readonly stateMs: number;
  /**
   * The pod was there when its node was lost: made before the node's Ready condition left True (for a suspect one: before its
   * Lease was renewed last; for a gone one: still Ready). Compared between the two objects' own timestamps, never with our clock.
   */
  readonly lostWithIt: boolean;
  /**
   * The pod was there when its node began to leave: bound before, by the API server's clock. False on a node that does not
   * leave, and of pods that came later, each of which may stand in for another already.
   */
  readonly leavesWithIt: boolean;
  /** It evicts the first of its pods within this, by a taint that they tolerate for a while, if at all; absent without one. */
  readonly evictsInMs?: number;
  /** The node came back after the pod was made: how long it has been healthy again. */
  readonly healedMs: number | undefined;
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}
