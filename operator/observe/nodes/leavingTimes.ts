/*
 * When a node began to leave, read from the Node object itself. Two kinds of timestamps tell:
 *
 * - A taint's `timeAdded` and a condition's `lastTransitionTime` are by the clock of their writer, and may be absent.
 * - `managedFields` say, by the API server's own clock, when each field manager wrote last. That is never before the
 *   manager set a field that it owns, but it is later when the manager wrote something else since.
 *
 * None of them is too early, so the earliest counts.
 */
import type { FieldsV1, KubeObject } from '../../api/kubernetes/object.ts';

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

/** When a node was cordoned, in seconds since 1970; undefined when no timestamp tells. */
export function cordonedAt(node: KubeObject, taints: readonly Added[]): number | undefined {
  const added = taints.filter(({ key }) => key === 'node.kubernetes.io/unschedulable').map((taint) => taint.timeAdded);
  return earliest([...added, ...writtenAt(node, (fields) => fields['f:spec']?.['f:unschedulable'] !== undefined)]);
}

/** When one of the node's taints was added, in seconds since 1970; undefined when no timestamp tells. */
export function addedAt(node: KubeObject, timeAdded: string | null | undefined): number | undefined {
  return earliest([timeAdded, ...writtenAt(node, (fields) => fields['f:spec']?.['f:taints'] !== undefined)]);
}

/** When the first of these conditions became True, in seconds since 1970; undefined when no timestamp tells. */
export function goingAt(node: KubeObject, conditions: readonly Transition[]): number | undefined {
  const times = conditions.flatMap(({ type, lastTransitionTime }) => [
    lastTransitionTime,
    // A manager that owns Ready too is the kubelet: its time moves with each heartbeat.
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
