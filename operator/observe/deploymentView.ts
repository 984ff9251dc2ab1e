import type { DeploymentObject } from './objects.ts';
import { childView } from './ownership.ts';
import type { DeploymentView } from './snapshot.ts';

/** A Deployment of ours as the planner sees it. */
export function deploymentView(deployment: DeploymentObject): DeploymentView {
  const { generation, observedGeneration, replicas, madeReplicas, updatedReplicas } = deployment;
  const { maxSurge, replicaFailure, templateHash, defaults, template } = deployment;
  return {
    ...childView(deployment),
    generation,
    observedGeneration,
    replicas,
    madeReplicas,
    updatedReplicas,
    minReadyMs: deployment.minReadySeconds * 1000,
    maxSurge,
    replicaFailure,
    progressFailed: false,
    revision: undefined,
    good: undefined,
    badTemplate: undefined,
    failure: undefined,
    evened: undefined,
    templateHash,
    defaults,
    template,
  };
}
