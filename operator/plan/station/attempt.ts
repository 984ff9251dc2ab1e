/*
 * Attempt: what a rule of the ladder returns, which is a step together with what the budget sets apart before it, or
 * only reasons to wait.
 */
import type { Picture } from './picture.ts';
import type { PodView } from '../../model/pod.ts';
import type { GuardRefusal } from './guard.ts';
import type { Step, Wait } from '../../model/plan.ts';

/** What a rule wants to do: first the budget sets pods apart, then the step is done. */
export interface Attempt {
  /** Ready pods that may not be counted on any more; the budget sets them apart before the step. */
  readonly reserved: readonly PodView[];
  /** Pods that the budget sets apart before the step, for the surge of a rollout. */
  readonly surge: number;
  /** The next step, given what the budget will keep, or a wait while the budget does not keep it yet. */
  readonly next: (minAvailable: number) => Step | Wait;
}

/** The answer of a rule: something to do, or only reasons to wait. */
export interface Tried {
  readonly attempt: Attempt | undefined;
  readonly waits: readonly Wait[];
}

/** A rule of the ladder. */
export type LadderRule = (picture: Picture) => Tried;

export const NOTHING: Tried = { attempt: undefined, waits: [] };

/** The wait that a refusal leads to. */
export function waitFor(what: string, refusal: GuardRefusal): Wait {
  return { what, why: refusal.why, lookAgainMs: refusal.lookAgainMs };
}

/** Whether it is a step that may be done now, and not a wait. */
export function isStep(next: Step | Wait): next is Step {
  return 'kind' in next;
}
