import type { ConditionReason } from '../api/conditions.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Writing } from './write.ts';

/** A step of any plan: one write, and the sentence that says why. */
export interface AnyStep {
  readonly kind: string;
  readonly why: string;
}

/** The Station or Kitchen whose plan the step belongs to. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** How a step is sent: for which object, and with which words before the API server's own in an error. */
export interface Sending extends Place {
  readonly doing: string;
}

/** One kind of step: the words for it, and how it is sent. */
export interface StepRow<S> {
  /** The step in a few words, for log, event and status: `grow zone-a from 2 to 3`. */
  readonly words: (step: S) => string;
  /** What we are doing to the object of this name, for errors: `growing pizzeria-grill in zone-a from 2 to 3`. */
  readonly doing: (step: S, name: string) => string;
  /** Resolves with the object in the last answer, rejects with an `ApiError`. */
  readonly send: (writing: Writing, step: S, sending: Sending) => Promise<KubeObject | undefined>;
  /**
   * Given when the step cannot be undone. It is then sent only if a plan made from fresh reads has it too, and in the
   * form that it has there.
   */
  readonly isSame?: (fresh: S, step: S) => boolean;
  /** Reason and action of its event. Absent for small repairs, which are logged but are not kept as decisions. */
  readonly event?: { readonly reason: string; readonly action: string };
  /** The reason of `Progressing` while it is the newest step. Absent when the step changes no pod. */
  readonly progress?: ConditionReason<'Progressing'>;
}

/** Every kind of step of a plan, one row each. */
export type StepRows<S extends AnyStep> = { readonly [Kind in S['kind']]: StepRow<StepOf<S, Kind>> };

/** Steps of one kind. */
export type StepOf<S, Kind> = S extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? S : never) : never;

/** The row of a step. */
export function rowOf<S extends AnyStep>(rows: StepRows<S>, step: S): StepRow<S> {
  return rows[step.kind as S['kind']] as unknown as StepRow<S>;
}
