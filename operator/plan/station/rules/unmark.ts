/*
 * Unmark: takes the mark off a pod that is to stay after all.
 *
 *   A ≤ r, or A ≤ r + surge where a rollout gets no further
 *
 * Then the ReplicaSet has no pod left to delete. The pod must be neither owed nor a victim of the shrink that is being
 * planned.
 *
 * Example: a node is cordoned, its pod is marked, and the node is uncordoned. The mark goes.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import type { PodView } from '../../../model/pod.ts';
import type { Step } from '../../../model/plan.ts';
import { count } from '../../../model/words.ts';
import { isStuckForRoom, surgeOf } from '../room.ts';
import { stuckAt } from './stuckZone.ts';
import { showZone } from '../../../api/zone.ts';

/** The marks to take off, zone by zone. */
export function unmarkSteps(picture: Picture, victims: readonly PodView[]): readonly Step[] {
  return picture.zones.flatMap((zone) => {
    if (zone.alive.length > zone.replicas + surgeThatStays(zone)) return [];
    const pods = zone.alive.filter((pod) => pod.marked && !zone.owed.includes(pod) && !victims.includes(pod));
    if (pods.length === 0) return [];
    const why = `${count(pods.length, 'pod')} in ${showZone(zone.name)} will stay after all`;
    return [{ kind: 'unmark', zone: zone.name, pods: pods.map(({ name, uid }) => ({ name, uid })), why }];
  });
}

function surgeThatStays(zone: ZonePicture): number {
  return zone.rolling && (isStuckForRoom(zone) || stuckAt(zone) !== undefined) ? surgeOf(zone) : 0;
}
