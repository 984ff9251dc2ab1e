/*
 * Shrink: takes from a zone the pods that it has beyond its share.
 *
 *   surplus = r_z − (R_z + owed_z + misplaced_z) > 0
 *
 * There is a surplus when demand fell, a node or a zone came back, or the zone is no longer declared. First go the pods
 * that are not counted on, then those of the fullest node. They are marked, and the budget sets them apart, before the
 * count is lowered. If the guard refuses the whole surplus, the largest part that passes goes.
 *
 * Hard part: when to wait. While a pod is starting on a healthy node of the zone, the ReplicaSet would delete that one.
 * (In a stuck zone the guard says what is the matter.) Pods on a node that came back count after 2 minutes. And the
 * same zones must have been full for a minute, or pods would be moved between them back and forth.
 *
 * Example: demand falls and R_z goes from 3 to 2. Of the pods of zone-a, the youngest on its fullest node is marked.
 * When the budget has set it apart and its controller has seen that, zone-a is told to have 2.
 */
import { FULL_MS } from '../../../model/thresholds.ts';
import type { Attempt, Tried } from '../attempt.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { guardRefuses } from '../guard.ts';
import { isSure } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';
import type { GuardRefusal } from '../guard.ts';
import type { Wait } from '../../../model/plan.ts';
import { nextOfShrink } from './shrinkStep.ts';
import { stuckAt } from './stuckZone.ts';
import { showZone } from '../../../api/zone.ts';
import { waitFor } from '../attempt.ts';

/** A node that came back may go again. Until this age its pods do not count for a shrink. */
export const HEALED_MS = 120_000;

/** The first zone with a surplus that may go. */
export function tryShrink(picture: Picture): Tried {
  const waits: Wait[] = [];
  // First comes the zone where a shrink has begun. When a zone's turn is not now, its marks are taken off again.
  const zones = picture.zones.toSorted((a, b) => Number(isBegun(b)) - Number(isBegun(a)));
  for (const zone of zones) {
    const surplus = zone.replicas - zone.wanted - zone.owed.length - zone.misplaced.length;
    if (zone.deployment === undefined || surplus <= 0) continue;
    const judged = tooEarly(picture, zone) ?? largestPart(picture, zone, surplus);
    if ('why' in judged) waits.push(waitFor(`shrink ${showZone(zone.name)} by ${surplus}`, judged));
    else return { attempt: shrink(picture, zone, judged), waits };
  }
  return { attempt: undefined, waits };
}

function isBegun(zone: ZonePicture): boolean {
  return zone.alive.some((pod) => pod.marked && !zone.owed.includes(pod));
}

/**
 * The Ready pods that go when the zone gives up this many. Pods that were not made, and pods that are not Ready, go
 * before them.
 */
export function victimsOf(zone: ZonePicture, surplus: number): readonly PodView[] {
  const ready = zone.alive.filter((pod) => pod.ready && !zone.owed.includes(pod));
  const unready = zone.alive.length - zone.alive.filter((pod) => pod.ready).length;
  const notMade = Math.max(0, zone.replicas - zone.alive.length);
  const chosen: PodView[] = [];
  while (chosen.length < surplus - unready - notMade) {
    const next = ready.filter((pod) => !chosen.includes(pod)).toSorted(byTurn(ready, chosen))[0];
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen;
}

interface Part {
  readonly by: number;
  readonly victims: readonly PodView[];
}

function tooEarly({ snapshot, solution }: Picture, zone: ZonePicture): GuardRefusal | undefined {
  if (stuckAt(zone) === undefined && zone.alive.some(isComing)) {
    return { why: 'a pod is starting there, and the ReplicaSet would delete that one', lookAgainMs: undefined };
  }
  const leftMs = FULL_MS - snapshot.fullMs;
  if (leftMs > 0) return { why: 'zones became full, or have room again, less than a minute ago', lookAgainMs: leftMs };
  if (zone.view.full !== undefined && solution.beyond.includes('room')) {
    return { why: 'its pods that wait for room are needed for what is declared', lookAgainMs: undefined };
  }
  return undefined;
}

/** Not Ready, and likely to become so. */
function isComing(pod: PodView): boolean {
  if (pod.state !== 'starting' || pod.slow) return false;
  return pod.node === undefined ? pod.unschedulable === undefined : pod.node.state === 'healthy';
}

function largestPart(picture: Picture, zone: ZonePicture, surplus: number): Part | GuardRefusal {
  let refusal: GuardRefusal | undefined;
  for (let by = surplus; by > 0; by--) {
    const victims = victimsOf(zone, by);
    const refused = guardRefuses(picture, { zone, to: zone.replicas - by, victims, healedMs: HEALED_MS });
    if (refused === undefined) return { victims, by };
    refusal ??= refused;
  }
  return refusal ?? { why: 'nothing to shrink', lookAgainMs: undefined };
}

function shrink(picture: Picture, zone: ZonePicture, { by, victims }: Part): Attempt {
  const name = showZone(zone.name);
  const to = zone.replicas - by;
  const wanted = zone.wanted + zone.owed.length + zone.misplaced.length;
  const shrinking = {
    zone,
    to,
    victims,
    what: `shrink ${name} by ${by}`,
    why: `it needs ${wanted}; target ${picture.reachableTarget}, demand ${picture.demand}`,
    whyMark: `to be deleted first: ${name} needs ${wanted} of ${zone.replicas}`,
  };
  return { reserved: victims, surge: 0, next: (minAvailable) => nextOfShrink(picture, shrinking, minAvailable) };
}

/** First pods that are not counted on, then pods that are marked already, then the youngest of the fullest node. */
function byTurn(ready: readonly PodView[], chosen: readonly PodView[]): (a: PodView, b: PodView) => number {
  const load = (pod: PodView): number =>
    ready.filter((other) => other.node?.name === pod.node?.name && !chosen.includes(other)).length;
  const sure = (pod: PodView): number => (isSure(pod) ? 1 : 0);
  const marked = (pod: PodView): number => (pod.marked ? 0 : 1);
  return (a, b) =>
    sure(a) - sure(b) ||
    marked(a) - marked(b) ||
    load(b) - load(a) ||
    a.readyMs - b.readyMs ||
    (a.name < b.name ? -1 : 1);
}
