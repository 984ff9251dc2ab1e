/*
 * History: what load was lately. Trails hold L↑ of each metric for a minute, and give its averages. The window holds the
 * demand that load asked for, and gives the most of it.
 *
 * Both begin with what is there: after a restart, the demand that is there is the first record of the window, so nothing
 * is scaled in before the window has passed.
 */

/** A figure at a moment, on the monotonic clock. */
export interface Mark {
  readonly atMs: number;
  readonly figure: number;
}

/** How far back averages look. */
const SHORT_MS = 10_000;
const LONG_MS = 60_000;

/** The trail of a metric with one more figure, without what no average looks at any more. */
export function longerTrail(trail: readonly Mark[], now: Mark): readonly Mark[] {
  return [...trail.filter(({ atMs }) => now.atMs - atMs < LONG_MS), now];
}

/**
 * The larger of the averages over 10 s and 60 s: the short one follows a rush, the long one outlasts a dip. Of a metric
 * that comes seldom (`isSlow`), the newest figure takes the place of the short average.
 */
export function risingLoad(
  trail: readonly Mark[],
  { nowMs, isSlow }: { readonly nowMs: number; readonly isSlow: boolean },
): number {
  const newest = trail.at(-1)?.figure ?? 0;
  const lately = trail.filter(({ atMs }) => nowMs - atMs < SHORT_MS);
  return Math.max(isSlow ? newest : meanOf(lately, newest), meanOf(trail, newest));
}

function meanOf(marks: readonly Mark[], without: number): number {
  if (marks.length === 0) return without;
  // Each share by itself: the sum of large figures may be beyond what a double holds.
  return marks.reduce((sum, { figure }) => sum + figure / marks.length, 0);
}

/**
 * The window with one more record. A record that a later one reaches can never be the most again, so it is dropped:
 * figures fall from the first to the last.
 */
export function laterWindow(window: readonly Mark[], now: Mark, windowMs: number): readonly Mark[] {
  const kept = window.filter(({ atMs, figure }) => now.atMs - atMs < windowMs && figure > now.figure);
  return [...kept, now];
}
