import type { ZoneName } from '../api/zone.ts';
import type { NodeState } from './zone.ts';

/**
 * - `deleting`: it has a deletion timestamp, and is not counted anywhere.
 * - `doubtful`: the API says Ready, but its node is gone, lost or suspect.
 * - `leaving`: Ready, on a leaving node.
 * - `shifted`: Ready, on a healthy or leaving node of a zone that requests are to leave for a time.
 * - `starting`: not Ready, on any node or on none yet.
 * - `sure`: Ready, on a healthy node.
 */
export type PodState = 'deleting' | 'doubtful' | 'leaving' | 'shifted' | 'starting' | 'sure';

/** Pods without a deletion timestamp. */
export function alivePods<Pod extends Pick<PodView, 'state'>>(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ state }) => state !== 'deleting');
}

/** Pods that may be counted on. */
export function surePods<Pod extends Pick<PodView, 'state'>>(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(isSure);
}

/** Whether a pod may be counted on. */
export function isSure({ state }: Pick<PodView, 'state'>): boolean {
  return state === 'sure';
}

/** Pods that serve, or could: Ready, on a healthy or leaving node. */
export function servingPods<Pod extends Pick<PodView, 'state'>>(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter((pod) => isSure(pod) || pod.state === 'leaving' || pod.state === 'shifted');
}

export interface PodView {
  readonly name: string;
  readonly uid: string;
  readonly state: PodState;
  /** How long we have seen its deletion timestamp; undefined while it has none. */
  readonly deletingMs: number | undefined;
  /** Finalizers that hold it while it is being deleted. */
  readonly finalizers: readonly string[];
  /**
   * The ports that its containers declare, as `name:number/protocol`, with spaces between. The name is empty for a port
   * without one.
   */
  readonly ports: string;
  /** Whether the API says Ready: budgets count such pods. */
  readonly ready: boolean;
  readonly readyMs: number;
  /**
   * How long EndpointSlices have listed it as ready with every port of the Service. Undefined while they do not, or
   * when the station has no ports.
   */
  readonly servedMs: number | undefined;
  readonly node: PodNode | undefined;
  /** How long the zone label of its node has named another zone than the pod's own; absent while it does not. */
  readonly misplacedMs?: number;
  /** `pod-template-hash`: the ReplicaSet that it belongs to. */
  readonly replicaSet: string;
  /** It carries the lowest deletion cost, so the ReplicaSet deletes it before any other Ready pod. */
  readonly marked: boolean;
  /** How long we have seen the mark. The ReplicaSet controller may see pods as they were that much earlier. */
  readonly markedMs: number;
  /** What the scheduler says while it finds no node for the pod, and for how long. */
  readonly unschedulable: { readonly message: string; readonly ageMs: number } | undefined;
  /** How long it has had no node, without a word from a scheduler; absent otherwise. */
  readonly unplacedMs?: number;
  /** It has a node, and is not Ready after three times the station's start-up time. */
  readonly slow: boolean;
  /** Why its container does not start (`ImagePullBackOff`, `CrashLoopBackOff` …), in the kubelet's words, and for how long. */
  readonly stuck: { readonly reason: string; readonly message: string; readonly ageMs: number } | undefined;
}

/**
 * A stranger: a pod with the station's labels that no ReplicaSet of ours controls. While it is Ready, the budget counts
 * it and the Service sends it requests. We count it nowhere, and it is not ours to delete.
 */
export interface StrangerView {
  readonly name: string;
  /** Whether the API says Ready: budgets count such pods unless they are being deleted. */
  readonly ready: boolean;
  /** It has ended. The API may still say Ready. */
  readonly ended: boolean;
  /** Kind and name of its controller; undefined when it has none. */
  readonly controller: string | undefined;
  /** How long its node has been leaving; undefined while it is not. */
  readonly leavingMs: number | undefined;
  /** It has been a stranger for 10 s. A shorter time may only mean that it goes from one controller to another. */
  readonly lasting: boolean;
  /** How long we have seen its deletion timestamp; undefined while it has none. */
  readonly deletingMs: number | undefined;
}

export interface PodNode {
  readonly name: string;
  /** The zone that the node's label names now; absent when the node is gone. */
  readonly zone?: ZoneName;
  readonly state: NodeState | 'gone';
  readonly stateMs: number;
  /**
   * The pod was on the node when the node was lost. Lost: made before the node's Ready condition left True. Suspect:
   * made before the last renewal of its Lease. Gone: still Ready. We compare the timestamps of the two objects, never
   * with our clock.
   */
  readonly lostWithIt: boolean;
  /**
   * The pod was bound before its node began to leave, by the API server's clock. False on a node that does not leave.
   * False for a pod that came later, since it may be a replacement already.
   */
  readonly leavesWithIt: boolean;
  /**
   * A taint evicts the first pods of the node after this many ms, when what they tolerate has passed; absent without
   * such a taint.
   */
  readonly evictsInMs?: number;
  /** For a node that became Ready again after the pod was bound: how long it has been Ready since. Undefined otherwise. */
  readonly healedMs: number | undefined;
}
