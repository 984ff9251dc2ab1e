import type { DeploymentObject } from './objects.ts';

/** Whether the API server refused to make something because the namespace is being deleted: there is no way back from that. */
export function saysTerminating(words: string): boolean {
  return words.includes('because it is being terminated');
}

/** Whether a ReplicaSet was told so when it made a pod. */
export function isNamespaceTerminating(deployments: readonly DeploymentObject[]): boolean {
  return deployments.some(({ replicaFailure }) => replicaFailure !== undefined && saysTerminating(replicaFailure));
}
