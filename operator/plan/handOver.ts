/*
 * Hand over: once Σ sure ≥ max(R, D), but for what stuck zones lack of R, wherever those pods are, the owed ones are let go: marked cheapest to delete, set
 * apart in the budget, and the count lowered by their number and that of the zone's other pods that are not Ready, which the
 * ReplicaSet takes before them; growing puts those back. It deletes exactly them, where waiting for taint eviction
 * would make each replacement twice. Pods on a suspect node are never let go: it may be a false alarm. A replacement that
 * landed on a leaving node is never sure, however long we wait: with Σ sure ≥ D, R less such strays is enough.
 */
import type { Attempt, Tried } from './attempt.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { TRUST_AT_ONCE, settlesInMs, trustedPods } from './trust.ts';
import { guardRefuses } from './guard.ts';
import { count } from './picture.ts';
import { isStray } from './owed.ts';
import type { PodView } from '../model/pod.ts';
import type { Step } from '../model/plan.ts';
import { lackedByStuck } from './stuckZone.ts';
import { nodesOf } from './grow.ts';
import { nextOfShrink } from './shrinkStep.ts';
import { showZone } from '../api/zone.ts';
import { waitFor } from './attempt.ts';

/** The first zone whose owed pods may go. */
export function tryHandOver(picture: Picture): Tried {
  const zones = picture.zones.filter((zone) => leaversOf(zone).length > 0 && zone.deployment !== undefined);
  if (zones.length === 0) return { attempt: undefined, waits: [] };
  const sure = trustedPods(picture, TRUST_AT_ONCE).length;
  const strays = picture.zones.flatMap((zone) => (zone.held ? [] : zone.alive.filter(isStray))).length;
  const needed = Math.max(picture.target - strays - lackedByStuck(picture.zones), picture.demand);
  if (sure < needed) {
    const owed = zones.flatMap(leaversOf);
    const why = `${sure} of ${needed} may be counted on; ${count(owed.length, 'pod')} (${nodesOf(owed)}) can go when all may`;
    return { attempt: undefined, waits: [{ what: 'hand over', why, lookAgainMs: settlesInMs(picture, 0) }] };
  }
  const waits = [];
  for (const zone of zones) {
    const leavers = leaversOf(zone);
    // Where a quota lets fewer be made than told, a lower number takes nobody before it is lower than those there are.
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
 * Marks for pods on leaving nodes, given at once, so that a drain's evictions and our shrink mean the same pods. Those
 * that the attempt reserves are marked by it.
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
    why: `${count(leavers.length, 'pod')} will not stay (${nodesOf(leavers)}), and ${picture.target} may be counted on without`,
    whyMark: whyMark(zone, leavers),
  };
  return {
    reserved: leavers.filter((pod) => pod.ready),
    surge: 0,
    next: (minAvailable) => nextOfShrink(picture, shrinking, minAvailable),
  };
}

function whyMark(zone: ZonePicture, pods: readonly PodView[]): string {
  return `to be deleted first in ${showZone(zone.name)}: ${nodesOf(pods)}`;
}

function leaversOf({ owed }: ZonePicture): readonly PodView[] {
  return owed.filter((pod) => pod.node?.state !== 'suspect');
}
