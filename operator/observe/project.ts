import { annotations, labels } from '../api/labels.ts';
import type { Kitchen } from '../api/kitchen.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { declaredPorts } from '../api/containerPorts.ts';
import type { RawPodSpec } from '../api/containerPorts.ts';
import { finalizersOf } from './finalizers.ts';
import { keptWithStatus } from './kept.ts';
import { usualSigns } from './nodes/leavingSigns.ts';
import type { LeavingSigns } from './nodes/leavingSigns.ts';
import { addedAt, cordonedAt, goingAt } from './nodes/leavingTimes.ts';
import type {
  AutoscalerObject,
  ControllerReference,
  KitchenObject,
  NamespaceObject,
  NodeObject,
  PodObject,
  ReplicaSetObject,
  Taint,
} from './objects.ts';
import type { ScalingMetric } from '../model/snapshot.ts';
import { share } from './share.ts';
import { stuckContainer } from './stuckContainer.ts';
import type { RawContainerStatus } from './stuckContainer.ts';
import { lastingTolerations } from './nodes/tolerations.ts';
import type { Toleration } from './nodes/tolerations.ts';

interface RawCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

interface RawPod extends KubeObject {
  readonly spec?: RawPodSpec & {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly tolerations?: readonly Toleration[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly RawCondition[];
    readonly initContainerStatuses?: readonly RawContainerStatus[];
    readonly containerStatuses?: readonly RawContainerStatus[];
  };
}

type RawTaint = Omit<Taint, 'addedAt'> & { readonly timeAdded?: string | null };

interface RawNode extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly RawTaint[] };
  readonly status?: { readonly conditions?: readonly RawCondition[] };
}

interface RawAutoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
    readonly metrics?: readonly RawMetric[];
  };
}

interface RawMetric {
  readonly type?: string;
  readonly resource?: RawMetricSource;
  readonly containerResource?: RawMetricSource;
  readonly pods?: RawMetricSource;
  readonly object?: RawMetricSource;
  readonly external?: RawMetricSource;
}

interface RawMetricSource {
  readonly name?: string;
  readonly metric?: { readonly name?: string };
  readonly target?: { readonly type?: string };
}

/** The label by which a ReplicaSet tells its pods from those of other templates. */
const TEMPLATE_HASH = 'pod-template-hash';

/**
 * A pod, ours or not. Undefined for one that ran to its end, unless the API still calls it Ready, a finalizer holds it,
 * or its failure says something of its template.
 */
export function projectPod(raw: KubeObject): PodObject | undefined {
  const { metadata, spec, status } = raw as RawPod;
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const ready = conditionOf(status?.conditions, 'Ready');
  const counts = ready?.status === 'True' || isHeldUp(raw);
  const failed = counts ? undefined : failureOf(status);
  if (ended && !counts && failed === undefined) return undefined;
  const scheduled = conditionOf(status?.conditions, 'PodScheduled');
  return {
    namespace: share(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    createdAt: secondsOf(metadata.creationTimestamp),
    deleting: metadata.deletionTimestamp !== undefined,
    finalizers: finalizersOf(metadata),
    ports: share(declaredPorts(spec)),
    kitchen: share(metadata.labels?.[labels.kitchen] ?? ''),
    station: share(metadata.labels?.[labels.station] ?? ''),
    zone: share(metadata.labels?.[labels.zone] ?? ''),
    replicaSet: share(metadata.labels?.[TEMPLATE_HASH] ?? ''),
    controller: controllerOf(raw),
    ended: ended && !isHeldUp(raw),
    node: share(spec?.nodeName ?? ''),
    address: status?.podIP ?? '',
    ...(spec?.hostNetwork === true ? { isOnHostNetwork: true } : {}),
    readyAt: ready?.status === 'True' ? secondsOf(ready.lastTransitionTime) : undefined,
    boundAt: scheduled?.status === 'True' ? secondsOf(scheduled.lastTransitionTime) : undefined,
    unschedulable: scheduled?.reason === 'Unschedulable' ? share(scheduled.message ?? scheduled.reason) : undefined,
    deletionCost: metadata.annotations?.[annotations.podDeletionCost],
    tolerations: share(lastingTolerations(spec?.tolerations)),
    ...meshOf(raw),
    stuck: stuckContainer([...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]),
    ...(failed === undefined ? {} : { failed }),
  };
}

/** Containers that meshes put into pods, as sidecars of either kind. */
const sidecars: ReadonlyMap<string, string> = new Map([
  ['istio-proxy', 'Istio'],
  ['linkerd-proxy', 'Linkerd'],
  ['kuma-sidecar', 'Kuma'],
]);

/** Istio's ambient mesh leaves the containers of a pod alone, and notes here that it has taken it in. */
const AMBIENT = 'ambient.istio.io/redirection';

function meshOf(raw: KubeObject): Pick<PodObject, 'mesh'> {
  const { metadata, spec } = raw as RawPod;
  if (metadata.annotations?.[AMBIENT] === 'enabled') return { mesh: 'Istio' };
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const mesh = containers.map(({ name = '' }) => sidecars.get(name)).find((each) => each !== undefined);
  return mesh === undefined ? {} : { mesh };
}

/** The pod waits for a finalizer, and the objects that own it wait for the pod. */
function isHeldUp({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && finalizersOf(metadata).length > 0;
}

/** Its node was short of a resource, shut down, or made room for a pod of higher priority: no fault of the template. */
function wasDisrupted({ conditions }: NonNullable<RawPod['status']>): boolean {
  return conditionOf(conditions, 'DisruptionTarget')?.status === 'True';
}

function failureOf(status: RawPod['status']): PodObject['failed'] {
  if (status?.phase !== 'Failed' || wasDisrupted(status)) return undefined;
  return { reason: share(status.reason ?? 'Failed'), message: share(status.message ?? '') };
}

/** A ReplicaSet of which only the metadata was read. */
export function projectReplicaSet(raw: KubeObject): ReplicaSetObject {
  const { metadata } = raw;
  return {
    namespace: share(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    kitchen: share(metadata.labels?.[labels.kitchen] ?? ''),
    station: share(metadata.labels?.[labels.station] ?? ''),
    zone: share(metadata.labels?.[labels.zone] ?? ''),
    controllerUid: controllerOf(raw)?.uid ?? '',
  };
}

/** Pods of one ReplicaSet share its name and uid in memory. */
function controllerOf({ metadata }: KubeObject): ControllerReference | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && share({ kind: owner.kind, name: owner.name, uid: owner.uid });
}

/** A node without its heartbeats, images and addresses. */
export function projectNode(raw: KubeObject, signs: LeavingSigns = usualSigns): NodeObject {
  const { metadata, spec, status } = raw as RawNode;
  const ready = conditionOf(status?.conditions, 'Ready');
  const going = (status?.conditions ?? []).filter(
    ({ type, status: is }) => is === 'True' && signs.conditions.has(type),
  );
  return {
    name: share(metadata.name ?? ''),
    uid: metadata.uid ?? '',
    createdAt: secondsOf(metadata.creationTimestamp),
    deleting: metadata.deletionTimestamp !== undefined,
    labels: share(metadata.labels ?? {}),
    unschedulable: spec?.unschedulable === true,
    taints: (spec?.taints ?? []).map((taint) => taintOf(taint, raw, signs)),
    ready: ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown',
    readyAt: secondsOf(ready?.lastTransitionTime ?? metadata.creationTimestamp),
    going: going.map(({ type }) => type).sort(),
    goingAt: goingAt(raw, going),
    cordonedAt: spec?.unschedulable === true ? cordonedAt(raw, spec.taints ?? []) : undefined,
  };
}

/** A namespace, and whether it is being deleted. */
export function projectNamespace({ metadata }: KubeObject): NamespaceObject {
  const { name = '', deletionTimestamp } = metadata;
  return { name, deleting: deletionTimestamp !== undefined, labels: metadata.labels ?? {} };
}

/** An autoscaler and what it scales. */
export function projectAutoscaler(raw: KubeObject): AutoscalerObject {
  const { metadata, spec } = raw as RawAutoscaler;
  const target = spec?.scaleTargetRef;
  return {
    namespace: share(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    target: { group: groupOf(target?.apiVersion ?? ''), kind: target?.kind ?? '', name: target?.name ?? '' },
    metrics: (spec?.metrics ?? []).map(metricOf),
  };
}

function metricOf({ type = '', resource, containerResource, pods, object, external }: RawMetric): ScalingMetric {
  const source = resource ?? containerResource ?? pods ?? object ?? external;
  return {
    name: share(source?.name ?? source?.metric?.name ?? ''),
    source: share(type),
    target: share(source?.target?.type ?? ''),
  };
}

/** A whole Kitchen without its `managedFields`. */
export function projectKitchen(raw: KubeObject, before?: KitchenObject): KitchenObject {
  const { metadata } = raw;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    object: keptWithStatus(raw as Kitchen, before?.object),
  };
}

function conditionOf(conditions: readonly RawCondition[] | undefined, type: string): RawCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

function taintOf({ key, value = '', effect, timeAdded }: RawTaint, node: KubeObject, signs: LeavingSigns): Taint {
  const at = addedAt(node, timeAdded);
  return {
    key,
    ...(value === '' ? {} : { value }),
    effect,
    ...(at === undefined ? {} : { addedAt: at }),
    ...(signs.taints.has(key) ? { announces: true } : {}),
  };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** A time of the API server (RFC 3339) in whole seconds since 1970; 0 for none. */
function secondsOf(time: string | null | undefined): number {
  const ms = time === undefined || time === null ? 0 : Date.parse(time);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}
