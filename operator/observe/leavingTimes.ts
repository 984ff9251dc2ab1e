/*
 * Since when a node has been leaving, by its own object. A taint's `timeAdded` and a condition's `lastTransitionTime` are of
 * their writer's clock, and may be absent. The API server notes by its own clock when each manager of fields wrote last: never
 * before it set what it owns, but later when it wrote something else since. Neither is early, so the earliest counts.
 */
import type { FieldsV1, KubeObject } from '../api/kubernetes/object.ts';

interface Added {
  readonly key: string;
  readonly timeAdded?: string | null;
}

interface Transition {
  readonly type: string;
  readonly lastTransitionTime?: string | null;
}

const conditionsOf = (fields: FieldsV1): FieldsV1 => fields['f:status']?.['f:conditions'] ?? {};
const conditionKey = (type: string): string => `k:${JSON.stringify({ type })}`;

/** When a cordoned node was cordoned, in seconds since 1970; undefined where nothing tells. */
export function cordonedAt(node: KubeObject, taints: readonly Added[]): number | undefined {
  const added = taints.filter(({ key }) => key === 'node.kubernetes.io/unschedulable').map((taint) => taint.timeAdded);
  return earliest([...added, ...writtenAt(node, (fields) => fields['f:spec']?.['f:unschedulable'] !== undefined)]);
}

/** When one of its taints was put there, in seconds since 1970; undefined where nothing tells. */
export function addedAt(node: KubeObject, timeAdded: string | null | undefined): number | undefined {
  return earliest([timeAdded, ...writtenAt(node, (fields) => fields['f:spec']?.['f:taints'] !== undefined)]);
}

/** When the first of these conditions of it became True, in seconds since 1970; undefined where nothing tells, or there is none. */
export function goingAt(node: KubeObject, conditions: readonly Transition[]): number | undefined {
  const times = conditions.flatMap(({ type, lastTransitionTime }) => [
    lastTransitionTime,
    // Who owns Ready as well is the kubelet, whose time moves with each heartbeat.
    ...writtenAt(node, (fields) => {
      const owned = conditionsOf(fields);
      return owned[conditionKey(type)] !== undefined && owned[conditionKey('Ready')] === undefined;
    }),
  ]);
  return earliest(times);
}

function writtenAt({ metadata }: KubeObject, owns: (fields: FieldsV1) => boolean): readonly (string | undefined)[] {
  const entries = metadata.managedFields ?? [];
  return entries.filter(({ fieldsV1 }) => fieldsV1 !== undefined && owns(fieldsV1)).map(({ time }) => time);
}

function earliest(times: readonly (string | null | undefined)[]): number | undefined {
  const known = times.map((time) => Date.parse(time ?? '')).filter((ms) => !Number.isNaN(ms));
  return known.length === 0 ? undefined : Math.floor(Math.min(...known) / 1000);
}
