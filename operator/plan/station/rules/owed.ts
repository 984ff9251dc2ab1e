/*
 * Owed: finds the pods that will not come back, so that their zone makes as many new ones before they are let go.
 *
 * - On a suspect, lost or gone node: the pods that were there when it fell silent.
 * - On a suspect or lost node: later pods too, while they are not Ready. The scheduler does not know of a suspicion,
 *   and it knows of a loss only by a taint that comes a moment after the condition. At most as many as were there
 *   before, or the rule would feed on itself: each replacement that lands on a dead node would ask for another (3 pods
 *   became 151 in 15 s).
 * - On a leaving node, 2 s after it began to leave: none, when demand is met without them and R minus them is at least
 *   D. Evictions take them and the ReplicaSet makes new ones.
 * - Otherwise all pods that were there when it began to leave. They are marked, and the budget holds them until they
 *   are gone or the node stays after all. If the budget did not hold them, the drain, which tries again every 5 s,
 *   would spend the new pods as allowance, and each pod would be replaced twice. The marks keep this decision from
 *   turning back half-way.
 * - Never a pod that came to a leaving node later. Where the template tolerates the cordon, or only a condition says
 *   that the node leaves, replacements land there too, and each would ask for another (5 pods became 51 in 45 s).
 *   People are told of such strays (problems/leavingNodes.ts), and what is owed is handed over without them.
 *
 * Hard part: to tell pods that were there from pods that came later, or a replacement would be owed itself.
 *
 * Example: R = D = 6, and a node with 2 pods is drained. Only 4 pods are sure, so both are owed, and their zone grows
 * by 2.
 */
import type { ZoneView } from '../../../model/zone.ts';
import { surePods } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';

/** Often another cordon or an uncordon follows a cordon. For this long the operator only watches. */
export const LEAVING_MS = 2_000;

/** The owed pods of a zone that is planned with. */
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

/** Whether pods on leaving nodes are replaced before they go: demand needs them, or replacing them has begun already. */
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

/**
 * Whether a drain will evict a shifted pod out of the budget's allowance for the others: no pod is made in its zone, so
 * nothing else makes way for it.
 */
export function isShiftedToGo({ state, node }: PodView): boolean {
  return state === 'shifted' && node?.state === 'leaving' && node.stateMs >= LEAVING_MS;
}

/** A stray: Ready on a leaving node, and not owed because it came there later. No waiting moves it away. */
export function isStray(pod: PodView): boolean {
  return isLeaving(pod) && pod.node?.leavesWithIt === false;
}

/** What keeps a zone from making its owed pods good now. */
export interface Hindrance {
  /** For this many ms more, lost pods may be part of a wave of losses (wave.ts). */
  readonly waveLeftMs: number;
  /** The zone is closing, so a replacement of a leaving pod would have to leave again (closing.ts). */
  readonly isClosing: boolean;
}

/** The owed pods that their zone makes good now. */
export function madeGoodNow(owed: readonly PodView[], { waveLeftMs, isClosing }: Hindrance): readonly PodView[] {
  return owed.filter((pod) => (pod.state === 'leaving' ? !isClosing : waveLeftMs === 0));
}
