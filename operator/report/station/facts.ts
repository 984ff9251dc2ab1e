import type { StepResult } from '../../apply/result.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Plan, Problem, ProblemReason, Step } from '../../model/plan.ts';

/** What status, events and metrics of a station are made from. */
export interface StationFacts {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** Results of the steps that were tried; none while paused. */
  readonly results: readonly StepResult<Step>[];
}

/** The messages of all problems of these kinds, joined; undefined when there is none. */
export function problemsIn(plan: Plan, kinds: readonly Problem['kind'][]): string | undefined {
  const messages = plan.problems.filter((problem) => kinds.includes(problem.kind)).map((problem) => problem.message);
  return messages.length === 0 ? undefined : messages.join('; ');
}

/** The reason of the first problem of a kind that gives one. */
export function reasonIn(plan: Plan, kind: Problem['kind']): ProblemReason | undefined {
  return plan.problems.find((problem) => problem.kind === kind && problem.reason !== undefined)?.reason;
}

/** The first result that is not as planned, if there is one. */
export function failureIn(
  results: readonly StepResult<Step>[],
): Exclude<StepResult<Step>, { outcome: 'done' }> | undefined {
  return results.find((result) => result.outcome !== 'done');
}
