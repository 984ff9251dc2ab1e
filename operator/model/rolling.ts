import type { DeploymentView } from './child.ts';
import type { PodView } from './pod.ts';

/** Whether a rollout is under way: pods of two templates are there, or an old one has gone and its successor is still to come. */
export function isRolling(deployment: DeploymentView, alive: readonly PodView[]): boolean {
  if (hasTwoTemplates(deployment, alive)) return true;
  // Where old pods go first (plan/station/rules/makeRoom.ts), the last of them is gone before there is a new one.
  const lacks = mayLackOf(deployment);
  return lacks > 0 && alive.filter((pod) => pod.ready).length <= deployment.replicas - lacks;
}

/** Whether pods of more than one template are there, by the pods themselves or by the Deployment's status. */
export function hasTwoTemplates(
  { updatedReplicas, madeReplicas }: Pick<DeploymentView, 'updatedReplicas' | 'madeReplicas'>,
  alive: readonly Pick<PodView, 'replicaSet'>[],
): boolean {
  return updatedReplicas < madeReplicas || new Set(alive.map((pod) => pod.replicaSet)).size > 1;
}

/** ⌊maxUnavailable · r⌋: so many of its pods a Deployment's own rollout may let be missing. */
export function mayLackOf({ maxUnavailable, replicas }: DeploymentView): number {
  if (typeof maxUnavailable === 'number') return maxUnavailable;
  return Math.floor((Number.parseFloat(maxUnavailable) / 100) * replicas);
}
