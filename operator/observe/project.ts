import { annotations, labels } from '../api/labels.ts';
import type { Kitchen } from '../api/kitchen.ts';
import type { KubeObject } from '../kube/object.ts';
import { intern } from './intern.ts';
import type { AutoscalerObject, Controller, KitchenObject, NodeObject, PodObject } from './objects.ts';
import type { ReplicaSetObject, SliceObject, Taint } from './objects.ts';
import { stuckContainer } from './stuckContainer.ts';
import type { RawContainerStatus } from './stuckContainer.ts';

interface RawCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

interface RawPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly RawCondition[];
    readonly initContainerStatuses?: readonly RawContainerStatus[];
    readonly containerStatuses?: readonly RawContainerStatus[];
  };
}

interface RawNode extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: { readonly conditions?: readonly RawCondition[] };
}

interface RawSlice extends KubeObject {
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean | null };
    readonly targetRef?: { readonly kind?: string; readonly uid?: string };
  }[];
}

interface RawAutoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
  };
}

/** The label by which a ReplicaSet tells its pods from those of other templates. */
const TEMPLATE_HASH = 'pod-template-hash';

/** Conditions with which an administrator or `kubectl drain` says that a node is about to go (KEP-5683). */
const goingConditions = new Set([
  'DrainInProgress',
  'Drained',
  'GracefulNodeShutdownInProgress',
  'MaintenanceInProgress',
]);

/** A pod, whoever made it; one that ran to its end and is not called Ready any more counts nowhere and is left out. */
export function projectPod(raw: KubeObject): PodObject | undefined {
  const { metadata, spec, status } = raw as RawPod;
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const ready = conditionOf(status?.conditions, 'Ready');
  if (ended && ready?.status !== 'True') return undefined;
  const scheduled = conditionOf(status?.conditions, 'PodScheduled');
  return {
    namespace: intern(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    createdAt: secondsOf(metadata.creationTimestamp),
    deleting: metadata.deletionTimestamp !== undefined,
    kitchen: intern(metadata.labels?.[labels.kitchen] ?? ''),
    station: intern(metadata.labels?.[labels.station] ?? ''),
    zone: intern(metadata.labels?.[labels.zone] ?? ''),
    replicaSet: intern(metadata.labels?.[TEMPLATE_HASH] ?? ''),
    controller: controllerOf(raw),
    ended,
    node: intern(spec?.nodeName ?? ''),
    readyAt: ready?.status === 'True' ? secondsOf(ready.lastTransitionTime) : undefined,
    boundAt: scheduled?.status === 'True' ? secondsOf(scheduled.lastTransitionTime) : undefined,
    unschedulable: scheduled?.reason === 'Unschedulable' ? intern(scheduled.message ?? scheduled.reason) : undefined,
    deletionCost: metadata.annotations?.[annotations.podDeletionCost],
    stuck: stuckContainer([...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]),
  };
}

/** A ReplicaSet of which only the metadata was read. */
export function projectReplicaSet(raw: KubeObject): ReplicaSetObject {
  const { metadata } = raw;
  return {
    namespace: intern(metadata.namespace ?? ''),
    name: intern(metadata.name ?? ''),
    uid: intern(metadata.uid ?? ''),
    kitchen: intern(metadata.labels?.[labels.kitchen] ?? ''),
    station: intern(metadata.labels?.[labels.station] ?? ''),
    zone: intern(metadata.labels?.[labels.zone] ?? ''),
    controllerUid: intern(controllerOf(raw)?.uid ?? ''),
  };
}

/** Pods of one ReplicaSet share its name and uid in memory. */
function controllerOf({ metadata }: KubeObject): Controller | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && { kind: intern(owner.kind), name: intern(owner.name), uid: intern(owner.uid) };
}

/** A node without its heartbeats, images and addresses. */
export function projectNode(raw: KubeObject): NodeObject {
  const { metadata, spec, status } = raw as RawNode;
  const ready = conditionOf(status?.conditions, 'Ready');
  return {
    name: intern(metadata.name ?? ''),
    uid: metadata.uid ?? '',
    createdAt: secondsOf(metadata.creationTimestamp),
    labels: metadata.labels ?? {},
    unschedulable: spec?.unschedulable === true,
    taints: (spec?.taints ?? []).map(taintOf),
    ready: ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown',
    readyAt: secondsOf(ready?.lastTransitionTime ?? metadata.creationTimestamp),
    going: (status?.conditions ?? [])
      .filter(({ type, status: says }) => says === 'True' && goingConditions.has(type))
      .map(({ type }) => type)
      .sort(),
  };
}

/** An EndpointSlice of ours, down to the pods that traffic goes to; an unset `ready` means ready. */
export function projectSlice(raw: KubeObject): SliceObject {
  const { metadata, endpoints } = raw as RawSlice;
  return {
    namespace: intern(metadata.namespace ?? ''),
    kitchen: intern(metadata.labels?.[labels.kitchen] ?? ''),
    station: intern(metadata.labels?.[labels.station] ?? ''),
    readyPods: (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ targetRef }) => (targetRef?.kind === 'Pod' && targetRef.uid !== undefined ? [targetRef.uid] : []))
      .sort(),
  };
}

/** An autoscaler and what it scales. */
export function projectAutoscaler(raw: KubeObject): AutoscalerObject {
  const { metadata, spec } = raw as RawAutoscaler;
  const target = spec?.scaleTargetRef;
  return {
    namespace: intern(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    target: { group: groupOf(target?.apiVersion ?? ''), kind: target?.kind ?? '', name: target?.name ?? '' },
  };
}

/** A whole Kitchen but for its `managedFields`. */
export function projectKitchen(raw: KubeObject): KitchenObject {
  const { metadata } = raw;
  const { managedFields: _, ...kept } = metadata;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    object: { ...raw, metadata: kept } as unknown as Kitchen,
  };
}

function conditionOf(conditions: readonly RawCondition[] | undefined, type: string): RawCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Without `timeAdded`, which says nothing about what is kept away. */
function taintOf({ key, value = '', effect }: Taint): Taint {
  return value === '' ? { key, effect } : { key, value, effect };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** RFC 3339 in whole seconds since 1970, as the API server writes times; 0 for none. */
function secondsOf(time: string | null | undefined): number {
  const ms = time === undefined || time === null ? 0 : Date.parse(time);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}
