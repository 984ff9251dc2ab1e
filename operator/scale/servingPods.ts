import { keyOf } from '../api/kubernetes/key.ts';
import type { Key } from '../api/kubernetes/key.ts';
import type { FirstSeen } from '../engine/memory.ts';
import type { PodObject } from '../observe/objects.ts';
import type { Stores } from '../observe/stores.ts';
import { OVERDUE_MS } from '../observe/suspects/zoneSilence.ts';
import type { SuspectWatch } from '../observe/suspects/watchSuspects.ts';
import type { ServingPod } from './samples.ts';

/** Where pods and their nodes are seen. */
export interface PodSight {
  readonly stores: Pick<Stores, 'pods' | 'nodes'>;
  readonly suspicion: Pick<SuspectWatch, 'suspects' | 'silentMs'>;
  readonly memory: FirstSeen;
  readonly nowMs: number;
}

/**
 * The pods that carry load: Ready, not being deleted, on nodes that are neither lost nor suspect. What the others carried
 * goes to these. One that comes back is as one that has just become Ready.
 */
export function loadedPods(station: Key, { stores, suspicion, memory }: PodSight): readonly PodObject[] {
  const isAlive = (node: string): boolean =>
    stores.nodes.get(keyOf({ name: node }))?.ready === 'True' && !suspicion.suspects.has(node);
  const isLoaded = ({ readyAt, deleting, ended, node }: PodObject): boolean =>
    readyAt !== undefined && !deleting && !ended && isAlive(node);
  const all = stores.pods.byIndex('station', station);
  for (const pod of all) if (!isLoaded(pod)) memory.forget(pod.uid);
  return all.filter(isLoaded);
}

/** These pods, and for how long each has been Ready. */
export function servingSince(
  pods: readonly PodObject[],
  { memory, nowMs, suspicion }: PodSight,
): readonly ServingPod[] {
  return pods.map(({ name, uid, node, readyAt = 0 }) => {
    const fact = `ready@${readyAt}`;
    const readyMs = memory.observe(uid, [fact], nowMs).get(fact) ?? 0;
    const isOverdue = (suspicion.silentMs(node) ?? 0) >= OVERDUE_MS;
    return { name, uid, readyAt, readyMs, isOverdue };
  });
}
