import { performance } from 'node:perf_hooks';

/** A timer that was set; cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as an argument. Ages and deadlines use `monotonicMs`; `now` is only for times that people or machines read. */
export interface Clock {
  /** Milliseconds since an arbitrary moment; it never goes back, even when the machine's date is changed. */
  monotonicMs(): number;
  now(): Date;
  setTimer(afterMs: number, fire: () => void): Timer;
  /** Resolves after `ms`, or at once when `signal` is aborted; it never rejects, so look at the signal afterwards. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** Builds `sleep` from a way to set timers, so that all clocks sleep in the same way. */
export function sleepOn(setTimer: Clock['setTimer']): Clock['sleep'] {
  return (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        timer.cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimer(ms, wake);
      signal?.addEventListener('abort', wake, { once: true });
      return undefined;
    });
}

function setSystemTimer(afterMs: number, fire: () => void): Timer {
  // Node fires at once when asked to wait longer than this (24 days), so a longer wait ends early instead.
  const timer = setTimeout(fire, Math.min(Math.max(afterMs, 0), longestTimerMs));
  return { cancel: () => clearTimeout(timer) };
}

/** The machine's clock. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  now: () => new Date(),
  setTimer: setSystemTimer,
  sleep: sleepOn(setSystemTimer),
};
