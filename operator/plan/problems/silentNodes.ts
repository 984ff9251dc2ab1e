import { SILENT_FOR_LONG_MS } from '../../model/thresholds.ts';
import type { Picture } from '../picture.ts';
import { count } from '../picture.ts';
import type { PodView } from '../../model/pod.ts';
import type { Problem } from '../../model/plan.ts';

/** Nodes that have been silent for long and that Kubernetes never called lost: their pods are stood in for, and never let go. */
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
