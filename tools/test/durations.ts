import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../cluster/assets/cache.ts';
import type { Job, Load } from './jobs.ts';

/** Seconds that jobs took when they last ran here, by title. */
export type Durations = Readonly<Record<string, number>>;

const file = join(cacheRoot(process.env), '..', 'test-durations.json');

/** Of the last run on this machine; empty when there was none. */
export async function readDurations(): Promise<Durations> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Durations;
  } catch (error) {
    // The order is all that they decide: without them, or with half a file, tests run in the order of their list.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

export async function keepDurations(durations: Durations): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(durations));
}

/** Loads of which few may run at once come first, so that a place never waits for them. */
const ranks: Readonly<Record<Load, number>> = { cpu: 0, timed: 1, waits: 2 };

/** Of each load the longest first, so that what begins last is short. A job that never ran counts as the longest. */
export function inOrder(jobs: readonly Job[], durations: Durations): readonly Job[] {
  const last = ({ title }: Job): number => durations[title] ?? Number.MAX_VALUE;
  return jobs.toSorted((a, b) => ranks[a.load] - ranks[b.load] || last(b) - last(a));
}
