/*
 * Which pods may be counted on. In each zone C − max(0, A − r − N) of them, which is never more than r: what the
 * ReplicaSet has been told to take away and has not taken yet is gone already, and the pods that it takes first are no
 * help. Nor are those that a rollout may take of its own accord, where old pods go first (makeRoom.ts).
 */
import type { Picture, ZonePicture } from './picture.ts';
import { countsAfterMs, diesFirst } from './picture.ts';
import type { PlacedPod } from './survival.ts';
import { isSure } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';
import { mayLack } from './room.ts';

/** What is asked of a pod before it counts. */
export interface Trust {
  /** How long a node that came back has to have been healthy; 0: its pods count at once. */
  readonly healedMs: number;
  /** Pods that count although they are marked: the shrink that marked them is the one being judged. */
  readonly evenIfMarked: readonly PodView[];
  /** Sure pods count although they are Ready, or known to the load balancing, only since a moment ago. */
  readonly evenIfNew: boolean;
}

export const TRUST_AT_ONCE: Trust = { healedMs: 0, evenIfMarked: [], evenIfNew: false };

/** The pods of all zones that may be counted on. */
export function trustedPods(picture: Picture, trust: Trust): readonly (PlacedPod & { readonly uid: string })[] {
  const spared = new Set(trust.evenIfMarked.map((pod) => pod.uid));
  return picture.zones.flatMap((zone) => {
    const pods = zone.alive.filter(
      (pod) =>
        hasHealed(pod, trust) &&
        (spared.has(pod.uid) || !pod.marked) &&
        (trust.evenIfNew ? isSure(pod) : hasSettled(picture, zone, pod)),
    );
    const goesFirst = zone.alive.filter(diesFirst).length;
    const stillToGo = Math.max(0, zone.alive.length - zone.replicas - goesFirst);
    const kept = zone.rolling ? zone.replicas - mayLack(zone) : Infinity;
    return pods
      .slice(0, Math.max(0, Math.min(kept, pods.length - stillToGo)))
      .map((pod) => ({ uid: pod.uid, zone: pod.node?.zone ?? zone.name, node: pod.node?.name ?? '' }));
  });
}

/** When the next sure pod begins to count by age alone, in ms; undefined when none will. */
export function settlesInMs(picture: Picture, healedMs: number): number | undefined {
  const waits = picture.zones.flatMap((zone) =>
    zone.alive.map((pod) => {
      const healsInMs = Math.max(0, healedMs - (pod.node?.healedMs ?? Infinity));
      return Math.max(countsAfterMs({ ...pod, marked: false }, zone.deployment, picture.isServed), healsInMs);
    }),
  );
  const soonest = Math.min(...waits.filter((ms) => ms > 0));
  return Number.isFinite(soonest) ? soonest : undefined;
}

function hasSettled(picture: Picture, zone: ZonePicture, pod: PodView): boolean {
  return countsAfterMs({ ...pod, marked: false }, zone.deployment, picture.isServed) === 0;
}

function hasHealed(pod: PodView, trust: Trust): boolean {
  return pod.node?.healedMs === undefined || pod.node.healedMs >= trust.healedMs;
}
