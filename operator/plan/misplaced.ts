/*
 * Misplaced: a pod whose node carries another zone's label by now. It runs on, and counts where it runs: the other zone takes
 * it along when it goes. Its own zone grows by as many, and they are let go once those are Ready (bringHome.ts):
 *
 *   R_z + owed_z + misplaced_z
 *
 * This feeds on nothing: what ties pods to their zone keeps every pod that is made later from such a node. A zone where nothing
 * can be made, since what it runs fits no node there, is left as it is: its pods would be asked for for ever.
 */
import type { ZoneView } from '../model/zone.ts';
import { isSure } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';

/** Labels are changed node after node: a zone's last one may follow, and then the zone has moved as a whole. */
export const MISPLACED_MS = 5_000;

/** Pods of the zone to be made good in it, because they are sure in another. */
export function misplacedIn({ declared, runningUnfit }: ZoneView, alive: readonly PodView[]): readonly PodView[] {
  return declared && runningUnfit === undefined ? alive.filter(isMisplaced) : [];
}

/** Sure, on a node whose label has said another zone for long enough. */
export function isMisplaced(pod: PodView): boolean {
  return isSure(pod) && (pod.misplacedMs ?? 0) >= MISPLACED_MS;
}
