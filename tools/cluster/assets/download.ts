import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { whileSaying, type Say } from './progress.ts';
import type { AssetSet, Platform, Release, ReleaseHosts } from './sets.ts';

export type Downloading = {
  readonly into: string;
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly hosts: ReleaseHosts;
  /** Longest silence of a server, in ms. */
  readonly patienceMs: number;
  readonly platform: Platform | undefined;
};

/**
 * Fetches all of a set's binaries into a folder, each verified by its published SHA-256.
 * Resolves to undefined when all are there. Otherwise it resolves to the reason, and keeps none: the caller can build
 * them instead.
 */
export async function downloadSet(set: AssetSet, options: Downloading): Promise<string | undefined> {
  const { into, platform, hosts, patienceMs } = options;
  if (platform === undefined) return `there are none for ${process.platform} on ${process.arch}`;
  const aside = await mkdtemp(join(into, '.fetched-'));
  try {
    const releases = set.releases(hosts, platform);
    // The small checksum files come first: within seconds they show whether the big downloads can work.
    const sums = await Promise.all(releases.map((release) => publishedSum(release, patienceMs)));
    await fetchAll(set, aside, { ...options, wanted: releases.map((release, index) => [release, sums[index] ?? '']) });
    for (const { binary } of releases) await rename(join(aside, binary), join(into, binary));
    return undefined;
  } catch (error) {
    return reason(error);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The platform of this machine as releases name it. Undefined when a binary is not released for it. */
export function thisPlatform(): Platform | undefined {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] as Platform['arch'] | undefined;
  // No API server is released for anything but Linux.
  return process.platform === 'linux' && arch !== undefined ? { os: 'linux', arch } : undefined;
}

type Wanted = Downloading & { readonly wanted: readonly (readonly [Release, string])[] };

/**
 * Fetches all files side by side. When one fails, it stops the others, and throws only after they have stopped writing.
 */
async function fetchAll(set: AssetSet, dir: string, options: Wanted): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, options.signal]);
  let received = 0;
  const count = (bytes: number) => void (received += bytes);
  const all = options.wanted.map(([release, sum]) =>
    fetchRelease(release, dir, { sum, stop, count, patienceMs: options.patienceMs }),
  );
  const line = () => `downloading the ${set.name}: ${Math.round(received / 1e6)} MB`;
  try {
    await whileSaying(options.say, line, () => Promise.all(all));
  } catch (error) {
    failed.abort();
    await Promise.allSettled(all);
    throw error;
  }
}

type Fetching = {
  readonly sum: string;
  readonly patienceMs: number;
  readonly stop: AbortSignal;
  readonly count: (bytes: number) => void;
};

async function fetchRelease(release: Release, dir: string, fetching: Fetching): Promise<void> {
  const file = join(dir, `${release.binary}.download`);
  const got = await fetchFile(release.url, file, fetching);
  if (got !== fetching.sum) throw new Error(`${release.url} has SHA-256 ${got}, published is ${fetching.sum}`);
  if (release.inArchive === undefined) await rename(file, join(dir, release.binary));
  else await unpack(file, release.inArchive, join(dir, release.binary));
  await chmod(join(dir, release.binary), 0o755);
}

/** Writes the file and resolves to its SHA-256; gives up when nothing comes for `patienceMs`. */
async function fetchFile(url: string, file: string, { patienceMs, stop, count }: Fetching): Promise<string> {
  const hush = new AbortController();
  const giveUp = () => hush.abort(new Error(`${url} sent nothing for ${patienceMs} ms`));
  const timer = setTimeout(giveUp, patienceMs);
  const hash = createHash('sha256');
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      timer.refresh();
      count(chunk.length);
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const signal = AbortSignal.any([hush.signal, stop]);
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(file), { signal });
    return hash.digest('hex');
  } catch (error) {
    throw hush.signal.aborted ? hush.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function publishedSum(release: Release, patienceMs: number): Promise<string> {
  const { url, form } = release.checksum;
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const text = await response.text();
  const name = basename(new URL(release.url).pathname);
  const sum = form === 'sums' ? sumFromLines(text, name) : sumFromGithub(text, name);
  if (sum === undefined || !/^[0-9a-f]{64}$/.test(sum)) throw new Error(`${url} publishes no SHA-256 of ${name}`);
  return sum;
}

/** `<sum>` alone, or the line `<sum>  <name>`. */
function sumFromLines(text: string, name: string): string | undefined {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+\*?/));
  return lines.find((line) => line[1] === name || line.length === 1)?.[0];
}

/** The `digest` GitHub gives with each file of a release. */
function sumFromGithub(text: string, name: string): string | undefined {
  const { assets } = JSON.parse(text) as { assets?: { name: string; digest?: string }[] };
  return assets?.find((asset) => asset.name === name)?.digest?.replace(/^sha256:/, '');
}

async function unpack(archive: string, member: string, to: string): Promise<void> {
  const dir = `${to}.unpacked`;
  await mkdir(dir);
  await promisify(execFile)('tar', ['-xzf', archive, '-C', dir, member]);
  await rename(join(dir, member), to);
  await rm(dir, { recursive: true });
  await rm(archive);
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
