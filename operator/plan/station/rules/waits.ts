/*
 * Waits: lists what a station waits for besides its rules, and why.
 *
 * Example: a new pod of zone-a finds no node. The list says `1 pod in zone-a`, with what the scheduler says.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { LEAVING_MS, isLeaving, isShiftedToGo } from './owed.ts';
import type { PodView } from '../../../model/pod.ts';
import type { Wait } from '../../../model/plan.ts';
import { NO_ROOM_MS, STUCK_MS } from '../../../model/thresholds.ts';
import { MISPLACED_MS } from './misplaced.ts';
import { count } from '../../../model/words.ts';
import { stuckAt } from './stuckZone.ts';
import { showZone } from '../../../api/zone.ts';

/** Waits for pods and zones to come, for pods without room, and for a cordon that may be taken back. */
export function waitsForPods(picture: Picture): readonly Wait[] {
  return picture.zones.flatMap((zone) => [
    ...shaky(zone),
    ...inDoubt(zone, picture),
    ...settling(zone),
    ...wave(zone, picture),
    ...starting(zone),
    ...leavingSoon(zone),
    ...shiftedToGo(zone),
    ...misplacedSoon(zone),
  ]);
}

/** A zone that is in trouble now and may be well soon. */
function shaky({ name, view }: ZonePicture): readonly Wait[] {
  const words = { failing: 'lost most of its nodes at once', returning: 'has been back for less than 2 min' } as const;
  if (!view.declared || (view.state !== 'failing' && view.state !== 'returning')) return [];
  return [{ what: `pods made in ${showZone(name)}`, why: `it ${words[view.state]}`, lookAgainMs: undefined }];
}

/** A zone that may be dying, and makes no pod meanwhile. */
function inDoubt({ name, view, owed, wanted, waveLeftMs }: ZonePicture, { solution }: Picture): readonly Wait[] {
  if (!view.declared || view.doubt === undefined) return [];
  if (owed.length === 0 && wanted >= (solution.perZone.get(name) ?? 0)) return [];
  const why = {
    overdue: 'most of its nodes are down, or did not renew their Leases',
    untold: 'a node there is lost, and Kubernetes has not looked at the others yet',
  }[view.doubt];
  const lookAgainMs = waveLeftMs > 0 ? waveLeftMs : undefined;
  return [{ what: `pods made in ${showZone(name)}`, why, lookAgainMs }];
}

/** A zone that is at something: until it counts as stuck, and then why it is stuck. */
function settling(zone: ZonePicture): readonly Wait[] {
  const { name, deployment, rolling, view } = zone;
  if (deployment === undefined || view.unsettledMs === undefined) return [];
  const what = `${rolling ? 'the rollout' : 'pods to be made or deleted'} in ${showZone(name)}`;
  const stuck = stuckAt(zone);
  if (stuck !== undefined) return [{ what, why: `it is stuck: ${stuck.words}`, lookAgainMs: undefined }];
  const leftMs = deployment.progressDeadlineMs - view.unsettledMs;
  const lookAgainMs = leftMs > 0 ? leftMs : undefined;
  return [{ what, why: 'unless one more pod gets Ready, it will count as stuck', lookAgainMs }];
}

function wave({ name, owed, waveLeftMs: lookAgainMs }: ZonePicture, { snapshot }: Picture): readonly Wait[] {
  if (lookAgainMs === 0 || owed.length === 0) return [];
  const what = `make ${count(owed.length, 'pod')} good in ${showZone(name)}`;
  const then = snapshot.station.spec.survive.zones > 0 ? 'nothing has to be made' : 'other zones have to make them';
  return [{ what, why: `its other nodes may be lost too, and then ${then}`, lookAgainMs }];
}

function starting(zone: ZonePicture): readonly Wait[] {
  const pods = zone.alive.filter((pod) => pod.state === 'starting' && !zone.owed.includes(pod));
  if (pods.length === 0) return [];
  const what = `${count(pods.length, 'pod')} in ${showZone(zone.name)}`;
  return [{ what, why: whyNotReady(pods), lookAgainMs: withoutRoomMs(pods) }];
}

function whyNotReady(pods: readonly PodView[]): string {
  const pending = pods.flatMap((pod) => pod.unschedulable ?? []);
  const stuck = pods.flatMap((pod) => pod.stuck ?? []);
  const words = [
    ...pending.slice(0, 1).map(({ message }) => `${pending.length} without a node: ${message}`),
    ...stuck.slice(0, 1).map(({ reason, message }) => `${stuck.length} not starting: ${reason}: ${message}`),
  ];
  return words.length === 0 ? 'not Ready yet' : words.join('; ');
}

/** How many ms until a pod counts as without room, or its template as bad. */
function withoutRoomMs(pods: readonly PodView[]): number | undefined {
  const turns = pods.flatMap(({ unschedulable, stuck }) => [
    ...(unschedulable === undefined ? [] : [NO_ROOM_MS - unschedulable.ageMs]),
    ...(stuck === undefined ? [] : [STUCK_MS - stuck.ageMs]),
  ]);
  const soonestMs = Math.min(...turns.filter((ms) => ms > 0));
  return Number.isFinite(soonestMs) ? soonestMs : undefined;
}

function misplacedSoon({ name, alive }: ZonePicture): readonly Wait[] {
  const leftMs = alive.flatMap(({ misplacedMs }) => (misplacedMs === undefined ? [] : [MISPLACED_MS - misplacedMs]));
  const lookAgainMs = Math.min(...leftMs.filter((ms) => ms > 0));
  if (!Number.isFinite(lookAgainMs)) return [];
  return [{ what: `pods of ${showZone(name)}`, why: 'more nodes may get the label of another zone', lookAgainMs }];
}

function leavingSoon(zone: ZonePicture): readonly Wait[] {
  const ages = zone.alive
    .filter((pod) => isOnLeaving(pod) && !isLeaving(pod) && !isShiftedToGo(pod))
    .map((pod) => pod.node?.stateMs ?? 0);
  if (ages.length === 0) return [];
  const lookAgainMs = LEAVING_MS - Math.max(...ages);
  return [{ what: `nodes leaving ${showZone(zone.name)}`, why: 'a cordon may be taken back at once', lookAgainMs }];
}

function isOnLeaving({ state, node }: PodView): boolean {
  return state === 'leaving' || (state === 'shifted' && node?.state === 'leaving');
}

/** Pods of a shifted zone whose evictions come out of what others can spare. */
function shiftedToGo({ name, alive }: ZonePicture): readonly Wait[] {
  const going = alive.filter(isShiftedToGo);
  if (going.length === 0) return [];
  const what = `evictions of ${count(going.length, 'pod')} on leaving nodes of ${showZone(name)}`;
  const why = 'requests are to leave the zone; its pods go one by one, as far as the others have one more than demand';
  return [{ what, why, lookAgainMs: undefined }];
}
