import { showZone } from '../api/zone.ts';
import type { ChangedField } from '../kube/changedFields.ts';
import type { KubeObject } from '../kube/object.ts';
import { changedOutside, intentHashOf } from '../plan/children/intent.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { applyStep } from './applyStep.ts';
import type { Place } from './applyStep.ts';
import { attempt } from './attempt.ts';
import type { Attempting } from './attempt.ts';
import { ADMISSION } from './contests.ts';
import { freshly } from './freshly.ts';
import type { Content } from './pace.ts';
import { isIrreversible, sameStepIn } from './recheck.ts';
import type { Irreversible } from './recheck.ts';
import { changedByAdmission } from './result.ts';
import type { StepResult } from './result.ts';

/** What applying a station's plan needs. */
export interface Applying extends Attempting {
  readonly place: Place;
  /** Reads what matters anew from the API server and plans from that; undefined when the station is gone. */
  readonly lookAgain: () => Promise<Plan | undefined>;
}

/**
 * Does the steps in their order; the first that fails ends the pass. What is refused does not: it may stay so for long, and
 * must keep no other zone from growing. Each step is right by itself, and what cannot be undone is looked at again.
 */
export async function applyPlan(plan: Plan, applying: Applying): Promise<readonly StepResult<Step>[]> {
  const results: StepResult<Step>[] = [];
  for (const step of plan.steps) {
    const result = await attempt(step, applying, {
      name: nameOf(step),
      content: contentOf(step),
      mostMs: isUrgent(step, plan) ? URGENT_MS : undefined,
      send: () => send(step, applying),
    });
    results.push(result);
    if (result.outcome !== 'done' && result.outcome !== 'refused') break;
  }
  return results;
}

/** Below demand, what makes pods is never held back for longer than this. */
const URGENT_MS = 10_000;

function isUrgent(step: Step, { survival }: Plan): boolean {
  return survival.short > 0 && (step.kind === 'create' || step.kind === 'grow');
}

async function send(step: Step, applying: Applying): Promise<StepResult<Step>> {
  if (isIrreversible(step)) return sendRechecked(step, applying);
  return answered(step, await applyStep(applying, step, applying.place), applying);
}

/** A write is done when it came back as it was asked for; what others had changed till then is remembered. */
function answered(step: Step, object: KubeObject | undefined, applying: Applying): StepResult<Step> {
  const { owner, refusals, clock } = applying;
  if (!('intent' in step) || object === undefined) return { step, outcome: 'done', object };
  const { name, takesBack = [], body } = step.intent;
  const note = (contested: ChangedField & { readonly by: string }): void =>
    refusals.contests.note(owner.uid, { object: name, ...contested }, clock.monotonicMs());
  for (const taken of takesBack) note(taken);
  const changed = changedOutside(body as unknown as KubeObject, object);
  if (changed.length === 0) {
    refusals.contests.settle(owner.uid, name);
    return { step, outcome: 'done', object };
  }
  for (const field of changed) note({ ...field, by: ADMISSION });
  return changedByAdmission(step, name, changed);
}

async function sendRechecked(step: Irreversible, applying: Applying): Promise<StepResult<Step>> {
  const plan = await freshly(applying.clock, `before the ${step.kind} in ${showZone(step.zone)}`, applying.lookAgain);
  const fresh = plan && sameStepIn(plan, step);
  if (fresh === undefined) return { step, outcome: 'changed', message: `${step.kind}: a fresh look decides otherwise` };
  return answered(fresh, await applyStep(applying, fresh, applying.place), applying);
}

/** What makes the step the same write as another one; undefined for what cannot be repeated. */
function contentOf(step: Step): Content | undefined {
  if ('intent' in step) {
    const { kind, name } = step.intent;
    return { object: `${kind} ${name}`, hash: intentHashOf(step.intent) ?? '' };
  }
  if (step.kind !== 'mark' && step.kind !== 'unmark') return undefined;
  const uids = step.pods.map(({ uid }) => uid).toSorted();
  return { object: `marks in ${step.zone}`, hash: `${step.kind} ${uids.join(' ')}` };
}

/** What a refusal is remembered by: a rollout that is refused must not keep the zone from growing. */
function nameOf(step: Step): string {
  return `${step.kind} ${'intent' in step ? step.intent.name : 'zone' in step ? step.zone : step.name}`;
}
