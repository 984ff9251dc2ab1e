import type { Moment } from '../moment.ts';
import { alivePods } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import { isRolling } from '../../model/rolling.ts';
import type { Child, DeploymentView } from '../../model/child.ts';

/**
 * How long, in ms, a Deployment has made no progress with a rollout, or with making or deleting pods; undefined while
 * it is settled. Progress is when more pods of one ReplicaSet are Ready at once than ever before. Pods that are made
 * and fail again and again are no progress, although Kubernetes' own progress deadline takes them for it. Pods of the
 * template before are none either.
 */
export function observeUnsettled(
  deployment: Child<DeploymentView>,
  pods: readonly PodView[],
  { memory, nowMs }: Pick<Moment, 'memory' | 'nowMs'>,
): number | undefined {
  if (deployment.state !== 'ours') return undefined;
  const alive = alivePods(pods);
  const subject = `progress of ${deployment.uid}`;
  if (!isUnsettled(deployment, alive)) {
    memory.forget(subject);
    return undefined;
  }
  const begun = `${deployment.paused ? 'paused' : 'going'} at ${deployment.templateHash ?? 'no template'}`;
  const before = deployment.good?.hash === deployment.templateHash ? undefined : deployment.good?.replicaSet;
  const fresh = alive.filter(({ replicaSet }) => replicaSet !== before);
  const wasSeen = (fact: string): boolean => memory.ageMs(subject, fact, nowMs) !== undefined;
  return Math.min(...memory.observe(subject, [begun, ...mostReady(fresh, wasSeen)], nowMs).values());
}

/** One fact for each ReplicaSet: the most of its pods that were Ready at once. It stays until more of them are. */
function mostReady(alive: readonly PodView[], wasSeen: (fact: string) => boolean): readonly string[] {
  return [...Map.groupBy(alive, ({ replicaSet }) => replicaSet)].flatMap(([replicaSet, pods]) => {
    const factOf = (ready: number): string => `${ready} Ready of ${replicaSet}`;
    const now = pods.filter(({ ready }) => ready).length;
    const most = pods.map((_, index) => pods.length - index).find((ready) => ready > now && wasSeen(factOf(ready)));
    const best = most ?? now;
    return best === 0 ? [] : [factOf(best)];
  });
}

/** Whether a rollout is under way, pods are to be made or deleted, or the controller has yet to see the newest spec. */
function isUnsettled(deployment: DeploymentView, alive: readonly PodView[]): boolean {
  const { generation, observedGeneration, replicas, replicaFailure } = deployment;
  if (observedGeneration < generation || isRolling(deployment, alive)) return true;
  return alive.length !== replicas && replicaFailure === undefined;
}
