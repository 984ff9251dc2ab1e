import type { PodView } from '../observe/snapshot.ts';
import type { ZonePicture } from './picture.ts';

/** A pod that has found no node for this long is without room. */
export const NO_ROOM_MS = 15_000;

/** Pods of the zone that find no node. */
export function withoutRoom({ alive }: ZonePicture): readonly PodView[] {
  return alive.filter((pod) => (pod.unschedulable?.ageMs ?? 0) >= NO_ROOM_MS);
}

/** How many more pods the zone is told to have, `extra` of them for a while, than the API server lets it make. */
export function notMade({ deployment, alive, replicas }: ZonePicture, extra = 0): number {
  return deployment?.replicaFailure === undefined ? 0 : Math.max(0, replicas + extra - alive.length);
}

/** Whether a rollout in the zone can go no further for want of room: nothing that has room is still to get Ready. */
export function isStuckForRoom(zone: ZonePicture): boolean {
  if (!zone.rolling) return false;
  const lacks = withoutRoom(zone).length > 0 || zone.deployment?.replicaFailure !== undefined;
  return lacks && !zone.alive.some((pod) => isComing(pod) && !zone.owed.includes(pod));
}

function isComing({ ready, unschedulable }: PodView): boolean {
  return !ready && unschedulable === undefined;
}
