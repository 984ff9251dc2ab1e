import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { duration } from '../cluster/assets/progress.ts';
import type { Counts } from './countingReporter.ts';
import type { Job } from './jobs.ts';

/** What came of a process: its exit code, undefined when a signal ended it, and all it wrote. */
export interface Ended {
  readonly code: number | undefined;
  readonly output: string;
  /** Whether it was ended because it took longer than its limit. */
  readonly isLate: boolean;
}

interface Running {
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs?: number;
}

/** Processes under way. */
const children = new Set<ChildProcess>();

/** Ends all processes under way; their clusters end with them. */
export function endAll(signal: NodeJS.Signals): void {
  for (const child of children) child.kill(signal);
}

/**
 * Runs a job's files in a process of their own, for at most `limitMs`: a process that something keeps alive would hide what
 * it wrote for ever. `room` is the folder for its counts and its coverage.
 */
export async function runMocha(
  job: Job,
  { room, limitMs }: { readonly room: string; readonly limitMs: number },
): Promise<Counts & { readonly output: string }> {
  const file = join(room, `${job.title.replaceAll('/', '-')}.json`);
  const reporter = ['--reporter', 'tools/test/countingReporter.ts', '--reporter-option', `counts=${file}`];
  const colour = process.stdout.isTTY ? ['--color'] : [];
  // A hook that failed may have left a cluster behind, which would keep the process alive.
  const leaving = ['--exit'];
  const env = job.isCovered ? { ...process.env, NODE_V8_COVERAGE: coverageIn(room) } : process.env;
  const { code, output, isLate } = await runTool(['mocha', ...reporter, ...colour, ...leaving, ...job.files], {
    env,
    limitMs,
  });
  const left = await readFile(file, 'utf8').catch(() => undefined);
  const counts: Counts = left === undefined ? { passed: 0, failures: [] } : (JSON.parse(left) as Counts);
  if (left !== undefined && (code === 0 || counts.failures.length > 0)) return { ...counts, output };
  // A crash of the process, also one that ended it before it had said what came of its tests.
  const how = code === undefined ? 'a signal' : `exit code ${code}`;
  const why = isLate ? `still ran after ${duration(limitMs / 1000)}` : `ended with ${how} although no test failed`;
  return { ...counts, failures: [...counts.failures, { title: job.title, why }], output };
}

/** Where processes leave what they covered. */
export function coverageIn(room: string): string {
  return join(room, 'coverage');
}

/** Runs a program of node_modules. */
export function runTool([name = '', ...args]: readonly string[], { env, limitMs }: Running): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(join('node_modules', '.bin', name), args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    children.add(child);
    let isLate = false;
    const end = (): void => {
      isLate = true;
      child.kill('SIGKILL');
    };
    const limit = limitMs === undefined ? undefined : setTimeout(end, limitMs);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      children.delete(child);
      resolve({ code: code ?? undefined, output, isLate });
    });
  });
}
