import type { ObjectMeta } from '../../operator/api/kubernetes/object.ts';
import type { Taint } from '../../operator/observe/objects.ts';
import { at, meta } from './objects.ts';
import type { RawObject } from './objects.ts';

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
