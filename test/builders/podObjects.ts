import { annotations, zoneSelector } from '../../operator/api/labels.ts';
import { deploymentName } from '../../operator/api/names.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import type { Toleration } from '../../operator/observe/nodes/tolerations.ts';
import { at, defaultPlace, meta } from './objects.ts';
import type { RawObject, StationPlace } from './objects.ts';

export interface PodParts extends StationPlace {
  readonly name?: string;
  readonly node?: string;
  readonly createdAt?: number;
  readonly deleting?: boolean;
  readonly finalizers?: readonly string[];
  /** It has the address of its node. */
  readonly hostNetwork?: true;
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
      ...(parts.hostNetwork === true ? { hostNetwork: true } : {}),
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
