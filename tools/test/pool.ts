import type { Job, Load } from './jobs.ts';

/** How many jobs may run at the same time, and how many of a load. */
export interface Limits extends Readonly<Partial<Record<Load, number>>> {
  readonly jobs: number;
}

/** Runs a job to its end; never rejects. */
export type Run = (job: Job) => Promise<void>;

/** Places among `Limits.jobs` that a job takes. */
const places: Readonly<Record<Load, number>> = { cpu: 1, waits: 1, timed: 2 };

/** Runs all jobs, in their order as far as the limits allow. A job that needs more than all of a limit runs alone. */
export async function runAll(jobs: readonly Job[], limits: Limits, run: Run): Promise<void> {
  const waiting = [...jobs];
  const running = new Map<Job, Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((job) => fits(job, [...running.keys()], limits));
    const [job] = next < 0 ? [] : waiting.splice(next, 1);
    if (job === undefined) await Promise.race(running.values());
    else
      running.set(
        job,
        run(job).finally(() => running.delete(job)),
      );
  }
}

function fits(job: Job, running: readonly Job[], limits: Limits): boolean {
  if (running.length === 0) return true;
  const all = [...running, job];
  const taken = all.reduce((sum, { load }) => sum + places[load], 0);
  const alike = all.filter(({ load }) => load === job.load).length;
  return taken <= limits.jobs && alike <= (limits[job.load] ?? limits.jobs);
}
