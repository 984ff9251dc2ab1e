/*
 * Room: says which pods of a zone find no room, how far a rollout may go beyond or below the zone's count, and whether
 * it is stuck for room.
 *
 * Example: in a zone that is told 4, maxSurge is 25 %, so a rollout may make ⌈25 % · 4⌉ = 1 pod more. If that pod has
 * found no node for 15 s and no other pod is on its way, the rollout is stuck for room.
 */
import { NO_ROOM_MS } from '../../model/thresholds.ts';
import type { PodView } from '../../model/pod.ts';
import { mayLackOf } from '../../model/rolling.ts';
import type { ZonePicture } from './picture.ts';

/** Pods of the zone that have found no node for 15 s. */
export function withoutRoom({ alive }: ZonePicture): readonly PodView[] {
  return alive.filter((pod) => (pod.unschedulable?.ageMs ?? 0) >= NO_ROOM_MS);
}

/** How many of the pods that the zone is told to have, and of `extra` ones, the API server does not let it make. */
export function notMade({ deployment, alive, replicas }: ZonePicture, extra = 0): number {
  return deployment?.replicaFailure === undefined ? 0 : Math.max(0, replicas + extra - alive.length);
}

/** How many pods of the zones find no room, or are not let be made. */
export function lackingIn(zones: readonly ZonePicture[]): number {
  return zones.reduce((sum, zone) => sum + withoutRoom(zone).length + notMade(zone), 0);
}

/** ⌈maxSurge · r⌉ for a zone. */
export function surgeOf({ deployment, replicas }: ZonePicture): number {
  return surgeIn(deployment?.maxSurge ?? 0, replicas);
}

/** ⌈maxSurge · r⌉ for any Deployment. */
export function surgeIn(maxSurge: number | string, replicas: number): number {
  return typeof maxSurge === 'number' ? maxSurge : Math.ceil((Number.parseFloat(maxSurge) / 100) * replicas);
}

/** ⌊maxUnavailable · r⌋ for a zone: how many of its r pods the Deployment's own rollout may let be missing. */
export function mayLack({ deployment }: ZonePicture): number {
  return deployment === undefined ? 0 : mayLackOf(deployment);
}

/** Whether a rollout in the zone gets no further because pods find no room, and no other pod is about to get Ready. */
export function isStuckForRoom(zone: ZonePicture): boolean {
  const { deployment, rolling } = zone;
  if (!rolling || deployment === undefined || deployment.observedGeneration < deployment.generation) return false;
  // Pods that are still to be deleted tell nothing about room.
  if (zone.alive.length > zone.replicas + surgeOf(zone)) return false;
  // Before any pod of the newest template is made, the pods that wait are of a superseded one.
  const waits = withoutRoom(zone).length > 0 && deployment.updatedReplicas > 0;
  const lacks = waits || deployment.replicaFailure !== undefined;
  return lacks && !zone.alive.some((pod) => isComing(pod) && !zone.owed.includes(pod));
}

function isComing({ ready, unschedulable }: PodView): boolean {
  return !ready && unschedulable === undefined;
}
