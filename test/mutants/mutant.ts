import type { Attack } from './attacks.ts';

/** One change of the operator's sources. */
export interface Mutation {
  readonly file: string;
  /** Found exactly once in the file, and replaced. */
  readonly find: string;
  readonly replace: string;
}

/** A change for the worse, and what is sure to show it. */
export interface Mutant extends Mutation {
  /** What the operator does with it that it must not do. */
  readonly name: string;
  /** What it guards against, where that has to be broken as well to show it. */
  readonly also?: Mutation;
  readonly shownBy: Attack;
}
