import type { Moment } from './moment.ts';
import { alivePods } from '../model/pod.ts';
import type { PodView } from '../model/pod.ts';
import { isRolling } from '../model/rolling.ts';
import type { Child, DeploymentView } from '../model/child.ts';

/**
 * For how long, in ms, a Deployment has got no further with what it is at; undefined while it is at nothing. The memory is
 * told of the most pods of each ReplicaSet that were Ready at once, and one more is progress: pods that are made and fail
 * again and again are none, although Kubernetes' own deadline takes them for it, nor are those of the template before.
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

/** A fact for each ReplicaSet that had Ready pods: a number that was reached once is kept until there are more. */
function mostReady(alive: readonly PodView[], wasSeen: (fact: string) => boolean): readonly string[] {
  return [...Map.groupBy(alive, ({ replicaSet }) => replicaSet)].flatMap(([replicaSet, pods]) => {
    const factOf = (ready: number): string => `${ready} Ready of ${replicaSet}`;
    const now = pods.filter(({ ready }) => ready).length;
    const most = pods.map((_, index) => pods.length - index).find((ready) => ready > now && wasSeen(factOf(ready)));
    const best = most ?? now;
    return best === 0 ? [] : [factOf(best)];
  });
}

/** A rollout is under way, pods are still to be made or deleted, or the newest spec has yet to be seen. */
function isUnsettled(deployment: DeploymentView, alive: readonly PodView[]): boolean {
  const { generation, observedGeneration, replicas, replicaFailure } = deployment;
  if (observedGeneration < generation || isRolling(deployment, alive)) return true;
  return alive.length !== replicas && replicaFailure === undefined;
}
