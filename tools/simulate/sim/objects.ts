import type { Json, JsonObject } from '../../../operator/api/kubernetes/json.ts';

/** What every stored object has; objects are never changed in place, so that a view may lag behind. */
export interface Stored {
  readonly name: string;
  readonly uid: string;
  readonly version: number;
  readonly createdMs: number;
}

export interface SimNode extends Stored {
  /** What its zone label says now. */
  readonly zone: string;
  /** What its label `pool` says now. */
  readonly pool: string;
  readonly cordoned: boolean;
  /** Since when it is cordoned. */
  readonly cordonedMs?: number | undefined;
  /** Keys of taints that keep new pods away, as an autoscaler sets them. */
  readonly taints: readonly string[];
  /** When its taints last changed. */
  readonly taintedMs?: number | undefined;
  /** Since when a condition says that it is about to be drained; nothing keeps pods away. */
  readonly goingMs?: number | undefined;
  /** Most pods it takes. */
  readonly room: number;
  readonly ready: 'True' | 'False' | 'Unknown';
  /** When `ready` last changed. */
  readonly readySinceMs: number;
  /** When it was given notice by a taint that evicts pods after what they tolerate. */
  readonly noticedMs?: number | undefined;
  /** When the taint that evicts its pods was put on it. */
  readonly evictSinceMs: number | undefined;
}

export interface SimPod extends Stored {
  /** Name and uid of the ReplicaSet that controls it, and the name of that one's Deployment; empty for a stranger. */
  readonly replicaSet: string;
  readonly replicaSetUid: string;
  readonly deployment: string;
  readonly hash: string;
  readonly labels: JsonObject;
  /** As the template has them. */
  readonly containers: readonly Json[];
  readonly node: string | undefined;
  /** When it was given its node. */
  readonly boundMs: number | undefined;
  readonly running: boolean;
  readonly ready: boolean;
  readonly readySinceMs: number;
  readonly deletingMs: number | undefined;
  readonly cost: number | undefined;
  readonly tolerations?: readonly JsonObject[];
  readonly unschedulable: { readonly message: string; readonly sinceMs: number } | undefined;
  /** Why its container does not start, as the kubelet reports it. */
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  /** Why it ended, by its kubelet: nobody counts it any more, and nobody takes it away. */
  readonly failed?: { readonly reason: string; readonly message: string } | undefined;
}

/** What the label `pool` of every node says at first. */
export const firstPool = 'first';

export interface SimReplicaSet extends Stored {
  readonly deployment: string;
  readonly deploymentUid: string;
  readonly hash: string;
  readonly template: JsonObject;
  readonly replicas: number;
  /** Annotations of the Deployment controller: replicas and most pods when it was last scaled. */
  readonly desired: number;
  readonly most: number;
  readonly minReadyMs: number;
  readonly revision: number;
  /** Copied from its Deployment's annotation. */
  readonly timesTold: number;
  readonly status: {
    readonly replicas: number;
    readonly ready: number;
    readonly available: number;
    /** Why the API server takes no more pods of it. */
    readonly failure: string | undefined;
  };
}

export interface SimDeployment extends Stored {
  readonly generation: number;
  /** When somebody deleted it, to wait for what it owns. */
  readonly deletingMs?: number;
  /** What was applied, as it was applied. */
  readonly body: JsonObject;
  /** Somebody paused its rollouts since. */
  readonly paused: boolean;
  readonly replicas: number;
  readonly surge: number | string;
  /** `maxUnavailable`, in pods. */
  readonly unavailable: number;
  readonly minReadyMs: number;
  readonly template: JsonObject;
  readonly hash: string;
  readonly deadlineMs: number;
  /** Annotation of ours. */
  readonly timesTold: number;
  /** The field manager that set `replicas` last, where that is not the operator. */
  readonly scaledBy?: string | undefined;
  /** Annotation of the Deployment controller: which of its templates it runs. */
  readonly revision: number;
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly updated: number;
    readonly ready: number;
    readonly available: number;
    readonly failure: string | undefined;
    readonly progress: Progress | undefined;
  };
}

/** The condition `Progressing`. */
export interface Progress {
  readonly reason: 'NewReplicaSetCreated' | 'ReplicaSetUpdated' | 'NewReplicaSetAvailable' | 'ProgressDeadlineExceeded';
  readonly updatedMs: number;
}

export interface SimBudget extends Stored {
  readonly generation: number;
  readonly body: JsonObject;
  readonly minAvailable: number;
  readonly status: {
    readonly observedGeneration: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly allowed: number;
    /** Pods an eviction was granted for, and when, until the controller sees them go. */
    readonly disrupted: ReadonlyMap<string, number>;
  };
}

export interface SimService extends Stored {
  readonly body: JsonObject;
}

/** Pods with the same ports. */
export interface SimSlice extends Stored {
  /** Ports of the Service that its pods have, and the numbers they lead to. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly endpoints: readonly {
    readonly pod: string;
    readonly uid: string;
    readonly node: string;
    readonly ready: boolean;
    /** When `ready` last changed. */
    readonly sinceMs: number;
  }[];
}

export interface SimStation extends Stored {
  readonly generation: number;
  readonly body: JsonObject;
  /** What the operator said of it last. */
  readonly status?: JsonObject;
}

export type SimKitchen = SimStation;

/** Every kind the simulated API server stores. */
export interface Kinds {
  readonly node: SimNode;
  readonly pod: SimPod;
  readonly replicaSet: SimReplicaSet;
  readonly deployment: SimDeployment;
  readonly budget: SimBudget;
  readonly service: SimService;
  readonly slice: SimSlice;
  readonly station: SimStation;
  readonly kitchen: SimKitchen;
}
export type Kind = keyof Kinds;
export const kinds: readonly Kind[] = [
  'node',
  'pod',
  'replicaSet',
  'deployment',
  'budget',
  'service',
  'slice',
  'station',
  'kitchen',
];

/** The station's selectors catch it, and no ReplicaSet controls it. */
export const isStranger = ({ replicaSet }: SimPod): boolean => replicaSet === '';

/** A pod that its ReplicaSet still counts. */
export const isActive = (pod: SimPod): boolean => pod.deletingMs === undefined && pod.failed === undefined;

/** Somebody is about to take the node away; another's owners only keep new pods away. */
export const isGoing = (node: SimNode): boolean =>
  node.cordoned ||
  node.taints.some((key) => key.startsWith('karpenter.sh/')) ||
  node.goingMs !== undefined ||
  node.noticedMs !== undefined;
