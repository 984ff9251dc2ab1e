/*
 * Misplaced: finds pods whose node carries another zone's label now, so that their own zone makes as many new ones.
 *
 *   R_z + owed_z + misplaced_z
 *
 * Such a pod runs on and counts where it runs, because it is lost when that other zone is lost. It is let go once the
 * new pods are Ready (bringHome.ts).
 *
 * Hard part: the rule must not feed on itself. It does not, because what ties pods to their zone keeps every later pod
 * off such a node. A zone where nothing can be made, because what it runs fits no node there, is left as it is:
 * otherwise its pods would be asked for without end.
 *
 * Example: the label of a node in zone-a is changed to zone-b. Its pod counts for zone-b, and zone-a makes a new one.
 */
import type { ZoneView } from '../../../model/zone.ts';
import { isSure } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';

/** Labels are changed node after node. Within this time the zone's last node may follow, and then the whole zone has moved. */
export const MISPLACED_MS = 5_000;

/** Pods that their zone must make good, because they are sure in another zone. */
export function misplacedIn({ declared, runningUnfit }: ZoneView, alive: readonly PodView[]): readonly PodView[] {
  return declared && runningUnfit === undefined ? alive.filter(isMisplaced) : [];
}

/** Sure, on a node whose label has named another zone for long enough. */
export function isMisplaced(pod: PodView): boolean {
  return isSure(pod) && (pod.misplacedMs ?? 0) >= MISPLACED_MS;
}
