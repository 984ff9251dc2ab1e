/*
 * Hand over: lets owed pods go once enough other pods are sure, in whichever zone.
 *
 *   Σ sure ≥ max(R − strays − what stuck zones lack of R, D)
 *
 * They are marked, the budget sets them apart, and the zone's count is lowered by their number. It is also lowered by
 * the number of the zone's other pods that are not Ready, which the ReplicaSet deletes first; growing makes those
 * again. So exactly the owed pods are deleted. If we waited for taint eviction instead, each replacement would be made
 * twice. Pods on a suspect node are never let go, because the suspicion may be a false alarm.
 *
 * Hard part: a stray, which is a replacement that landed on a leaving node, is never sure, however long we wait. So R
 * less the strays is enough, as long as demand is met.
 *
 * Example: R is 9, and a node of zone-a is lost with one of its 3 pods. zone-a grows to 4. When 9 pods are sure, the
 * lost one is let go and zone-a is told to have 3 again.
 */
import type { Attempt, Tried } from '../attempt.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { TRUST_AT_ONCE, settlesInMs, trustedPods } from './trust.ts';
import { guardRefuses } from '../guard.ts';
import { count } from '../../../model/words.ts';
import { isStray } from './owed.ts';
import type { PodView } from '../../../model/pod.ts';
import type { Step } from '../../../model/plan.ts';
import { lackedByStuck } from './stuckZone.ts';
import { nodesInWords } from './grow.ts';
import { nextOfShrink } from './shrinkStep.ts';
import { showZone } from '../../../api/zone.ts';
import { waitFor } from '../attempt.ts';

/** The first zone whose owed pods may go. */
export function tryHandOver(picture: Picture): Tried {
  const zones = picture.zones.filter((zone) => leaversOf(zone).length > 0 && zone.deployment !== undefined);
  if (zones.length === 0) return { attempt: undefined, waits: [] };
  const sure = trustedPods(picture, TRUST_AT_ONCE).length;
  const strays = picture.zones.flatMap((zone) => (zone.frozen ? [] : zone.alive.filter(isStray))).length;
  const needed = Math.max(picture.reachableTarget - strays - lackedByStuck(picture.zones), picture.demand);
  if (sure < needed) {
    const owed = zones.flatMap(leaversOf);
    const why = `${sure} of ${needed} pods may be counted on; when all ${needed} may, ${count(owed.length, 'pod')} can go (${nodesInWords(owed)})`;
    return { attempt: undefined, waits: [{ what: 'hand over', why, lookAgainMs: settlesInMs(picture, 0) }] };
  }
  const waits = [];
  for (const zone of zones) {
    const leavers = leaversOf(zone);
    // A quota may let the zone make fewer pods than told. A lower count deletes none until it is below the pods that
    // exist.
    const made = Math.min(zone.replicas, zone.alive.length);
    const to = Math.max(0, made - zone.alive.filter((pod) => leavers.includes(pod) || !pod.ready).length);
    const victims = leavers.filter((pod) => pod.ready);
    const refusal = guardRefuses(picture, { zone, to, victims, healedMs: 0 });
    if (refusal === undefined) return { attempt: handOver(picture, zone, to), waits };
    waits.push(waitFor(`hand over in ${showZone(zone.name)}`, refusal));
  }
  return { attempt: undefined, waits };
}

/**
 * Marks pods on leaving nodes at once, so that the evictions of a drain and our shrink take the same pods. The attempt
 * marks the pods that it reserves.
 */
export function markLeavingSteps(picture: Picture, reserved: readonly PodView[]): readonly Step[] {
  return picture.zones.flatMap((zone) => {
    const pods = zone.owed.filter((pod) => pod.state === 'leaving' && !pod.marked && !reserved.includes(pod));
    if (pods.length === 0) return [];
    const marked = pods.map(({ name, uid }) => ({ name, uid }));
    return [{ kind: 'mark', zone: zone.name, pods: marked, why: whyMark(zone, pods) }];
  });
}

function handOver(picture: Picture, zone: ZonePicture, to: number): Attempt {
  const name = showZone(zone.name);
  const leavers = leaversOf(zone);
  const shrinking = {
    zone,
    to,
    victims: leavers,
    what: `hand over in ${name}`,
    why: `${count(leavers.length, 'pod')} will not stay (${nodesInWords(leavers)}), and ${picture.reachableTarget} may be counted on without them`,
    whyMark: whyMark(zone, leavers),
  };
  return {
    reserved: leavers.filter((pod) => pod.ready),
    surge: 0,
    next: (minAvailable) => nextOfShrink(picture, shrinking, minAvailable),
  };
}

function whyMark(zone: ZonePicture, pods: readonly PodView[]): string {
  return `to be deleted first in ${showZone(zone.name)}: ${nodesInWords(pods)}`;
}

function leaversOf({ owed }: ZonePicture): readonly PodView[] {
  return owed.filter((pod) => pod.node?.state !== 'suspect');
}
