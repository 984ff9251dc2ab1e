import type { PodTemplate } from '../../api/podtemplate.ts';
import { probesAllowMs } from '../../api/probes.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import type { PodObject } from '../objects.ts';

/** No pod is called slow before three times this. */
const STARTUP_AT_LEAST_MS = 60_000;
/** An observed start-up time counts up to this: a pod that turns Ready and back seems to have started all its life. */
const SEEN_AT_MOST_MS = 600_000;
const SLOW_FACTOR = 3;

/** A pod on a healthy node that is not Ready for longer is slow; `Infinity` while none is Ready: all would be slow. */
export function slowAfterMs(
  template: PodTemplate,
  pods: readonly PodObject[],
  nodes: ReadonlyMap<string, ObservedNode>,
): number {
  const ready = pods.filter(({ deleting, readyAt }) => !deleting && readyAt !== undefined);
  if (ready.length === 0) return Infinity;
  const seenMs = ready.map((pod) => seenStartMs(pod, nodes.get(pod.node)));
  return SLOW_FACTOR * Math.max(STARTUP_AT_LEAST_MS, probesAllowMs(template), ...seenMs);
}

/** Time from binding to Ready, by the pod's own timestamps; 0 when its node's return made it Ready again. */
function seenStartMs({ readyAt = 0, boundAt = 0 }: PodObject, node: ObservedNode | undefined): number {
  if (boundAt === 0 || (node !== undefined && node.object.readyAt > boundAt)) return 0;
  return Math.min(SEEN_AT_MOST_MS, (readyAt - boundAt) * 1000);
}
