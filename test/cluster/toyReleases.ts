import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { buildSet } from '../../tools/cluster/assets/build.ts';
import type { AssetSet, ReleaseHosts } from '../../tools/cluster/assets/sets.ts';

/** A set of three tiny binaries, one for each way in which releases come and publish their sums. */
export const toys: AssetSet = {
  name: 'toys',
  use: 'plays',
  folder: 'toys-v1',
  binaries: ['plain', 'boxed', 'listed'],
  releases: ({ kubernetes, github, githubApi, helm }) => [
    { binary: 'plain', url: `${kubernetes}/plain`, checksum: { url: `${kubernetes}/plain.sha256`, form: 'sums' } },
    {
      binary: 'boxed',
      url: `${helm}/boxed.tar.gz`,
      checksum: { url: `${helm}/SHA256SUMS`, form: 'sums' },
      inArchive: 'box/boxed',
    },
    { binary: 'listed', url: `${github}/listed`, checksum: { url: `${githubApi}/release`, form: 'github' } },
  ],
  source: { kind: 'go', moduleDir: tmpdir(), packages: [], takes: 'a moment', linkFlags: '', rename: {} },
};

/** A server on loopback, all the hosts at once. */
export type ToyServer = AsyncDisposable & { readonly hosts: ReleaseHosts; readonly asked: string[] };

/** Serves what `answers` holds by path; never answers on a path whose answer is null. */
export async function serve(answers: Readonly<Record<string, string | Buffer | null>>): Promise<ToyServer> {
  const asked: string[] = [];
  const listener: RequestListener = ({ url = '' }, response) => {
    asked.push(url);
    const answer = answers[url];
    if (answer === undefined) response.writeHead(404).end();
    else if (answer !== null) response.end(answer);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    hosts: { kubernetes: base, github: base, githubApi: base, helm: base },
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Everything a whole release of the toys consists of. */
export function toyRelease(): Record<string, string | Buffer> {
  const archive = archiveOf('box/boxed', 'boxed binary');
  return {
    '/plain': 'plain binary',
    '/plain.sha256': sum('plain binary'),
    '/boxed.tar.gz': archive,
    '/SHA256SUMS': `${sum('other')}  other.tar.gz\n${sum(archive)}  boxed.tar.gz\n`,
    '/listed': 'listed binary',
    '/release': JSON.stringify({ assets: [{ name: 'listed', digest: `sha256:${sum('listed binary')}` }] }),
  };
}

/** A build that needs no compiler, counting how often it is asked. */
export function toyBuild(): { readonly build: typeof buildSet; readonly count: () => number } {
  let count = 0;
  return {
    build: async (set, { into }) => {
      count += 1;
      for (const name of set.binaries) {
        await writeFile(join(into, name), `built ${name}`);
        await chmod(join(into, name), 0o755);
      }
    },
    count: () => count,
  };
}

function archiveOf(member: string, text: string): Buffer {
  const dir = mkdtempSync(join(tmpdir(), 'kitchen-toy-'));
  mkdirSync(join(dir, 'box'));
  writeFileSync(join(dir, member), text);
  execFileSync('tar', ['-czf', 'toy.tgz', member], { cwd: dir });
  const archive = readFileSync(join(dir, 'toy.tgz'));
  rmSync(dir, { recursive: true });
  return archive;
}

function sum(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
