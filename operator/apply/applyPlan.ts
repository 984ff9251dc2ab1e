import { showZone } from '../api/zone.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { applyStep } from './applyStep.ts';
import type { Place } from './applyStep.ts';
import { attempt } from './attempt.ts';
import type { Attempting } from './attempt.ts';
import { isIrreversible, sameStepIn } from './recheck.ts';
import type { Irreversible } from './recheck.ts';
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
    const result = await attempt(step, applying, { name: nameOf(step), send: () => send(step, applying) });
    results.push(result);
    if (result.outcome !== 'done' && result.outcome !== 'refused') break;
  }
  return results;
}

async function send(step: Step, applying: Applying): Promise<StepResult<Step>> {
  if (isIrreversible(step)) return sendRechecked(step, applying);
  return { step, outcome: 'done', object: await applyStep(applying, step, applying.place) };
}

async function sendRechecked(step: Irreversible, applying: Applying): Promise<StepResult<Step>> {
  const plan = await applying.lastLooks.freshly(
    `before the ${step.kind} in ${showZone(step.zone)}`,
    applying.lookAgain,
  );
  const fresh = plan && sameStepIn(plan, step);
  if (fresh === undefined) return { step, outcome: 'changed', message: `${step.kind}: a fresh look decides otherwise` };
  return { step, outcome: 'done', object: await applyStep(applying, fresh, applying.place) };
}

/** What a refusal is remembered by: a rollout that is refused must not keep the zone from growing. */
function nameOf(step: Step): string {
  return `${step.kind} ${'intent' in step ? step.intent.name : 'zone' in step ? step.zone : step.name}`;
}
