import { keyOf } from '../api/kubernetes/key.ts';
import type { Key } from '../api/kubernetes/key.ts';
import type { FirstSeen } from '../engine/memory.ts';
import type { PodObject } from '../observe/objects.ts';
import type { Stores } from '../observe/stores.ts';
import type { ServingPod } from './samples.ts';

/** Where pods and their nodes are seen. */
export interface PodSight {
  readonly stores: Pick<Stores, 'pods' | 'nodes'>;
  /** Suspect nodes by name. */
  readonly suspects: ReadonlyMap<string, unknown>;
  readonly memory: FirstSeen;
  readonly nowMs: number;
}

/**
 * The pods that carry load: Ready, not being deleted, on nodes that are neither lost nor suspect. What the others carried
 * goes to these.
 */
export function loadedPods(station: Key, { stores, suspects }: PodSight): readonly PodObject[] {
  const isAlive = (node: string): boolean =>
    stores.nodes.get(keyOf({ name: node }))?.ready === 'True' && !suspects.has(node);
  return stores.pods
    .byIndex('station', station)
    .filter(({ readyAt, deleting, ended, node }) => readyAt !== undefined && !deleting && !ended && isAlive(node));
}

/** These pods, and for how long each has been Ready. */
export function servingSince(pods: readonly PodObject[], { memory, nowMs }: PodSight): readonly ServingPod[] {
  return pods.map(({ name, uid, readyAt = 0 }) => {
    const fact = `ready@${readyAt}`;
    const readyMs = memory.observe(uid, [fact], nowMs).get(fact) ?? 0;
    return { name, uid, readyAt, readyMs };
  });
}
