import type { DemandOwner } from '../model/kitchenSnapshot.ts';
import type { ScalingMetric } from '../model/snapshot.ts';
import type { Kitchen } from '../api/kitchen.ts';
import type { Labels } from '../api/labels.ts';
import type { Station } from '../api/station.ts';
import type { FieldsV1, KubeObject, ManagedFieldsEntry } from '../api/kubernetes/object.ts';
import type { RolloutNotes } from './station/rolloutNotes.ts';
import type { ServicePort } from '../model/child.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { StuckContainer } from './stuckContainer.ts';
import type { Toleration } from './nodes/tolerations.ts';

/*
 * What the stores keep of each kind of object. Flat and small: a cluster has many pods, and every replica of the
 * operator holds all of them. Timestamps are whole seconds since 1970, which take little memory; they are compared only
 * with each other, never with our clock.
 */

/** What is kept of every object that may be a child of ours. */
export interface ChildObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly deleting: boolean;
  /** The finalizers that it waits for, while it is being deleted. */
  readonly finalizers: readonly string[];
  /** Our two labels; empty when it does not have them. */
  readonly kitchen: string;
  readonly station: string;
  readonly controller: ControllerReference | undefined;
  readonly intentHash: string | undefined;
  /** Fields that our main field manager owns by server-side apply. */
  readonly owned: FieldsV1 | undefined;
  /** Only of objects with our labels: what an intent may ask for, as it is now, and what other managers own. */
  readonly live?: KubeObject;
  readonly others?: readonly ManagedFieldsEntry[];
}

export interface DeploymentObject extends ChildObject {
  readonly generation: number;
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly madeReplicas: number;
  readonly updatedReplicas: number;
  readonly minReadySeconds: number;
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
  readonly progressDeadlineSeconds: number;
  readonly paused: boolean;
  readonly replicaFailure: string | undefined;
  readonly timesTold: number;
  /** `Progressing` is False with reason `ProgressDeadlineExceeded`. */
  readonly progressFailed: boolean;
  readonly notes: RolloutNotes;
  /** What our annotations say, down to `defaults`; their keys are in `annotations`. */
  readonly zone: string | undefined;
  readonly zones: readonly string[];
  /** The station's demand, as version 0.1.0 noted it. */
  readonly demand: number | undefined;
  readonly templateHash: string | undefined;
  readonly defaults: string | undefined;
  /** `spec.template` as it is now. */
  readonly template: JsonObject;
}

export interface ServiceObject extends ChildObject {
  readonly ports: readonly ServicePort[];
  /** Whether it selects pods; absent: it does not. */
  readonly selects?: true;
}

export interface BudgetObject extends ChildObject {
  readonly generation: number;
  readonly observedGeneration: number;
  readonly minAvailable: number | undefined;
  readonly currentHealthy: number;
  /** Undefined: selects nothing. */
  readonly selector: LabelSelector | undefined;
  /** The station's demand, as we noted it. */
  readonly demand: number | undefined;
}

/** A label selector as the API has it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

/** One line of a label selector, or of a node selector (which alone has `Gt` and `Lt`). */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface PodObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly deleting: boolean;
  /** The finalizers that it waits for, while it is being deleted. */
  readonly finalizers: readonly string[];
  /** Ports that its containers declare, as in `PodView`. */
  readonly ports: string;
  readonly kitchen: string;
  readonly station: string;
  /** Slug of its zone. */
  readonly zone: string;
  /** `pod-template-hash`; empty where no ReplicaSet gave it one. */
  readonly replicaSet: string;
  readonly controller: ControllerReference | undefined;
  /** It ran to its end, and the API still calls it Ready: budgets count it. */
  readonly ended: boolean;
  /** Name of its node; empty while it has none. */
  readonly node: string;
  /** Its IP address; empty while it has none. */
  readonly address: string;
  /** Its address is that of its node; absent: it has one of its own. */
  readonly isOnHostNetwork?: true;
  /** Since when it is Ready; undefined while it is not. */
  readonly readyAt: number | undefined;
  /** When it was bound to its node; undefined while it is not. */
  readonly boundAt: number | undefined;
  /** What the scheduler says while it finds no node for the pod. */
  readonly unschedulable: string | undefined;
  readonly deletionCost: string | undefined;
  /** Only tolerations that say how long it stays on a tainted node. */
  readonly tolerations: readonly Toleration[];
  /** The service mesh that it is in; absent: none is known. */
  readonly mesh?: string;
  /** A container of it that does not start. */
  readonly stuck: StuckContainer | undefined;
  /** Why it ended as Failed through its own fault. It counts nowhere, and only shows that its template may be bad. */
  readonly failed?: { readonly reason: string; readonly message: string };
}

/** The controller of an object, by its owner reference. */
export interface ControllerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A ReplicaSet with our labels, reduced to what tells whose its pods are: a Deployment keeps eleven of them. */
export interface ReplicaSetObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly kitchen: string;
  readonly station: string;
  /** Slug of its zone. */
  readonly zone: string;
  /** Uid of its controller; empty when it has none. */
  readonly controllerUid: string;
}

export interface NodeObject {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly deleting: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  /** The Ready condition; `Unknown` without one. */
  readonly ready: 'True' | 'False' | 'Unknown';
  /** When `ready` became what it is. */
  readonly readyAt: number;
  /** Types of lifecycle conditions that say the node is about to go. */
  readonly going: readonly string[];
  /** When the first of these conditions became True; undefined when there is none or no timestamp tells. */
  readonly goingAt: number | undefined;
  /** When it was cordoned; undefined when it is not or no timestamp tells. */
  readonly cordonedAt: number | undefined;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  /** When it was added to the node, in seconds since 1970; absent when no timestamp tells. */
  readonly addedAt?: number;
  /** It announces that the node is about to go. */
  readonly announces?: true;
}

/** A NetworkPolicy about incoming traffic. */
export interface PolicyObject {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  /** Ports of each of its rules that lets hubs in; a rule without ports is about all. */
  readonly openTo: readonly (readonly PolicyPort[])[];
}

/** Ports of a rule of a NetworkPolicy, as the API has them. */
export interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
}

/** An EndpointSlice of ours. */
export interface SliceObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The name of its Service. */
  readonly service: string;
  /** Who keeps it, as its label says: `endpointslice-controller.k8s.io`. */
  readonly managedBy: string;
  readonly kitchen: string;
  readonly station: string;
  /** Names of the Service's ports that lead to its pods; a port is left out when its pods lack the port it targets. */
  readonly ports: readonly string[];
  /** Uids of the pods that it lists as ready. */
  readonly readyPods: readonly string[];
  /** Of a slice of ours: the hubs that it lists, and their ports. */
  readonly hubs?: HubSlice;
}

/** What a slice of ours says. */
export interface HubSlice {
  readonly endpoints: readonly HubEndpoint[];
  readonly ports: readonly HubSlicePort[];
}

/** A hub in a slice. */
export interface HubEndpoint {
  readonly address: string;
  readonly node: string;
  /** Empty: its node has none. */
  readonly zone: string;
  /**
   * - Ready: it gets new connections.
   * - Leaving: it ends what it has begun, and gets new connections only where no other hub is.
   * - Away: it gets none.
   */
  readonly state: 'Ready' | 'Leaving' | 'Away';
}

/** A port of the Service, and where the hubs listen for it. */
export interface HubSlicePort {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}

export interface NamespaceObject {
  readonly name: string;
  readonly deleting: boolean;
  /** By them an operator of several chooses its namespaces. */
  readonly labels: Labels;
}

export interface AutoscalerObject {
  readonly namespace: string;
  readonly name: string;
  readonly target: { readonly group: string; readonly kind: string; readonly name: string };
  readonly metrics: readonly ScalingMetric[];
}

/** A whole Station, its `managedFields` reduced to who owns what. */
export interface StationObject extends ChildObject {
  readonly station: string;
  readonly object: Station;
  readonly demandOwner: DemandOwner;
}

export interface KitchenObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly deleting: boolean;
  readonly object: Kitchen;
}
