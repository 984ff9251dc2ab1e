import type { Picture } from './picture.ts';
import type { PodView } from '../model/pod.ts';
import type { Refusal } from './guard.ts';
import type { Step, Wait } from '../model/plan.ts';

/** What a rule of the ladder wants: pods set apart in the budget first, then a step. */
export interface Attempt {
  /** Ready pods that nobody may count on any more; the budget sets them apart before the step. */
  readonly reserved: readonly PodView[];
  /** Pods of a rollout's surge that the budget sets apart before the step. */
  readonly surge: number;
  /** The next step, given what the budget will keep; its wait while the budget is not there yet. */
  readonly next: (minAvailable: number) => Step | Wait;
}

/** What a rule came to: something to do, or only reasons to wait. */
export interface Tried {
  readonly attempt: Attempt | undefined;
  readonly waits: readonly Wait[];
}

/** A rule of the ladder. */
export type Rule = (picture: Picture) => Tried;

export const NOTHING: Tried = { attempt: undefined, waits: [] };

/** The wait for what was refused. */
export function waitFor(what: string, refusal: Refusal): Wait {
  return { what, why: refusal.why, lookAgainMs: refusal.lookAgainMs };
}

/** Whether the attempt may go on now. */
export function isStep(next: Step | Wait): next is Step {
  return 'kind' in next;
}
