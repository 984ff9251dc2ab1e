import type { Progress, SimDeployment } from './objects.ts';

/**
 * The Deployment's condition `Progressing` after its status was counted anew, as `syncRolloutStatus` in Kubernetes'
 * `pkg/controller/deployment/progress.go`: complete, moving, or without a move for longer than the deadline. A Deployment
 * that was complete once is timed no more until a new ReplicaSet is made.
 */
export function progressAfter(
  deployment: SimDeployment,
  status: Omit<SimDeployment['status'], 'progress'>,
  nowMs: number,
): Progress | undefined {
  const { progress, ...before } = deployment.status;
  if (status.replicas === status.updated && progress?.reason === 'NewReplicaSetAvailable') return progress;
  const { replicas, generation } = deployment;
  const isComplete =
    [status.updated, status.replicas, status.available].every((pods) => pods === replicas) &&
    status.observedGeneration >= generation;
  if (isComplete) return { reason: 'NewReplicaSetAvailable', updatedMs: nowMs };
  const moves =
    status.updated > before.updated ||
    status.replicas - status.updated < before.replicas - before.updated ||
    status.ready > before.ready ||
    status.available > before.available;
  if (moves) return { reason: 'ReplicaSetUpdated', updatedMs: nowMs };
  if (progress === undefined || progress.reason === 'NewReplicaSetAvailable') return progress;
  if (progress.reason === 'ProgressDeadlineExceeded' || nowMs - progress.updatedMs <= deployment.deadlineMs)
    return progress;
  return { reason: 'ProgressDeadlineExceeded', updatedMs: nowMs };
}
