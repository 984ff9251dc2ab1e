import { annotations, childLabels, labels, stationSelector, zoneSelector } from '../../operator/api/labels.ts';
import { deploymentName, stationName } from '../../operator/api/names.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import type { KubeObject, ObjectMeta } from '../../operator/api/kubernetes/object.ts';
import type { Taint } from '../../operator/observe/objects.ts';
import type { Toleration } from '../../operator/observe/nodes/tolerations.ts';
import { ownedByKitchen } from './kitchen.ts';

/** A moment as the API server writes it, so many seconds after an arbitrary beginning. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** An object as the API server gives it; tests that need more of its fields say so. */
export type RawObject = KubeObject & Readonly<Record<string, unknown>>;

let version = 100;

function meta(parts: ObjectMeta): ObjectMeta {
  version += 1;
  return { uid: `uid-${parts.name ?? ''}`, resourceVersion: String(version), ...parts };
}

export interface NodeParts {
  readonly name?: string;
  readonly uid?: string;
  /** Undefined: `zone-a`; empty: no zone label. */
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly (Taint & { readonly timeAdded?: string })[];
  readonly unschedulable?: boolean;
  readonly ready?: 'True' | 'False' | 'Unknown';
  /** Seconds, as for `at`. */
  readonly readyAt?: number;
  readonly createdAt?: number;
  readonly heartbeatAt?: number;
  /** Types of further conditions that are True. */
  readonly conditions?: readonly string[];
  readonly deleting?: boolean;
  /** Since when these are, in seconds; undefined: as `readyAt`; null: nothing tells. */
  readonly conditionsAt?: number | null;
  readonly managedFields?: ObjectMeta['managedFields'];
}

/** A healthy node of `zone-a`. */
export function aNode(parts: NodeParts = {}): RawObject {
  const { name = 'node-a1', zone = 'zone-a', ready = 'True', createdAt = 0, readyAt = createdAt + 10 } = parts;
  const { conditionsAt = readyAt, managedFields } = parts;
  const condition = (type: string, status: string, since: number | null): object => ({
    type,
    status,
    lastTransitionTime: since === null ? null : at(since),
    lastHeartbeatTime: at(parts.heartbeatAt ?? 100),
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta({
      name,
      uid: parts.uid ?? `uid-${name}`,
      creationTimestamp: at(createdAt),
      ...(parts.deleting === true ? { deletionTimestamp: at(createdAt + 60) } : {}),
      labels: {
        'kubernetes.io/hostname': name,
        ...(zone === '' ? {} : { 'topology.kubernetes.io/zone': zone }),
        ...parts.labels,
      },
      ...(managedFields === undefined ? {} : { managedFields }),
    }),
    spec: { unschedulable: parts.unschedulable, taints: parts.taints },
    status: {
      conditions: [
        condition('MemoryPressure', 'False', createdAt),
        condition('Ready', ready, readyAt),
        ...(parts.conditions ?? []).map((type) => condition(type, 'True', conditionsAt)),
      ],
    },
  };
}

/** Which child of which station. */
export interface StationPlace {
  readonly namespace?: string;
  readonly kitchen?: string;
  readonly station?: string;
  readonly zone?: string;
}

const defaultPlace = { namespace: 'food', kitchen: 'pizzeria', station: 'grill', zone: 'zone-a' };

export interface PodParts extends StationPlace {
  readonly name?: string;
  readonly node?: string;
  readonly createdAt?: number;
  readonly deleting?: boolean;
  readonly finalizers?: readonly string[];
  /** As its containers declare them. */
  readonly ports?: readonly object[];
  readonly phase?: string;
  /** Why it was ended, by the component that ended it. */
  readonly reason?: string;
  readonly message?: string;
  /** It was ended to make way, by its node or for another pod. */
  readonly disrupted?: boolean;
  /** Seconds since when it is Ready; undefined: since 5 s after it was made; `false`: it is not. */
  readonly readyAt?: number | false;
  readonly boundAt?: number;
  readonly unschedulable?: string;
  readonly hash?: string;
  /** Undefined: the ReplicaSet that its name begins with; `null`: no controller. */
  readonly controller?: { readonly kind: string; readonly name: string; readonly uid: string } | null;
  readonly cost?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  /** As in its status. */
  readonly containers?: readonly object[];
  readonly initContainers?: readonly object[];
}

/** A Ready pod of `pizzeria-grill` on `node-a1`. */
export function aPod(parts: PodParts = {}): RawObject {
  const { namespace, kitchen, station, zone } = { ...defaultPlace, ...parts };
  const { hash = 'rs1', createdAt = 20, node = 'node-a1', readyAt = createdAt + 5 } = parts;
  const replicaSet = `${deploymentName(kitchen, station, zone as ZoneName)}-${hash}`;
  const name = parts.name ?? `${replicaSet}-1`;
  const controller = { kind: 'ReplicaSet', name: replicaSet, uid: `uid-${replicaSet}`, ...parts.controller };
  const place = parts.unschedulable === undefined ? { nodeName: node } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta({
      name,
      namespace,
      creationTimestamp: at(createdAt),
      ...(parts.controller === null
        ? {}
        : { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...controller }] }),
      ...(parts.deleting === true ? { deletionTimestamp: at(createdAt + 60) } : {}),
      ...(parts.finalizers === undefined ? {} : { finalizers: parts.finalizers }),
      labels: { ...zoneSelector(kitchen, station, zone as ZoneName), 'pod-template-hash': hash, ...parts.labels },
      ...(parts.cost === undefined ? {} : { annotations: { [annotations.podDeletionCost]: parts.cost } }),
    }),
    spec: {
      ...place,
      tolerations: parts.tolerations,
      ...(parts.ports === undefined ? {} : { containers: [{ name: 'grill', ports: parts.ports }] }),
    },
    status: {
      phase: parts.phase ?? 'Running',
      ...(parts.reason === undefined ? {} : { reason: parts.reason, message: parts.message }),
      conditions: [
        ...podConditions(parts, { createdAt, readyAt }),
        ...(parts.disrupted === true ? [{ type: 'DisruptionTarget', status: 'True' }] : []),
      ],
      initContainerStatuses: parts.initContainers,
      containerStatuses: parts.containers,
    },
  };
}

function podConditions(
  { unschedulable, boundAt }: PodParts,
  { createdAt, readyAt }: { readonly createdAt: number; readonly readyAt: number | false },
): readonly object[] {
  if (unschedulable !== undefined) {
    const lastTransitionTime = at(createdAt);
    return [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable, lastTransitionTime },
    ];
  }
  return [
    { type: 'PodScheduled', status: 'True', lastTransitionTime: at(boundAt ?? createdAt) },
    readyAt === false
      ? { type: 'Ready', status: 'False', lastTransitionTime: at(createdAt) }
      : { type: 'Ready', status: 'True', lastTransitionTime: at(readyAt) },
  ];
}

/** What a metadata-only watch tells of the ReplicaSet that makes `aPod`, controlled by `aDeployment`. */
export function aReplicaSet(
  parts: StationPlace & {
    readonly name?: string;
    readonly hash?: string;
    /** Undefined: the Deployment of its zone; `null`: no controller. */
    readonly controller?: { readonly kind: string; readonly name: string; readonly uid: string } | null;
  } = {},
): RawObject {
  const { namespace, kitchen, station, zone } = { ...defaultPlace, ...parts };
  const { hash = 'rs1' } = parts;
  const deployment = deploymentName(kitchen, station, zone as ZoneName);
  const controller = { kind: 'Deployment', name: deployment, uid: `uid-${deployment}`, ...parts.controller };
  return {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadata',
    metadata: meta({
      name: parts.name ?? `${deployment}-${hash}`,
      namespace,
      labels: { ...zoneSelector(kitchen, station, zone as ZoneName), 'pod-template-hash': hash },
      ownerReferences: parts.controller === null ? [] : [{ apiVersion: 'apps/v1', controller: true, ...controller }],
    }),
  };
}

export interface ChildParts extends StationPlace {
  readonly name?: string;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: object;
  readonly status?: object;
}

/** A settled Deployment of `pizzeria-grill` in `zone-a` with 2 pods. */
export function aDeployment(parts: ChildParts & { readonly replicas?: number } = {}): RawObject {
  const { kitchen, station, zone } = { ...defaultPlace, ...parts };
  const { replicas = 2 } = parts;
  const own = { [labels.zone]: zone };
  const selector = zoneSelector(kitchen, station, zone as ZoneName);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: childMeta({ name: deploymentName(kitchen, station, zone as ZoneName), ...parts }, own, {
      [annotations.zone]: zone,
      [annotations.zones]: JSON.stringify([zone]),
      [annotations.demand]: '6',
      [annotations.template]: 'template-1',
    }),
    spec: {
      replicas,
      selector: { matchLabels: selector },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
      template: {
        metadata: { labels: selector },
        spec: { containers: [{ name: 'grill', image: 'example.org/grill:1' }] },
      },
      ...parts.spec,
    },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, ...parts.status },
  };
}

/** The budget of `pizzeria-grill`. */
export function aBudget(parts: ChildParts = {}): RawObject {
  const { kitchen, station } = { ...defaultPlace, ...parts };
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: childMeta({ name: stationName(kitchen, station), ...parts }),
    spec: { minAvailable: 6, selector: { matchLabels: stationSelector(kitchen, station) }, ...parts.spec },
    status: { observedGeneration: 1, currentHealthy: 7, ...parts.status },
  };
}

/** The Service of `pizzeria-grill`. */
export function aService(parts: ChildParts = {}): RawObject {
  const { kitchen, station } = { ...defaultPlace, ...parts };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMeta({ name: stationName(kitchen, station), ...parts }),
    spec: { selector: stationSelector(kitchen, station), ...parts.spec },
  };
}

function childMeta(
  parts: ChildParts,
  moreLabels: Readonly<Record<string, string>> = {},
  noted: Readonly<Record<string, string>> = {},
): ObjectMeta {
  const { namespace, kitchen, station } = { ...defaultPlace, ...parts };
  return meta({
    ...(parts.name === undefined ? {} : { name: parts.name }),
    namespace,
    generation: 1,
    labels: { ...childLabels(kitchen, station), ...moreLabels },
    annotations: { [annotations.intent]: 'intent-1', ...noted },
    ownerReferences: [ownedByKitchen(kitchen, `uid-kitchen-${kitchen}`)],
    ...parts.metadata,
  });
}

/** A slice that lists pods, given by uid, as ready or not, with one port without a name unless told. */
export function anEndpointSlice(
  parts: StationPlace & {
    readonly name?: string;
    readonly ports?: readonly object[] | null;
    readonly deleting?: boolean;
    readonly ready?: readonly string[];
    readonly notReady?: readonly string[];
  } = {},
): RawObject {
  const { namespace, kitchen, station } = { ...defaultPlace, ...parts };
  const endpoint = (uid: string, ready: boolean): object => ({
    addresses: ['10.0.0.1'],
    conditions: { ready },
    targetRef: { kind: 'Pod', uid },
  });
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta({
      name: parts.name ?? `${stationName(kitchen, station)}-x1`,
      namespace,
      labels: childLabels(kitchen, station),
      ...(parts.deleting === true ? { deletionTimestamp: at(60) } : {}),
    }),
    ports: parts.ports === undefined ? [{ name: '', port: 80, protocol: 'TCP' }] : parts.ports,
    endpoints: [
      ...(parts.ready ?? []).map((uid) => endpoint(uid, true)),
      ...(parts.notReady ?? []).map((uid) => endpoint(uid, false)),
    ],
  };
}

/** An autoscaler of the Station `pizzeria-grill`. */
export function anAutoscaler(
  parts: { readonly name?: string; readonly target?: object; readonly metrics?: readonly object[] } = {},
): RawObject {
  const target = { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', name: 'pizzeria-grill', ...parts.target };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta({ name: parts.name ?? 'grill-by-cpu', namespace: 'food' }),
    spec: { scaleTargetRef: target, minReplicas: 1, maxReplicas: 9, metrics: parts.metrics ?? [] },
    status: { currentReplicas: version },
  };
}
