import type { KubeObject } from '../api/kubernetes/object.ts';
import { deployments, podDisruptionBudgets, services } from '../kube/resource.ts';
import type { Resource } from '../kube/resource.ts';
import { isCode } from '../kube/errors.ts';
import type { Intent, Step } from '../model/plan.ts';
import { LOWEST_DELETION_COST } from '../api/labels.ts';
import { showZone } from '../api/zone.ts';
import { refuseStrangers } from './strangers.ts';
import { rollBack } from './rollBack.ts';
import { applyIntent, removeAsSeen, setDeletionCost, tellToTry } from './write.ts';
import type { Writing } from './write.ts';

const resources: Readonly<Record<Intent['kind'], Resource>> = {
  Deployment: deployments,
  Service: services,
  PodDisruptionBudget: podDisruptionBudgets,
};

/** Where a step is done: the station's namespace, and its name for errors. */
export interface Place {
  readonly namespace: string;
  readonly station: string;
}

/** Sends one step as it is, whatever its kind; resolves with the last object answered, rejects with an `ApiError`. */
export async function applyStep(writing: Writing, step: Step, place: Place): Promise<KubeObject | undefined> {
  const doing = doingOf(step, place.station);
  switch (step.kind) {
    case 'applyService':
    case 'applyBudget':
    case 'create':
    case 'grow':
    case 'mend':
    case 'evenOut':
    case 'rollOut':
    case 'makeRoom':
    case 'shrink':
      return sendIntent(writing, step.intent, doing);
    case 'rollBack':
      return rollBack(writing, step, doing);
    case 'mark':
    case 'unmark':
      return setCosts(writing, step, { ...place, doing });
    case 'tellToTry':
      return tellToTry(writing, { ...place, ...step, doing });
    case 'prune':
    case 'pruneService':
      await removeAsSeen(
        writing,
        { resource: step.kind === 'prune' ? deployments : services, namespace: place.namespace, name: step.name },
        { uid: step.uid, resourceVersion: step.resourceVersion, doing },
      );
      break;
  }
  return undefined;
}

async function sendIntent(writing: Writing, intent: Intent, doing: string): Promise<KubeObject> {
  const at = { resource: resources[intent.kind], namespace: intent.namespace, name: intent.name };
  if (intent.newFor !== undefined) await refuseStrangers(writing.client, at, intent.newFor);
  return applyIntent(writing, { at, body: intent.body as unknown as KubeObject, doing });
}

/** A pod that is gone by now needs no mark: the others get theirs all the same. */
async function setCosts(
  writing: Writing,
  step: Extract<Step, { kind: 'mark' | 'unmark' }>,
  place: { readonly namespace: string; readonly doing: string },
): Promise<KubeObject | undefined> {
  const cost = step.kind === 'mark' ? LOWEST_DELETION_COST : null;
  let last: KubeObject | undefined;
  for (const pod of step.pods) {
    try {
      last = await setDeletionCost(writing, { ...place, ...pod, cost });
    } catch (error) {
      if (!isCode(error, 'notFound')) throw error;
    }
  }
  return last;
}

/** What is being done, put before the API server's words: `growing pizzeria-grill in zone-a from 2 to 3`. */
function doingOf(step: Step, station: string): string {
  switch (step.kind) {
    case 'applyService':
    case 'applyBudget':
      return `applying ${step.intent.kind} ${step.intent.name}`;
    case 'create':
      return `starting ${station} in ${showZone(step.zone)}`;
    case 'grow':
    case 'shrink':
      return `${step.kind}ing ${station} in ${showZone(step.zone)} from ${step.from} to ${step.to}`;
    case 'mend':
      return `mending ${station} in ${showZone(step.zone)}`;
    case 'evenOut':
      return `evening out ${station} in ${showZone(step.zone)}`;
    case 'makeRoom':
      return `making room for ${station} in ${showZone(step.zone)}`;
    case 'rollOut':
      return `rolling ${station} out to ${showZone(step.zone)}`;
    case 'rollBack':
      return `rolling ${station} back in ${showZone(step.zone)}`;
    case 'mark':
    case 'unmark':
      return `${step.kind}ing pods of ${station} in ${showZone(step.zone)}`;
    case 'tellToTry':
      return `telling the ReplicaSet of ${station} in ${showZone(step.zone)} to try again`;
    case 'prune':
    case 'pruneService':
      break;
  }
  return `deleting ${step.kind === 'prune' ? 'Deployment' : 'Service'} ${step.name}`;
}
