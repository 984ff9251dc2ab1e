/*
 * Owed: pods that will not come back, for whom their zone grows by as many before they are let go.
 *
 * - On a suspect, lost or gone node: the pods that were there when it fell silent.
 * - On a suspect or lost node, pods made later too, while they are not Ready: the scheduler knows of no suspicion, and of a
 *   loss only by a taint that comes a moment after the condition. At most as many as were there before, or the rule feeds
 *   on itself: each replacement that lands on a dead node would ask for another (3 pods became 151 in 15 s).
 * - On a leaving node, 2 s after it began to leave: none, when demand is met without them and the target has room for
 *   their loss: evictions take them and the ReplicaSet refills. Else all that were there when it began to leave, marked and
 *   held by the budget until they are gone or the node stays after all: or the drain, retrying every 5 s, spends the new pods
 *   as allowance and each is replaced twice. The marks are what keeps this decision from turning back half-way.
 * - Never a pod that came to a leaving node later: where a template tolerates the cordon, or nothing but a condition says that
 *   the node leaves, replacements land there too, and each would ask for another (5 pods became 51 in 45 s). Such strays are
 *   told of (problems/leavingNodes.ts), and what is owed is handed over without them.
 */
import type { ZoneView } from '../model/zone.ts';
import { surePods } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';

/** A cordon is often followed by an uncordon or by more cordons; this long it only looks. */
export const LEAVING_MS = 2_000;

/** The owed among a live zone's pods. */
export function owedIn(alive: readonly PodView[], owesLeaving: boolean): readonly PodView[] {
  const lost = alive.filter((pod) => pod.node?.lostWithIt === true);
  const late = alive.filter((pod) => isSilent(pod) && pod.node?.lostWithIt === false && !pod.ready);
  return [
    ...lost,
    ...late.slice(0, lost.filter(isSilent).length),
    ...alive.filter((pod) => owesLeaving && isLeaving(pod) && pod.node?.leavesWithIt === true),
  ];
}

function isSilent(pod: PodView): boolean {
  return pod.node?.state === 'suspect' || pod.node?.state === 'lost';
}

/** Whether pods on leaving nodes are replaced first: demand cannot do without them, or it has begun already. */
export function owesLeavingPods(zones: readonly ZoneView[], demand: number, target: number): boolean {
  const pods = zones.flatMap((zone) => zone.pods);
  const leaving = pods.filter(isLeaving);
  const sure = surePods(pods).length;
  return leaving.some((pod) => pod.marked) || sure < demand || target - leaving.length < demand;
}

/** Ready, on a node that has been leaving for long enough. */
export function isLeaving(pod: PodView): boolean {
  return pod.state === 'leaving' && (pod.node?.stateMs ?? 0) >= LEAVING_MS;
}

/** Ready on a leaving node and not owed, since it came there later: waiting moves it nowhere else. */
export function isStray(pod: PodView): boolean {
  return isLeaving(pod) && pod.node?.leavesWithIt === false;
}

/** What keeps owed pods from being made good in their zone now. */
export interface Hindrance {
  /** Lost ones may be part of a wave of losses that is not over for so long. */
  readonly waveLeftMs: number;
  /** Those that leave would leave again (closing.ts). */
  readonly isClosing: boolean;
}

/** Those of the owed that are made good in their zone now. */
export function madeGoodNow(owed: readonly PodView[], { waveLeftMs, isClosing }: Hindrance): readonly PodView[] {
  return owed.filter((pod) => (pod.state === 'leaving' ? !isClosing : waveLeftMs === 0));
}
