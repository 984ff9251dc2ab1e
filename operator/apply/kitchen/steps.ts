import { fieldManagers } from '../../api/labels.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';
import { isCode } from '../../kube/errors.ts';
import type { Ref } from '../../kube/path.ts';
import type { Intent } from '../../model/intent.ts';
import type { KitchenPlan, KitchenStep } from '../../model/kitchenPlan.ts';
import { changedOutside } from '../../plan/children/intent.ts';
import type { StepRules } from '../applyPlan.ts';
import type { StepRows } from '../step.ts';
import { applyIntent, removeAsSeen } from '../write.ts';
import type { Writing } from '../write.ts';

type Prune = Extract<KitchenStep, { readonly kind: 'pruneStation' }>;

const action = 'Reconcile';

/** Every step of a Kitchen's plan, one row each. */
export const kitchenSteps: StepRows<KitchenStep> = {
  applyStation: {
    words: ({ station }) => `apply Station ${station}`,
    doing: ({ intent }) => `applying Station ${intent.name}`,
    send: (writing, { intent }, { doing }) => applyIntent(writing, { ...target(intent), doing }),
    event: { reason: 'StationApplied', action },
  },
  handDemand: {
    words: ({ station }) => `leave the demand of Station ${station} to others`,
    doing: ({ intent }) => `leaving the demand of Station ${intent.name} to others`,
    send: (writing, { intent }, { doing }) => handDemand(writing, intent, doing),
    event: { reason: 'DemandHanded', action },
  },
  // The deletes are refused when a child has changed since we saw it. They do not check that the Kitchen still does
  // not declare the station, so the Kitchen is read again before.
  pruneStation: {
    words: ({ station }) => `take away Station ${station}`,
    doing: ({ station }) => `taking away station ${station}`,
    send: removeAll,
    isSame: (fresh, step) => fresh.station === step.station,
    event: { reason: 'StationPruned', action },
  },
};

/** After a step that failed, the later steps of the same station are left out. Those of other stations are done. */
export const kitchenRules: StepRules<KitchenStep, KitchenPlan> = {
  rows: kitchenSteps,
  trialOf: ({ kind, station }) => ({ name: `${kind} ${station}` }),
  changedIn: (step, answer) =>
    step.kind === 'applyStation' ? changedOutside(step.intent.body as unknown as KubeObject, answer) : [],
  holdsUp: ({ outcome, step }, later) => outcome !== 'done' && step.station === later.station,
};

function target({ resource, namespace, name, body }: Intent): { readonly at: Ref; readonly body: KubeObject } {
  return { at: { resource, namespace, name }, body: body as unknown as KubeObject };
}

/**
 * Makes a second manager of ours own the demand that is there, so that it stays when our main manager gives it up. A
 * conflict is no failure: another manager, such as an autoscaler, owns it already and keeps it.
 */
async function handDemand(writing: Writing, intent: Intent, doing: string): Promise<KubeObject | undefined> {
  const { at, body } = target(intent);
  try {
    const object = await writing.client.apply(at, body, { fieldManager: fieldManagers.demand, doing });
    writing.learn(at.resource, object);
    return object;
  } catch (error) {
    if (isCode(error, 'conflict')) return undefined;
    throw error;
  }
}

/** Deletes the objects of a removed station in the planned order, and skips those that are gone already. */
async function removeAll(writing: Writing, { objects, namespace }: Prune): Promise<undefined> {
  for (const { resource, name, uid, resourceVersion } of objects) {
    try {
      const doing = `deleting ${resource.kind} ${name}`;
      await removeAsSeen(writing, { resource, namespace, name }, { uid, resourceVersion, doing });
    } catch (error) {
      if (!isCode(error, 'notFound')) throw error;
    }
  }
}
