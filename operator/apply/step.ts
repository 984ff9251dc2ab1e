import type { ConditionReason } from '../api/conditions.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Writing } from './write.ts';

/** A step of any plan: one write, and the sentence that says why. */
export interface AnyStep {
  readonly kind: string;
  readonly why: string;
}

/** Whose plan a step is of. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** A step as it is sent: where, and what is put before the API server's words. */
export interface Sending extends Place {
  readonly doing: string;
}

/** One kind of step: how it is told, and how it is sent. */
export interface StepRow<S> {
  /** In a few words, the same in log, event and status: `grow zone-a from 2 to 3`. */
  readonly words: (step: S) => string;
  /** What is being done to an object of this name: `growing pizzeria-grill in zone-a from 2 to 3`. */
  readonly doing: (step: S, name: string) => string;
  /** Resolves with the last object answered, rejects with an `ApiError`. */
  readonly send: (writing: Writing, step: S, sending: Sending) => Promise<KubeObject | undefined>;
  /** The step cannot be undone: it is sent only if a plan made from fresh reads holds it too, and as it is there. */
  readonly isSame?: (fresh: S, step: S) => boolean;
  /** How an event tells it; absent for what nobody asks about later: it is no decision. */
  readonly event?: { readonly reason: string; readonly action: string };
  /** The reason of `Progressing` while it is the newest step; absent for what changes no pod. */
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
