import type { ZoneName } from '../api/zone.ts';
import type { PodView } from './pod.ts';
import type { Child, DeploymentView } from './child.ts';

/**
 * - `live`: has a node that is healthy or leaving.
 * - `failing`: live, with 3 nodes or more, of which more than half went down within 15 s and still are down.
 * - `returning`: was lost or failing, and has not been either for less than 2 min.
 * - `shifted`: live, failing or returning, and requests are to leave it for a time (`spec.shifts`).
 * - `lost`: known, and none of its nodes is healthy or leaving.
 * - `absent`: declared, but the cluster has never shown a node of it.
 */
export type ZoneState = 'live' | 'failing' | 'returning' | 'shifted' | 'lost' | 'absent';

/**
 * Why a zone that is live or failing may be dying as a whole:
 *
 * - `overdue`: most of its nodes are down, or their Leases are overdue.
 * - `untold`: a node of it is lost, Leases do not tell of the others, and Kubernetes has not looked at them since.
 */
export type ZoneDoubt = 'overdue' | 'untold';

/** Whether none of its pods may be counted on: what is declared to be lost is spent on it. */
export function isOut({ state }: Pick<ZoneView, 'state'>): boolean {
  return state === 'lost' || state === 'shifted';
}

export interface ZoneView {
  readonly name: ZoneName;
  /** False when it is no longer one of the station's zones. Its pods go once as many are sure in other zones. */
  readonly declared: boolean;
  readonly state: ZoneState;
  /** Why it may be dying although Kubernetes calls nodes of it Ready; absent while nothing says so. */
  readonly doubt?: ZoneDoubt;
  /** Why it takes no more pods, in the words of what refuses them; undefined while it may take more. */
  readonly full: string | undefined;
  readonly nodes: ZoneNodes;
  readonly deployment: Child<DeploymentView>;
  readonly pods: readonly PodView[];
  /**
   * How long its Deployment has had work to do (a rollout, pods to make or delete) without one more Ready pod;
   * undefined without work.
   */
  readonly unsettledMs: number | undefined;
  /** Why no node there takes pods of the newest template (`no node has disk=sdd`); absent while a node takes them. */
  readonly newestUnfit?: string;
  /** The newest template itself names other zones, so no new node can help; absent otherwise. */
  readonly isKeptOut?: true;
  /**
   * Why no node there takes pods of the template that its Deployment has. No pod can be made then, and the pods that
   * run go on. Absent while a node takes them.
   */
  readonly runningUnfit?: string;
  /** How long the API server has refused the pods of the template that its Deployment has; absent while it does not. */
  readonly notMadeMs?: number;
  /** Pods of one ReplicaSet that were made one after another and all ended as Failed; absent when there are no such pods. */
  readonly failing?: FailingPods;
}

/** `suspect`: its Lease is not renewed while those of others are, and the API still calls it Ready. */
export type NodeState = 'healthy' | 'leaving' | 'lost' | 'suspect';

/**
 * The nodes of a zone that a station may run on, in any state, except new ones. There may be thousands, so they are
 * counted, and only those are named that a rule asks for.
 */
export interface ZoneNodes {
  readonly count: number;
  readonly healthy: number;
  /** Lost or suspect. */
  readonly down: number;
  /** Suspect ones alone. */
  readonly suspect: number;
  /** How long ago one of them changed its state last; `Infinity` without nodes. */
  readonly calmMs: number;
  /** How long ago one of them was lost or suspect last; `Infinity` while none is. */
  readonly downMs: number;
  /** The one that has been lost or suspect longest. */
  readonly firstDown: NodeView | undefined;
  /** Leaving ones on which the scheduler may still place our pods: the ten that have been leaving longest. */
  readonly open: readonly NodeView[];
  /** Those that carry pods of the station. */
  readonly carrying: readonly NodeView[];
}

export interface NodeView {
  readonly name: string;
  readonly state: NodeState;
  /** How long it has been in this state. */
  readonly stateMs: number;
  /** It is leaving, and the scheduler may still place our pods there. */
  readonly isOpen?: true;
}

/** Pods of one ReplicaSet that end as Failed again and again. */
export interface FailingPods {
  readonly replicaSet: string;
  /** Reason and message of the newest pod, as its status gives them. */
  readonly reason: string;
  readonly message: string;
  /** How long such pods have been failing, and how long ago we first saw the newest of them. */
  readonly ageMs: number;
  readonly newestMs: number;
}
