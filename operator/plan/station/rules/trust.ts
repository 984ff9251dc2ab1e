/*
 * Trust: says which pods may be counted on.
 *
 *   C − max(0, A − r − N) in each zone, and never more than r
 *
 * Pods that the ReplicaSet was told to delete and has not deleted yet count as gone. The pods that it takes first are
 * no help. Where old pods go first (makeRoom.ts), neither are those that a rollout may take by itself.
 *
 * Example: a zone has 4 pods that count and was told 3 a moment ago: A = C = 4, r = 3, N = 0. So 3 may be counted on.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { countsAfterMs, diesFirst } from '../picture.ts';
import type { PlacedPod } from '../survival.ts';
import { isSure } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';
import { mayLack } from '../room.ts';

/** What is required of a pod before it counts. */
export interface Trust {
  /** How long a node that came back must have been healthy; 0: its pods count at once. */
  readonly healedMs: number;
  /** Pods that count although they are marked: the shrink that marked them is being judged. */
  readonly evenIfMarked: readonly PodView[];
  /** Sure pods count although they became Ready, or known to the load balancing, only a moment ago. */
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

/** How many ms until the next sure pod counts, by its age alone; undefined when none will. */
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
