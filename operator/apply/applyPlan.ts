import type { ChangedField } from '../api/kubernetes/changedFields.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { changedByAdmission } from './result.ts';
import type { StepResult } from './result.ts';
import { sendUnlessHeldBack } from './sendUnlessHeldBack.ts';
import type { Acting } from './sendUnlessHeldBack.ts';
import { rowOf } from './step.ts';
import type { AnyStep, Place, StepRows } from './step.ts';
import type { Trial } from './trial.ts';

/** A plan of any kind. Its steps are done in this order. */
export interface AnyPlan<S> {
  readonly steps: readonly S[];
}

/** How the steps of one kind of plan are done. */
export interface StepRules<S extends AnyStep, P extends AnyPlan<S>> {
  readonly rows: StepRows<S>;
  readonly trialOf: (step: S, plan: P) => Trial;
  /** Fields whose value in the answer differs from what was written. None means that the write is done. */
  readonly changedIn: (step: S, answer: KubeObject, acting: Acting) => readonly ChangedField[];
  /** Whether a step that ended with this result keeps a later step from being tried. */
  readonly holdsUp: (result: StepResult<S>, later: S) => boolean;
}

/** What applying a plan needs. */
export interface Applying<P> extends Acting {
  readonly place: Place;
  /** Reads from the API server again and plans from that. Undefined when there is nothing to look after any more. */
  readonly lookAgain: () => Promise<P | undefined>;
}

/**
 * Does the steps in their order. Each step alone leaves a correct state, so a pass may end after any of them. Before a
 * step that cannot be undone it plans again from fresh reads. Never rejects.
 */
export async function applyPlan<S extends AnyStep, P extends AnyPlan<S>>(
  plan: P,
  rules: StepRules<S, P>,
  applying: Applying<P>,
): Promise<readonly StepResult<S>[]> {
  const results: StepResult<S>[] = [];
  for (const step of plan.steps) {
    if (results.some((result) => rules.holdsUp(result, step))) continue;
    const send = (): Promise<StepResult<S>> => sendStep(step, rules, applying);
    results.push(await sendUnlessHeldBack(step, applying, { ...rules.trialOf(step, plan), send }));
  }
  return results;
}

async function sendStep<S extends AnyStep, P extends AnyPlan<S>>(
  step: S,
  rules: StepRules<S, P>,
  applying: Applying<P>,
): Promise<StepResult<S>> {
  const { words, doing, send, isSame } = rowOf(rules.rows, step);
  const { place, lastLooks, lookAgain } = applying;
  let decided = step;
  if (isSame !== undefined) {
    const plan = await lastLooks.freshly(`before ${doing(step, place.name)}`, lookAgain);
    const fresh = plan?.steps.find((each) => each.kind === step.kind && isSame(each, step));
    if (fresh === undefined)
      return { step, outcome: 'changed', message: `${words(step)}: a fresh look decides otherwise` };
    decided = fresh;
  }
  const object = await send(applying, decided, { ...place, doing: doing(decided, place.name) });
  const changed = object === undefined ? [] : rules.changedIn(decided, object, applying);
  if (changed.length === 0) return { step: decided, outcome: 'done', object };
  return changedByAdmission(decided, object?.metadata.name ?? place.name, changed);
}
