import { showZone } from '../api/zone.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Plan, Step } from '../model/plan.ts';
import { readAnswer } from './answer.ts';
import { applyStep } from './applyStep.ts';
import type { Place } from './applyStep.ts';
import { attempt } from './attempt.ts';
import type { Attempting } from './attempt.ts';
import { isIrreversible, sameStepIn } from './recheck.ts';
import type { Irreversible } from './recheck.ts';
import { changedByAdmission } from './result.ts';
import type { StepResult } from './result.ts';
import { trialOf } from './trial.ts';

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
    const result = await attempt(step, applying, { ...trialOf(step, plan), send: () => send(step, applying) });
    results.push(result);
    if (result.outcome !== 'done' && result.outcome !== 'refused') break;
  }
  return results;
}

async function send(step: Step, applying: Applying): Promise<StepResult<Step>> {
  if (isIrreversible(step)) return sendRechecked(step, applying);
  return answered(step, await applyStep(applying, step, applying.place), applying);
}

/** A write is done when it came back as it was asked for. */
function answered(step: Step, object: KubeObject | undefined, applying: Applying): StepResult<Step> {
  const { owner, refusals, clock } = applying;
  if (!('intent' in step) || object === undefined) return { step, outcome: 'done', object };
  const changed = readAnswer(step.intent, object, { uid: owner.uid, refusals, nowMs: clock.monotonicMs() });
  return changed.length === 0 ? { step, outcome: 'done', object } : changedByAdmission(step, step.intent.name, changed);
}

async function sendRechecked(step: Irreversible, applying: Applying): Promise<StepResult<Step>> {
  const plan = await applying.lastLooks.freshly(
    `before the ${step.kind} in ${showZone(step.zone)}`,
    applying.lookAgain,
  );
  const fresh = plan && sameStepIn(plan, step);
  if (fresh === undefined) return { step, outcome: 'changed', message: `${step.kind}: a fresh look decides otherwise` };
  return answered(fresh, await applyStep(applying, fresh, applying.place), applying);
}
