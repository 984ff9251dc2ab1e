import type { StepResult } from '../apply/result.ts';
import { rowOf } from '../apply/step.ts';
import type { AnyStep, StepRows } from '../apply/step.ts';
import { statusLimits } from '../api/status.ts';
import type { Decision } from '../api/status.ts';
import type { EventNote, Regarding } from '../kube/events.ts';
import { clip } from './clip.ts';

/** A decision and its event. The event is sent once the status that holds the decision is written. */
export interface News {
  readonly decision: Decision;
  readonly event: EventNote;
}

/** The decisions among the steps that were done, in the same order. Each has its own id, and all have the same time. */
export function newsOf<S extends AnyStep>(
  results: readonly StepResult<S>[],
  rows: StepRows<S>,
  about: { readonly regarding: Regarding; readonly newId: () => string; readonly time: string },
): readonly News[] {
  return results.flatMap(({ step, outcome }) => {
    const { words, event } = rowOf(rows, step);
    if (outcome !== 'done' || event === undefined) return [];
    const what = clip(words(step), statusLimits.what);
    const why = clip(step.why, statusLimits.why);
    const decision = { id: about.newId(), time: about.time, what, why };
    const note = `${what}: ${why} [${decision.id}]`;
    return [{ decision, event: { regarding: about.regarding, type: 'Normal', ...event, note } as const }];
  });
}
