import type { DeploymentView } from './child.ts';
import type { PodView } from './pod.ts';

/**
 * Whether a rollout is under way: there are pods of two templates, or the last old pod has gone first and the new one
 * has not been made yet.
 */
export function isRolling(deployment: DeploymentView, alive: readonly PodView[]): boolean {
  if (hasTwoTemplates(deployment, alive)) return true;
  // Where old pods go first (plan/station/rules/makeRoom.ts), the last old pod is gone before the new one is made.
  const lacks = mayLackOf(deployment);
  return lacks > 0 && alive.filter((pod) => pod.ready).length <= deployment.replicas - lacks;
}

/** Whether there are pods of more than one template. The pods themselves show it, or the Deployment's status does. */
export function hasTwoTemplates(
  { updatedReplicas, madeReplicas }: Pick<DeploymentView, 'updatedReplicas' | 'madeReplicas'>,
  alive: readonly Pick<PodView, 'replicaSet'>[],
): boolean {
  return updatedReplicas < madeReplicas || new Set(alive.map((pod) => pod.replicaSet)).size > 1;
}

/** ⌊maxUnavailable · r⌋: how many pods may be missing during the Deployment's own rollout. */
export function mayLackOf({ maxUnavailable, replicas }: DeploymentView): number {
  if (typeof maxUnavailable === 'number') return maxUnavailable;
  return Math.floor((Number.parseFloat(maxUnavailable) / 100) * replicas);
}
