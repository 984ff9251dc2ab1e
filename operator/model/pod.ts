import type { ZoneName } from '../api/zone.ts';
import type { NodeState } from './zone.ts';

/**
 * - `deleting`: has a deletion timestamp; counts nowhere.
 * - `doubtful`: the API says Ready, but its node is gone, lost or suspect.
 * - `leaving`: Ready, on a leaving node.
 * - `starting`: not Ready, wherever it is.
 * - `sure`: Ready, on a healthy node.
 */
export type PodState = 'deleting' | 'doubtful' | 'leaving' | 'starting' | 'sure';

/** Pods that nobody is deleting. */
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

/** Pods that serve: Ready, and their node is not lost. */
export function servingPods<Pod extends Pick<PodView, 'state'>>(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter((pod) => isSure(pod) || pod.state === 'leaving');
}

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
