import type { DeploymentObject } from '../objects.ts';
import { childView } from '../ownership.ts';
import type { DeploymentView } from '../../model/child.ts';

/** A Deployment of ours as the planner sees it. */
export function deploymentView(deployment: DeploymentObject): DeploymentView {
  const { generation, observedGeneration, replicas, madeReplicas, updatedReplicas } = deployment;
  const { maxSurge, maxUnavailable, paused, replicaFailure, timesTold, progressFailed } = deployment;
  const { templateHash, defaults, template } = deployment;
  const { revision, good, badTemplate, failure, evened } = deployment.notes;
  return {
    ...childView(deployment),
    generation,
    observedGeneration,
    replicas,
    madeReplicas,
    updatedReplicas,
    minReadyMs: deployment.minReadySeconds * 1000,
    maxSurge,
    maxUnavailable,
    progressDeadlineMs: deployment.progressDeadlineSeconds * 1000,
    paused,
    replicaFailure,
    failingMs: 0,
    sinceToldMs: 0,
    timesTold,
    progressFailed,
    revision,
    good,
    badTemplate,
    failure,
    evened,
    templateHash,
    defaults,
    template,
  };
}
