import { fieldManagers } from '../api/labels.ts';
import type { KubeObject } from '../kube/object.ts';
import { isCode } from '../kube/errors.ts';
import { deployments, podDisruptionBudgets, services } from '../kube/resource.ts';
import type { Ref, Resource } from '../kube/resource.ts';
import type { DoomedObject } from '../observe/kitchenSnapshot.ts';
import { stations } from '../observe/resources.ts';
import type { KitchenPlan, KitchenStep } from '../plan/kitchenPlan.ts';
import type { Attempting } from './attempt.ts';
import { attempt } from './attempt.ts';
import type { StepResult } from './result.ts';
import { applyIntent, removeAsSeen } from './write.ts';
import type { Writing } from './write.ts';

const resources: Readonly<Record<DoomedObject['kind'], Resource>> = {
  Station: stations,
  Deployment: deployments,
  Service: services,
  PodDisruptionBudget: podDisruptionBudgets,
};

/** Does the steps of all stations; a step that fails ends those of its own station only. */
export async function applyKitchenPlan(
  plan: KitchenPlan,
  applying: Attempting,
): Promise<readonly StepResult<KitchenStep>[]> {
  const results: StepResult<KitchenStep>[] = [];
  const failing = new Set<string>();
  for (const step of plan.steps) {
    if (failing.has(step.station)) continue;
    const result = await attempt(step, applying, {
      name: `${step.kind} ${step.station}`,
      send: async () => ({ step, outcome: 'done', object: await send(applying, step) }),
    });
    results.push(result);
    if (result.outcome !== 'done') failing.add(step.station);
  }
  return results;
}

function send(writing: Writing, step: KitchenStep): Promise<KubeObject | undefined> {
  switch (step.kind) {
    case 'applyStation':
      return applyIntent(writing, { ...target(step), doing: `applying Station ${step.intent.name}` });
    case 'handDemand':
      return handDemand(writing, step);
    case 'pruneStation':
      break;
  }
  return removeAll(writing, step);
}

function target({ intent }: Extract<KitchenStep, { kind: 'applyStation' | 'handDemand' }>): {
  at: Ref;
  body: KubeObject;
} {
  const at = { resource: stations, namespace: intent.namespace, name: intent.name };
  return { at, body: intent.body as unknown as KubeObject };
}

/** Makes another manager of ours an owner of the demand that is there; somebody else owning it by now is as good. */
async function handDemand(
  writing: Writing,
  step: Extract<KitchenStep, { kind: 'handDemand' }>,
): Promise<KubeObject | undefined> {
  const { at, body } = target(step);
  const doing = `leaving the demand of Station ${step.intent.name} to others`;
  try {
    const object = await writing.client.apply(at, body, { fieldManager: fieldManagers.demand, doing });
    writing.learn(at.resource, object);
    return object;
  } catch (error) {
    if (isCode(error, 'conflict')) return undefined;
    throw error;
  }
}

/** Deletes what is left of a station, in the planned order; what is gone already needs no delete. */
async function removeAll(writing: Writing, step: Extract<KitchenStep, { kind: 'pruneStation' }>): Promise<undefined> {
  for (const { kind, name, uid, resourceVersion } of step.objects) {
    const at = { resource: resources[kind], namespace: step.namespace, name };
    try {
      await removeAsSeen(writing, at, { uid, resourceVersion, doing: `deleting ${kind} ${name}` });
    } catch (error) {
      if (!isCode(error, 'notFound')) throw error;
    }
  }
  return undefined;
}
