import { fieldManagers } from '../api/labels.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { isCode } from '../kube/errors.ts';
import { deployments, podDisruptionBudgets, services } from '../kube/resource.ts';
import type { Ref, Resource } from '../kube/resource.ts';
import type { DoomedObject } from '../model/kitchenSnapshot.ts';
import { stations } from '../observe/resources.ts';
import { changedOutside } from '../plan/children/intent.ts';
import type { KitchenPlan, KitchenStep } from '../model/kitchenPlan.ts';
import type { Attempting } from './attempt.ts';
import { attempt } from './attempt.ts';
import { changedByAdmission } from './result.ts';
import type { StepResult } from './result.ts';
import { applyIntent, removeAsSeen } from './write.ts';
import type { Writing } from './write.ts';

const resources: Readonly<Record<DoomedObject['kind'], Resource>> = {
  Station: stations,
  Deployment: deployments,
  Service: services,
  PodDisruptionBudget: podDisruptionBudgets,
};

/** What applying a Kitchen's plan needs. */
export interface KitchenApplying extends Attempting {
  /** Reads the Kitchen anew from the API server and plans from that; undefined when it is gone. */
  readonly lookAgain: () => Promise<KitchenPlan | undefined>;
}

type Prune = Extract<KitchenStep, { kind: 'pruneStation' }>;

/** Does the steps of all stations; a step that fails ends those of its own station only. */
export async function applyKitchenPlan(
  plan: KitchenPlan,
  applying: KitchenApplying,
): Promise<readonly StepResult<KitchenStep>[]> {
  const results: StepResult<KitchenStep>[] = [];
  const failing = new Set<string>();
  for (const step of plan.steps) {
    if (failing.has(step.station)) continue;
    const result = await attempt(step, applying, {
      name: `${step.kind} ${step.station}`,
      send: () => send(applying, step),
    });
    results.push(result);
    if (result.outcome !== 'done') failing.add(step.station);
  }
  return results;
}

async function send(applying: KitchenApplying, step: KitchenStep): Promise<StepResult<KitchenStep>> {
  switch (step.kind) {
    case 'applyStation': {
      const { at, body } = target(step);
      const object = await applyIntent(applying, { at, body, doing: `applying Station ${at.name}` });
      const changed = changedOutside(body, object);
      return changed.length === 0 ? { step, outcome: 'done', object } : changedByAdmission(step, at.name, changed);
    }
    case 'handDemand':
      return { step, outcome: 'done', object: await handDemand(applying, step) };
    case 'pruneStation':
      break;
  }
  return pruneRechecked(applying, step);
}

/** The children are as they were seen, or the deletes are refused; that nobody declares the station must be seen anew. */
async function pruneRechecked(applying: KitchenApplying, step: Prune): Promise<StepResult<KitchenStep>> {
  const plan = await applying.lastLooks.freshly(`before taking away station ${step.station}`, applying.lookAgain);
  const fresh = plan?.steps.find((each): each is Prune => each.kind === step.kind && each.station === step.station);
  if (fresh === undefined) return { step, outcome: 'changed', message: `${step.kind}: a fresh look decides otherwise` };
  await removeAll(applying, fresh);
  return { step, outcome: 'done', object: undefined };
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
async function removeAll(writing: Writing, step: Prune): Promise<void> {
  for (const { kind, name, uid, resourceVersion } of step.objects) {
    const at = { resource: resources[kind], namespace: step.namespace, name };
    try {
      await removeAsSeen(writing, at, { uid, resourceVersion, doing: `deleting ${kind} ${name}` });
    } catch (error) {
      if (!isCode(error, 'notFound')) throw error;
    }
  }
}
