import type { Picture, ZonePicture } from './picture.ts';
import { LEAVING_MS, isLeaving } from './owed.ts';
import type { Wait } from './plan.ts';
import { count } from './picture.ts';
import { showZone } from '../api/zone.ts';

/** What the station waits for besides its rules: pods that start, pods without room, a cordon that may be taken back. */
export function waitsForPods(picture: Picture): readonly Wait[] {
  return picture.zones.flatMap((zone) => [...starting(zone), ...leavingSoon(zone)]);
}

function starting(zone: ZonePicture): readonly Wait[] {
  const pods = zone.alive.filter((pod) => pod.state === 'starting' && !zone.owed.includes(pod));
  if (pods.length === 0) return [];
  const stuck = pods.flatMap((pod) => pod.unschedulable ?? []);
  const words = stuck[0] === undefined ? 'not Ready yet' : `${stuck.length} without a node: ${stuck[0].message}`;
  return [{ what: `${count(pods.length, 'pod')} in ${showZone(zone.name)}`, why: words, lookAgainMs: undefined }];
}

function leavingSoon(zone: ZonePicture): readonly Wait[] {
  const ages = zone.alive
    .filter((pod) => pod.state === 'leaving' && !isLeaving(pod))
    .map((pod) => pod.node?.stateMs ?? 0);
  if (ages.length === 0) return [];
  const lookAgainMs = LEAVING_MS - Math.max(...ages);
  return [{ what: `nodes leaving ${showZone(zone.name)}`, why: 'a cordon may be taken back at once', lookAgainMs }];
}
