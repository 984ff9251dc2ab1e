import type { StepResult } from '../apply/result.ts';
import { rowOf } from '../apply/step.ts';
import type { AnyStep, StepRows } from '../apply/step.ts';
import { statusLimits } from '../api/status.ts';
import type { Decision } from '../api/status.ts';
import { NOTE_BYTES } from '../kube/events.ts';
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

/** The event for what was decided since the last status: one for all decisions, with the id of each. */
export function eventsOf(news: readonly News[]): readonly EventNote[] {
  const [first, ...others] = news.map(({ event }) => event);
  if (first === undefined || others.length === 0) return first === undefined ? [] : [first];
  const isOneKind = others.every(({ reason }) => reason === first.reason);
  return [{ ...first, ...(isOneKind ? {} : severalKinds), note: noteOf(news) }];
}

/** Reason and action where several kinds of steps were done. */
const severalKinds = { reason: 'SeveralSteps', action: 'Reconcile' };

/** With reasons if they fit in an event. */
function noteOf(news: readonly News[]): string {
  const note = news.map(({ event }) => event.note).join('; ');
  if (Buffer.byteLength(note) <= NOTE_BYTES) return note;
  return news.map(({ decision: { what, id } }) => `${what} [${id}]`).join('; ');
}
