/*
 * Silent nodes: tells about nodes that have not renewed their Lease for 5 minutes and that Kubernetes still calls
 * Ready.
 *
 * Hard part: their pods may serve or not, so other pods stand in for them and none of them is let go. Only a person can
 * tell whether the machine is dead.
 *
 * Example: the kubelet of node a-1 cannot write its Lease, but still reports its status. After 5 minutes the message
 * names a-1.
 */
import { SILENT_FOR_LONG_MS } from '../../../model/thresholds.ts';
import type { Picture } from '../picture.ts';
import { count } from '../../../model/words.ts';
import type { PodView } from '../../../model/pod.ts';
import type { Problem } from '../../../model/plan.ts';

/** The silent nodes that carry pods of ours, each with its number of pods. */
export function silentNodes({ zones }: Picture): readonly Problem[] {
  const pods = zones.flatMap(({ alive }) => alive).filter(isOnSilentNode);
  return [...Map.groupBy(pods, ({ node }) => node?.name ?? '')].map(([name, there]) => ({
    kind: 'NodeSilent',
    reason: 'CalledReady',
    message: `${name} has not renewed its Lease for ${SILENT_FOR_LONG_MS / 60_000} minutes and more, and Kubernetes still calls it Ready: its ${count(there.length, 'pod')} may serve or not, so others stand in and none is let go; if the machine is dead, delete the Node`,
  }));
}

function isOnSilentNode({ node }: PodView): boolean {
  return node?.state === 'suspect' && node.stateMs >= SILENT_FOR_LONG_MS;
}
