import type { Clock } from '../engine/clock.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { applyStep } from './applyStep.ts';
import type { Place } from './applyStep.ts';
import { isIrreversible, sameStepIn } from './recheck.ts';
import type { Irreversible } from './recheck.ts';
import { refusedForMs } from './refusals.ts';
import type { Owner, Refusals } from './refusals.ts';
import { failed } from './result.ts';
import type { StepResult } from './result.ts';
import type { Writing } from './write.ts';

/** What applying a station's plan needs. */
export interface Applying extends Writing {
  readonly place: Place;
  readonly owner: Owner;
  readonly refusals: Refusals;
  readonly clock: Clock;
  /** Reads what matters anew from the API server and plans from that; undefined when the station is gone. */
  readonly lookAgain: () => Promise<Plan | undefined>;
}

/** A fresh look older than this is not fresh any more. */
const freshForMs = 1_000;

/** Does the steps in their order; the first that does not end in `done` ends the pass. */
export async function applyPlan(plan: Plan, applying: Applying): Promise<readonly StepResult<Step>[]> {
  const results: StepResult<Step>[] = [];
  for (const step of plan.steps) {
    const result = await attempt(step, applying);
    results.push(result);
    if (result.outcome !== 'done') break;
  }
  return results;
}

async function attempt(step: Step, applying: Applying): Promise<StepResult<Step>> {
  const { owner, refusals, clock } = applying;
  const write = writeOf(step);
  const refusal = refusals.find(owner, write, clock.monotonicMs());
  if (refusal !== undefined) return { step, outcome: 'refused', remembered: true, ...refusal };
  const result = await send(step, applying);
  if (result.outcome === 'refused') {
    const { message, notPermitted } = result;
    refusals.remember(owner, write, { message, notPermitted, atMs: clock.monotonicMs() });
  } else {
    refusals.forget(owner, write);
  }
  return result;
}

async function send(step: Step, applying: Applying): Promise<StepResult<Step>> {
  try {
    if (isIrreversible(step)) return await sendRechecked(step, applying);
    return { step, outcome: 'done', object: await applyStep(applying, step, applying.place) };
  } catch (error) {
    return failed<Step>(step, error, refusedForMs);
  }
}

async function sendRechecked(step: Irreversible, applying: Applying): Promise<StepResult<Step>> {
  const beganMs = applying.clock.monotonicMs();
  const plan = await applying.lookAgain();
  const fresh = plan && sameStepIn(plan, step);
  if (fresh === undefined) return { step, outcome: 'changed', message: `${step.kind}: a fresh look decides otherwise` };
  const tookMs = applying.clock.monotonicMs() - beganMs;
  if (tookMs > freshForMs) {
    return {
      step,
      outcome: 'changed',
      message: `${step.kind}: the fresh look took ${Math.round(tookMs)} ms, too long to act on`,
    };
  }
  return { step, outcome: 'done', object: await applyStep(applying, fresh, applying.place) };
}

/** What a refusal is remembered by: a rollout that is refused must not keep the zone from growing. */
function writeOf(step: Step): string {
  const target = 'intent' in step ? step.intent.name : step.zone;
  return `${step.kind} ${target}`;
}
