import { annotations, labels } from '../api/labels.ts';
import type { Kitchen } from '../api/kitchen.ts';
import type { KubeObject } from '../kube/object.ts';
import { declaredPorts } from '../api/containerPorts.ts';
import type { RawPodSpec } from '../api/containerPorts.ts';
import { finalizersOf } from './finalizers.ts';
import { intern } from './intern.ts';
import type {
  AutoscalerObject,
  KitchenObject,
  NamespaceObject,
  NodeObject,
  PodObject,
  SliceObject,
  Taint,
} from './objects.ts';
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
  readonly spec?: RawPodSpec & { readonly nodeName?: string };
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
  readonly ports?: readonly { readonly name?: string | null; readonly port?: number | null }[] | null;
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

/** A pod; one that ran to its end, or that no ReplicaSet made, counts nowhere and is left out, unless others wait for its end. */
export function projectPod(raw: KubeObject): PodObject | undefined {
  const { metadata, spec, status } = raw as RawPod;
  const replicaSet = metadata.labels?.[TEMPLATE_HASH];
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (replicaSet === undefined || (hasEnded && !isHeldUp(raw))) return undefined;
  const ready = conditionOf(status?.conditions, 'Ready');
  const scheduled = conditionOf(status?.conditions, 'PodScheduled');
  return {
    namespace: intern(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    createdAt: secondsOf(metadata.creationTimestamp),
    deleting: metadata.deletionTimestamp !== undefined,
    finalizers: finalizersOf(metadata),
    ports: intern(declaredPorts(spec)),
    kitchen: intern(metadata.labels?.[labels.kitchen] ?? ''),
    station: intern(metadata.labels?.[labels.station] ?? ''),
    zone: intern(metadata.labels?.[labels.zone] ?? ''),
    replicaSet: intern(replicaSet),
    node: intern(spec?.nodeName ?? ''),
    readyAt: ready?.status === 'True' ? secondsOf(ready.lastTransitionTime) : undefined,
    boundAt: scheduled?.status === 'True' ? secondsOf(scheduled.lastTransitionTime) : undefined,
    unschedulable: scheduled?.reason === 'Unschedulable' ? intern(scheduled.message ?? scheduled.reason) : undefined,
    deletionCost: metadata.annotations?.[annotations.podDeletionCost],
    stuck: stuckContainer([...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]),
  };
}

/** It waits for a finalizer, and so do the objects that own it. */
function isHeldUp({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && finalizersOf(metadata).length > 0;
}

/** A node without its heartbeats, images and addresses. */
export function projectNode(raw: KubeObject): NodeObject {
  const { metadata, spec, status } = raw as RawNode;
  const ready = conditionOf(status?.conditions, 'Ready');
  return {
    name: intern(metadata.name ?? ''),
    uid: metadata.uid ?? '',
    createdAt: secondsOf(metadata.creationTimestamp),
    deleting: metadata.deletionTimestamp !== undefined,
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

/**
 * An EndpointSlice of ours, down to the pods that traffic goes to, and by which ports; an unset `ready` means ready. One that is
 * being deleted is kept up by nobody, and its pods are in another.
 */
export function projectSlice(raw: KubeObject): SliceObject {
  const { metadata, ports } = raw as RawSlice;
  const endpoints = metadata.deletionTimestamp === undefined ? (raw as RawSlice).endpoints : [];
  return {
    namespace: intern(metadata.namespace ?? ''),
    kitchen: intern(metadata.labels?.[labels.kitchen] ?? ''),
    station: intern(metadata.labels?.[labels.station] ?? ''),
    ports: (ports ?? []).flatMap(({ name, port }) => (typeof port === 'number' ? [intern(name ?? '')] : [])).sort(),
    readyPods: (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ targetRef }) => (targetRef?.kind === 'Pod' && targetRef.uid !== undefined ? [targetRef.uid] : []))
      .sort(),
  };
}

/** A namespace, and whether it is on its way out. */
export function projectNamespace({ metadata }: KubeObject): NamespaceObject {
  return { name: metadata.name ?? '', deleting: metadata.deletionTimestamp !== undefined };
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
