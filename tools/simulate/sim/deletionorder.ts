import type { SimPod } from './objects.ts';

/**
 * The pods a ReplicaSet deletes when it has `surplus` too many, as `ActivePodsWithRanks` in
 * `pkg/controller/controller_utils.go`: unassigned, pending, not ready, lower cost, more on its node, ready for
 * shorter (in powers of two), newer. `related` are all active pods of the Deployment.
 */
export function podsToDelete(
  pods: readonly SimPod[],
  related: readonly SimPod[],
  at: { surplus: number; nowMs: number },
): SimPod[] {
  if (at.surplus >= pods.length) return [...pods];
  const onNode = Map.groupBy(related, (pod) => pod.node);
  const rank = (pod: SimPod): number => onNode.get(pod.node)?.length ?? 0;
  const keys = (pod: SimPod): number[] => [
    pod.node === undefined ? 0 : 1,
    pod.running ? 1 : 0,
    pod.ready ? 1 : 0,
    pod.cost ?? 0,
    -rank(pod),
    pod.ready ? ageBucket(at.nowMs - pod.readySinceMs) : 0,
    ageBucket(at.nowMs - pod.createdMs),
  ];
  return pods
    .map((pod) => ({ pod, order: keys(pod) }))
    .sort((a, b) => compare(a.order, b.order) || (a.pod.uid < b.pod.uid ? -1 : 1))
    .slice(0, at.surplus)
    .map(({ pod }) => pod);
}

function ageBucket(ageMs: number): number {
  return ageMs < 1000 ? 0 : Math.floor(Math.log2(ageMs / 1000)) + 1;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
