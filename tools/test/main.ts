import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { ensureAssets } from '../cluster/assets/cache.ts';
import { duration } from '../cluster/assets/progress.ts';
import { controlPlane, helm } from '../cluster/assets/sets.ts';
import type { Counts, Failure } from './countingReporter.ts';
import { keepDurations, inOrder, readDurations } from './durations.ts';
import { allJobs, kindJobs } from './jobs.ts';
import type { Job } from './jobs.ts';
import { coverageIn, endAll, runMocha, runTool } from './mocha.ts';
import { runAll } from './pool.ts';
import type { Limits } from './pool.ts';
import { Progress } from './progress.ts';

/*
 * All tests, several files side by side, each with its own process and, if it needs one, its own control plane; then the
 * planner's branch coverage; with `--e2e` at last, and alone, what runs on kind. What a file wrote is printed when it ends;
 * what failed is said again at the end; the last line is `N passed, N failed`.
 */

const cores = availableParallelism();
const { values: asked } = parseArgs({
  options: { e2e: { type: 'boolean', default: false }, jobs: { type: 'string', default: String(cores + 2) } },
});
const jobs = Number(asked.jobs);
if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs ${asked.jobs}: give a number from 1`);
/** The longest file takes some six minutes on two quiet cores. */
const limitMs = 25 * 60_000;
const counts: Counts[] = [];
const durations: Record<string, number> = { ...(await readDurations()) };
const room = await mkdtemp(join(tmpdir(), 'kitchen-test-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    endAll(signal);
    rmSync(room, { recursive: true, force: true });
    process.exit(1);
  });
try {
  const say = (line: string): void => console.log(line);
  for (const set of [controlPlane, helm]) await ensureAssets(set, { say });
  // A processor is left to the control planes, whose timings would suffer; a file of faults runs up to twenty operators.
  const limits = { jobs, cpu: Math.max(1, cores - 1), timed: 1 };
  await runSuite(inOrder(allJobs(), durations), limits);
  counts.push(await coverage());
  if (asked.e2e) await runSuite(kindJobs(), { jobs: 1 });
  await keepDurations(durations);
} finally {
  await rm(room, { recursive: true, force: true });
}
const failures = counts.flatMap((each) => each.failures);
for (const failure of failures) console.log(inWords(failure));
console.log(`${counts.reduce((sum, each) => sum + each.passed, 0)} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function runSuite(suite: readonly Job[], limits: Limits): Promise<void> {
  const progress = new Progress(suite.length);
  await runAll(suite, limits, async (job) => {
    progress.began(job);
    const { output, ...came } = await runMocha(job, { room, limitMs });
    const seconds = progress.ended(job);
    durations[job.title] = seconds;
    counts.push(came);
    console.log(`\n${styleText('bold', job.title)} (${duration(seconds)})\n${output.trimEnd()}\n`);
    progress.said();
  });
  progress.stop();
}

/** Of the branches of `operator/plan`, by all jobs that count towards it; too little is one failure. */
async function coverage(): Promise<Counts> {
  const title = 'coverage of operator/plan';
  const wanted = ['--include', 'operator/plan/**', '--branches', '95', '--check-coverage'];
  const from = ['--temp-directory', coverageIn(room), '--reporter', 'text-summary'];
  const { code, output } = await runTool(['c8', 'report', ...from, ...wanted], { env: process.env });
  console.log(`\n${styleText('bold', title)}\n${output.trimEnd()}\n`);
  return { passed: 0, failures: code === 0 ? [] : [{ title, why: output.trim() }] };
}

function inWords({ title, why }: Failure): string {
  return `${styleText('red', `✘ ${title}`)}\n${why}\n`;
}
