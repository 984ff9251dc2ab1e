import type { PodObject } from '../objects.ts';
import type { PodView } from '../../model/pod.ts';

/** A container that has run for this long since its last crash may have recovered. */
export const BETWEEN_CRASHES_MS = 30_000;

/** Facts about a pod; the memory is told of them together with all others. */
export const STUCK = 'stuck';
export const BETWEEN_CRASHES = 'between crashes';

/**
 * What the memory is told of a pod that does not start. The pod becomes stuck when a container waits for a reason such
 * as `ImagePullBackOff`; which reason does not matter, since they take turns. A container in a crash loop also runs for
 * a moment between two crashes: that ends the fact only when the pod gets Ready, or when the container runs for 30 s.
 */
export function stuckFacts(pod: PodObject, before: (fact: string) => number | undefined): readonly string[] {
  if (pod.stuck === undefined || pod.readyAt !== undefined || pod.deleting) return [];
  if (pod.stuck.isWaiting) return [STUCK];
  const isLong = (before(BETWEEN_CRASHES) ?? 0) >= BETWEEN_CRASHES_MS;
  return before(STUCK) === undefined || isLong ? [] : [STUCK, BETWEEN_CRASHES];
}

/** Why a pod does not start, and for how long; undefined when it is not stuck. */
export function stuckView({ stuck }: PodObject, stuckMs: number | undefined): PodView['stuck'] {
  if (stuck === undefined || stuckMs === undefined) return undefined;
  return { reason: stuck.reason, message: stuck.message, ageMs: stuckMs };
}
