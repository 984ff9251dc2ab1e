import { keyOf } from '../api/kubernetes/key.ts';
import type { Key } from '../api/kubernetes/key.ts';
import type { PodObject } from '../observe/objects.ts';
import type { Stores } from '../observe/stores.ts';
import { OVERDUE_MS } from '../observe/suspects/zoneSilence.ts';
import type { SuspectWatch } from '../observe/suspects/watchSuspects.ts';
import type { ReadySince } from './readySince.ts';
import type { ServingPod } from './samples.ts';

/** Where pods and their nodes are seen. */
export interface PodSight {
  readonly stores: Pick<Stores, 'pods' | 'nodes'>;
  readonly suspicion: Pick<SuspectWatch, 'suspects' | 'silentMs'>;
  readonly ready: ReadySince;
  readonly nowMs: number;
}

/**
 * The pods that carry load: Ready, not being deleted, on nodes that are neither lost nor suspect. What the others carried
 * goes to these. One that comes back is as one that has just become Ready.
 */
export function loadedPods(station: Key, { stores, suspicion, ready }: PodSight): readonly PodObject[] {
  const isAlive = (node: string): boolean =>
    stores.nodes.get(keyOf({ name: node }))?.ready === 'True' && !suspicion.suspects.has(node);
  const isLoaded = ({ readyAt, deleting, ended, node }: PodObject): boolean =>
    readyAt !== undefined && !deleting && !ended && isAlive(node);
  return stores.pods.byIndex('station', station).filter((pod) => {
    const does = isLoaded(pod);
    if (!does) ready.forget(pod.uid);
    return does;
  });
}

/** These pods, and for how long each has been Ready. */
export function servingSince(pods: readonly PodObject[], { ready, nowMs, suspicion }: PodSight): readonly ServingPod[] {
  return pods.map((pod) => ({
    name: pod.name,
    readyAt: pod.readyAt ?? 0,
    readyMs: ready.readyMs(pod, nowMs),
    isOverdue: (suspicion.silentMs(pod.node) ?? 0) >= OVERDUE_MS,
  }));
}
