/** How many pods really ran from this moment on, in ms since the event, and how many their Deployments wanted then. */
export interface Point {
  readonly atMs: number;
  readonly running: number;
  readonly wanted: number;
}

/** What an event did to one subject. An absent field did not happen. */
export interface Dip {
  readonly least: number;
  /** Pods missing below demand, summed over time, in pod-seconds. */
  readonly podSeconds: number;
  /** Time spent below demand. */
  readonly belowMs: number;
  /** From the event to the last moment with fewer pods than were wanted; 0: never fewer; undefined: still fewer at the end. */
  readonly wholeAfterMs: number | undefined;
}

/**
 * Sums up points in the order of time. The first one is the state at the event. Each lasts until the next, and the last
 * one until `endMs`.
 */
export function dipOf(points: readonly Point[], demand: number, endMs: number): Dip {
  let podSeconds = 0;
  let belowMs = 0;
  let wholeAfterMs: number | undefined = 0;
  for (const [index, { atMs, running, wanted }] of points.entries()) {
    const untilMs = points[index + 1]?.atMs ?? endMs;
    const forMs = Math.max(0, untilMs - atMs);
    if (running < demand) {
      podSeconds += ((demand - running) * forMs) / 1000;
      belowMs += forMs;
    }
    if (running < wanted) wholeAfterMs = index === points.length - 1 ? undefined : untilMs;
  }
  return { least: Math.min(...points.map(({ running }) => running)), podSeconds, belowMs, wholeAfterMs };
}

/** Whether no pod has been missing for the last `forMs`. */
export function isWhole(points: readonly Point[], nowMs: number, forMs: number): boolean {
  const lastShort = points.findLastIndex(({ running, wanted }) => running < wanted);
  if (lastShort === -1) return true;
  const since = points[lastShort + 1]?.atMs;
  return since !== undefined && nowMs - since >= forMs;
}
