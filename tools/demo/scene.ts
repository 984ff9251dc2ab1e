import type { Measured, Reading } from './gauge.ts';

/** A service whose pods are counted while the scene lasts. */
export interface Count {
  readonly name: string;
  readonly measured: Measured;
  readonly reading: Reading;
}

/** What the screen shows besides the cluster itself. */
export interface Scene {
  readonly title: string;
  /** What is done or waited for, in a sentence. */
  readonly story: string;
  /** Time since it began. */
  readonly elapsedMs: number;
  readonly counts: readonly Count[];
}
