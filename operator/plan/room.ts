import { NO_ROOM_MS } from '../model/thresholds.ts';
import type { PodView } from '../model/pod.ts';
import { mayLackOf } from '../model/rolling.ts';
import type { ZonePicture } from './picture.ts';

/** Pods of the zone that find no node. */
export function withoutRoom({ alive }: ZonePicture): readonly PodView[] {
  return alive.filter((pod) => (pod.unschedulable?.ageMs ?? 0) >= NO_ROOM_MS);
}

/** How many more pods the zone is told to have, `extra` of them for a while, than the API server lets it make. */
export function notMade({ deployment, alive, replicas }: ZonePicture, extra = 0): number {
  return deployment?.replicaFailure === undefined ? 0 : Math.max(0, replicas + extra - alive.length);
}

/** ⌈maxSurge · r⌉ pods of a zone. */
export function surgeOf({ deployment, replicas }: ZonePicture): number {
  return surgeIn(deployment?.maxSurge ?? 0, replicas);
}

/** The same of any Deployment. */
export function surgeIn(maxSurge: number | string, replicas: number): number {
  return typeof maxSurge === 'number' ? maxSurge : Math.ceil((Number.parseFloat(maxSurge) / 100) * replicas);
}

/** ⌊maxUnavailable · r⌋ pods of a zone: so many of r the Deployment's own rollout may let be missing. */
export function mayLack({ deployment }: ZonePicture): number {
  return deployment === undefined ? 0 : mayLackOf(deployment);
}

/** Whether a rollout in the zone can go no further for want of room: nothing that has room is still to get Ready. */
export function isStuckForRoom(zone: ZonePicture): boolean {
  const { deployment, rolling } = zone;
  if (!rolling || deployment === undefined || deployment.observedGeneration < deployment.generation) return false;
  // Pods that are still to be deleted say nothing about room.
  if (zone.alive.length > zone.replicas + surgeOf(zone)) return false;
  // Where no pod of the newest template was made yet, those that wait are of one that was superseded.
  const waits = withoutRoom(zone).length > 0 && deployment.updatedReplicas > 0;
  const lacks = waits || deployment.replicaFailure !== undefined;
  return lacks && !zone.alive.some((pod) => isComing(pod) && !zone.owed.includes(pod));
}

function isComing({ ready, unschedulable }: PodView): boolean {
  return !ready && unschedulable === undefined;
}
