import type { FirstSeen } from '../../engine/memory.ts';
import type { DeploymentView } from '../../model/child.ts';

/** Ages of a Deployment's failure to make pods. */
export type TryingAges = Pick<DeploymentView, 'failingMs' | 'sinceToldMs'>;

/**
 * Tells the memory whether a Deployment's ReplicaSet fails to make pods, and how often we told it to try at once; both
 * ages are 0 while it does not fail.
 */
export function observeTrying(
  { uid, replicaFailure, timesTold }: Pick<DeploymentView, 'uid' | 'replicaFailure' | 'timesTold'>,
  { memory, nowMs }: { readonly memory: FirstSeen; readonly nowMs: number },
): TryingAges {
  const told = `told ${timesTold}`;
  const facts = replicaFailure === undefined ? [] : ['failing', told];
  const ages = memory.observe(`making pods of ${uid}`, facts, nowMs);
  return { failingMs: ages.get('failing') ?? 0, sinceToldMs: ages.get(told) ?? 0 };
}
