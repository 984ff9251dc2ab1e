import type { Attack } from './attacks.ts';

/** One change for the worse in the operator's sources, and what is sure to show it. */
export interface Mutant {
  /** What the operator does with it that it must not do. */
  readonly name: string;
  readonly file: string;
  /** Found exactly once in the file, and replaced. */
  readonly find: string;
  readonly replace: string;
  readonly shownBy: Attack;
}
