import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { ensureAssets } from '../cluster/assets/cache.ts';
import { controlPlane, helm } from '../cluster/assets/sets.ts';
import type { Counts, Failure } from './countingReporter.ts';

/*
 * All tests, run by run: what needs no cluster, with the planner's branch coverage, then what runs on the local control
 * plane, then what runs there with faults; with `--e2e` then what runs on kind, which skips where there is no Docker.
 * What failed is said again at the end; the last line is `N passed, N failed`.
 */

interface Suite {
  readonly title: string;
  readonly files: readonly string[];
  /** Runs mocha under these words. */
  readonly under: readonly string[];
}

const integration = globSync('test/integration/**/*.test.ts').toSorted();
const faults = globSync('test/faults/**/*.test.ts').toSorted();
const e2e = globSync('test/e2e/**/*.test.ts').toSorted();
const others = globSync('test/**/*.test.ts', {
  exclude: ['test/integration/**', 'test/faults/**', 'test/e2e/**'],
}).toSorted();
const coverage = [
  '--include',
  'operator/plan/**',
  '--branches',
  '95',
  '--check-coverage',
  '--reporter',
  'text-summary',
];

const { values: asked } = parseArgs({ options: { e2e: { type: 'boolean', default: false } } });
const suites: readonly Suite[] = [
  { title: 'Units and properties', files: others, under: ['c8', ...coverage] },
  { title: 'On the local control plane', files: integration, under: [] },
  { title: 'With faults between operator and API server', files: faults, under: [] },
  ...(asked.e2e ? [{ title: 'On kind', files: e2e, under: [] }] : []),
];

const room = await mkdtemp(join(tmpdir(), 'kitchen-test-'));
try {
  const say = (line: string): void => console.log(line);
  for (const set of [controlPlane, helm]) await ensureAssets(set, { say });
  const counts: Counts[] = [];
  for (const suite of suites) counts.push(await run(suite));
  const failures = counts.flatMap((each) => each.failures);
  for (const failure of failures) console.log(inWords(failure));
  console.log(`${counts.reduce((sum, each) => sum + each.passed, 0)} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await rm(room, { recursive: true, force: true });
}

/** A run that ends badly although no test failed (coverage too low, a crash) counts as one failure. */
async function run({ title, files, under }: Suite): Promise<Counts> {
  console.log(`\n${styleText('bold', title)}`);
  const file = join(room, `${title}.json`);
  const mocha = [
    'mocha',
    '--reporter',
    'tools/test/countingReporter.ts',
    '--reporter-option',
    `counts=${file}`,
    ...files,
  ];
  const code = await exitOf([...under, ...mocha]);
  const left = await readFile(file, 'utf8').catch(() => '{"passed":0,"failures":[]}');
  const counts = JSON.parse(left) as Counts;
  if (code === 0 || counts.failures.length > 0) return counts;
  return { ...counts, failures: [{ title, why: `ended with exit code ${code} although no test failed` }] };
}

function inWords({ title, why }: Failure): string {
  return `${styleText('red', `✘ ${title}`)}\n${why}\n`;
}

function exitOf([command = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(join('node_modules', '.bin', command), args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
