import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildSet } from './build.ts';
import { downloadSet, thisPlatform } from './download.ts';
import { isAlive, withLock } from './lock.ts';
import type { Say } from './progress.ts';
import { releaseHosts, type AssetSet, type Platform, type ReleaseHosts } from './sets.ts';

export type AssetOptions = {
  readonly say: Say;
  readonly env?: NodeJS.ProcessEnv;
  readonly hosts?: ReleaseHosts;
  /** Longest wait for a server that says nothing, in ms. */
  readonly patienceMs?: number;
  /** How the set is made when no release can be had; `go build` unless told otherwise. */
  readonly build?: typeof buildSet;
  /** For which releases are asked; this machine unless told otherwise, none where it has none. */
  readonly platform?: Platform | undefined;
};

/**
 * The folder that holds the set's binaries: `KITCHEN_ASSETS` if it is set, else the cache, which is filled from
 * releases or by `go build`. Throws an error that says what is missing and how to get it. A set in the cache is always
 * complete: it is made in another folder, which is then renamed.
 */
export async function ensureAssets(set: AssetSet, options: AssetOptions): Promise<string> {
  const env = options.env ?? process.env;
  if (env.KITCHEN_ASSETS) return readyMade(set, env.KITCHEN_ASSETS);
  const root = cacheRoot(env);
  const final = join(root, set.folder);
  if (await isWhole(set, final)) return final;
  await mkdir(root, { recursive: true, mode: 0o700 });
  return interruptible((signal) =>
    withLock(join(root, `${set.folder}.lock`), options.say, async () => {
      if (!(await isWhole(set, final))) await make(set, root, { ...options, signal });
      return final;
    }),
  );
}

/** Where sets are kept: `$XDG_CACHE_HOME/kitchen/assets`, or `~/.cache/kitchen/assets`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kitchen', 'assets');
}

type Making = AssetOptions & { readonly signal: AbortSignal };

async function make(set: AssetSet, root: string, options: Making): Promise<void> {
  await removeLeftovers(root);
  const aside = await mkdtemp(join(root, `.making-${process.pid}-`));
  try {
    const final = join(root, set.folder);
    await fill(set, aside, { ...options, kept: final });
    await rm(final, { recursive: true, force: true });
    await rename(aside, final);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function readyMade(set: AssetSet, dir: string): Promise<string> {
  const missing = await missingFrom(set, dir);
  if (missing.length === 0) return dir;
  throw new Error(
    `KITCHEN_ASSETS=${dir} has no executable ${missing.join(', ')}: put them there, or unset it to have them made`,
  );
}

async function fill(set: AssetSet, into: string, options: Making & { readonly kept: string }): Promise<void> {
  const { say, signal, kept, hosts = releaseHosts, patienceMs = 4000, build = buildSet } = options;
  const platform = 'platform' in options ? options.platform : thisPlatform();
  say(`looking for releases of the ${set.name}, which ${set.use}; kept in ${kept}`);
  const refusal = await downloadSet(set, { into, say, signal, hosts, patienceMs, platform });
  if (refusal === undefined) return;
  signal.throwIfAborted();
  const why = `it ${set.use}, and no release could be had (${refusal})`;
  const how = set.source.kind === 'go' ? `compiling the ${set.name} with go` : `fetching the ${set.name} with pip`;
  say(`${how}: ${why}; ${set.source.takes}, once a version; kept in ${kept}`);
  await build(set, { into, say, signal });
  const missing = await missingFrom(set, into);
  if (missing.length > 0) throw new Error(`the build of the ${set.name} left out ${missing.join(', ')}`);
}

/**
 * Does work that Ctrl-C or SIGTERM may interrupt. On a signal the work tidies up first, then the process ends by that
 * signal.
 */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let caught: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    caught = name;
    stop.abort(new Error(`interrupted by ${name}`));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    // If there are other listeners, they decide what the signal does. Without any, it ends the process.
    if (caught !== undefined && process.listenerCount(caught) === 0) process.kill(process.pid, caught);
  }
}

async function isWhole(set: AssetSet, dir: string): Promise<boolean> {
  return (await missingFrom(set, dir)).length === 0;
}

async function missingFrom(set: AssetSet, dir: string): Promise<string[]> {
  const present = await Promise.all(set.binaries.map((name) => isExecutable(join(dir, name))));
  return set.binaries.filter((_, index) => !present[index]);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Removes what a killed start left behind. */
async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const maker = /^\.making-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(root, name), { recursive: true, force: true });
  }
}
