import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { ensureAssets } from '../cluster/assets/cache.ts';
import { helm } from '../cluster/assets/sets.ts';

/** An object as the chart renders it. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

export const repository = join(import.meta.dirname, '../..');
export const chart = join(repository, 'charts/kitchen-operator');
/** Release and namespace that `manifests/install.yaml` is rendered for. */
export const release = { name: 'kitchen-operator', namespace: 'kitchen-system' } as const;

const run = promisify(execFile);

/** Path of helm; made or downloaded when the cache has none, which may take minutes. */
export async function helmPath(): Promise<string> {
  return join(await ensureAssets(helm, { say: (line) => console.error(line) }), 'helm');
}

/** What a helm command writes to its output; throws with what it writes to its errors. */
export async function runHelm(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run(await helmPath(), args, {
    env: { ...process.env, ...env },
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** The chart's objects with the given `--set` values. */
export async function renderChart(...values: readonly string[]): Promise<readonly Rendered[]> {
  const sets = values.flatMap((value) => ['--set', value]);
  const text = await runHelm(['template', release.name, chart, '--namespace', release.namespace, ...sets]);
  return loadAll(text).filter((document) => document !== null && document !== undefined) as Rendered[];
}
