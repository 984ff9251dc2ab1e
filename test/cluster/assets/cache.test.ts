import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, toyBuild, toyRelease, toys } from '../toyReleases.ts';
import { cacheRoot, ensureAssets, type AssetOptions } from '../../../tools/cluster/assets/cache.ts';
import type { ReleaseHosts } from '../../../tools/cluster/assets/sets.ts';

const nowhere: ReleaseHosts = {
  kubernetes: 'http://127.0.0.1:1',
  github: 'http://127.0.0.1:1',
  githubApi: 'http://127.0.0.1:1',
  helm: 'http://127.0.0.1:1',
};

describe('the cache of binaries', () => {
  let home: string;
  let said: string[];
  const options = (more: Partial<AssetOptions> = {}): AssetOptions => ({
    say: (line) => said.push(line),
    env: { XDG_CACHE_HOME: home },
    hosts: nowhere,
    patienceMs: 60_000,
    platform: { os: 'linux', arch: 'amd64' },
    build: toyBuild().build,
    ...more,
  });
  const cached = () => readdir(cacheRoot({ XDG_CACHE_HOME: home }));

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'kitchen-cache-'));
    said = [];
  });
  afterEach(() => rm(home, { recursive: true }));

  it('downloads each binary, plain or in an archive, and keeps them', async () => {
    await using server = await serve(toyRelease());
    const dir = await ensureAssets(toys, options({ hosts: server.hosts }));
    for (const name of toys.binaries) {
      assert.equal(await readFile(join(dir, name), 'utf8'), `${name} binary`);
      assert.equal((await stat(join(dir, name))).mode & 0o111, 0o111);
    }
    assert.deepEqual((await readdir(dir)).toSorted(), toys.binaries.toSorted());
    const before = server.asked.length;
    assert.equal(await ensureAssets(toys, options({ hosts: server.hosts })), dir);
    assert.equal(server.asked.length, before, 'a second start asks for nothing');
  });

  it('keeps nothing of a release when one file is not what was published, and builds', async () => {
    await using server = await serve({ ...toyRelease(), '/listed': 'tampered with' });
    const dir = await ensureAssets(toys, options({ hosts: server.hosts }));
    for (const name of toys.binaries) assert.equal(await readFile(join(dir, name), 'utf8'), `built ${name}`);
    assert.match(said.join('\n'), /listed has SHA-256 [0-9a-f]{64}, published is [0-9a-f]{64}/);
    assert.deepEqual(await cached(), [toys.folder]);
  });

  it('takes no file whose sum is not published', async () => {
    await using server = await serve({ ...toyRelease(), '/SHA256SUMS': 'not a list of sums\n' });
    const dir = await ensureAssets(toys, options({ hosts: server.hosts }));
    assert.equal(await readFile(join(dir, 'plain'), 'utf8'), 'built plain');
    assert.match(said.join('\n'), /SHA256SUMS publishes no SHA-256 of boxed.tar.gz/);
    assert.ok(!server.asked.includes('/plain'), 'the big files are not asked for');
  });

  for (const [what, answers, words] of [
    ['does not know the release', {}, /answers 404/],
    ['never answers', { '/plain.sha256': null, '/SHA256SUMS': null, '/release': null }, /timeout/],
    ['stops in the middle', { ...toyRelease(), '/listed': null }, /sent nothing for 1000 ms/],
  ] as const) {
    it(`gives up on a server that ${what}, and builds`, async () => {
      await using server = await serve(answers);
      const { build, count } = toyBuild();
      await ensureAssets(toys, options({ hosts: server.hosts, build, patienceMs: 1000 }));
      assert.equal(count(), 1);
      assert.match(said.join('\n'), words);
    });
  }

  it('builds when there is no network', async () => {
    const { build, count } = toyBuild();
    await ensureAssets(toys, options({ build }));
    assert.equal(count(), 1);
  });

  it('says before it compiles: what, why, about how long, and where it is kept', async () => {
    let saidBefore: readonly string[] = [];
    const { build } = toyBuild();
    const noting: typeof build = (set, building) => {
      saidBefore = [...said];
      return build(set, building);
    };
    const dir = await ensureAssets(toys, options({ build: noting }));
    const why = 'it plays, and no release could be had \\(fetch failed.*\\)';
    assert.match(
      saidBefore.at(-1) ?? '',
      new RegExp(`^compiling the toys with go: ${why}; a moment, once a version; kept in ${dir}$`),
    );
  });

  it('asks for no releases on a platform that has none', async () => {
    await using server = await serve(toyRelease());
    await ensureAssets(toys, options({ hosts: server.hosts, platform: undefined }));
    assert.deepEqual(server.asked, []);
  });

  it('lets two starts at once share one build', async () => {
    const { build, count } = toyBuild();
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const slow: typeof build = async (set, building) => {
      begun.resolve();
      await mayEnd.promise;
      await build(set, building);
    };
    const first = ensureAssets(toys, options({ build: slow }));
    await begun.promise;
    const waiting = Promise.withResolvers<void>();
    const second = ensureAssets(
      toys,
      options({ build: slow, say: (line) => line.startsWith('waiting') && waiting.resolve() }),
    );
    await waiting.promise;
    mayEnd.resolve();
    assert.equal(await first, await second);
    assert.equal(count(), 1);
  });

  it('leaves nothing behind when the build fails, and can be tried again', async () => {
    const broken: AssetOptions['build'] = async (set, building) => {
      await toyBuild().build({ ...set, binaries: ['plain'] }, building);
      throw new Error('out of memory');
    };
    await assert.rejects(ensureAssets(toys, options({ build: broken })), /out of memory/);
    assert.deepEqual(await cached(), []);
    await ensureAssets(toys, options());
    assert.deepEqual(await cached(), [toys.folder]);
  });

  it('does not take a build for whole that left a binary out', async () => {
    const partial: AssetOptions['build'] = (set, building) =>
      toyBuild().build({ ...set, binaries: ['plain'] }, building);
    await assert.rejects(ensureAssets(toys, options({ build: partial })), /left out boxed, listed/);
    assert.deepEqual(await cached(), []);
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`is whole after a start that ended by ${signal} while it built`, async () => {
      const child = startThatNeverEnds(home);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill(signal);
      const ended = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
      assert.equal(ended, signal);
      if (signal === 'SIGTERM') assert.deepEqual(await cached(), [], 'it tidied up itself');
      await ensureAssets(toys, options());
      assert.deepEqual(await cached(), [toys.folder]);
    });
  }

  it('uses ready-made binaries where KITCHEN_ASSETS says', async () => {
    const dir = await ensureAssets(toys, options());
    const { build, count } = toyBuild();
    assert.equal(await ensureAssets(toys, options({ env: { KITCHEN_ASSETS: dir }, build })), dir);
    assert.equal(count(), 0);
    await rm(join(dir, 'boxed'));
    await assert.rejects(
      ensureAssets(toys, options({ env: { KITCHEN_ASSETS: dir } })),
      /KITCHEN_ASSETS=.* has no executable boxed: put them there, or unset it/,
    );
  });
});

/** Another process in the middle of a build: it has written one binary and waits until it is told to stop. */
function startThatNeverEnds(home: string) {
  const module = (path: string) => JSON.stringify(join(import.meta.dirname, path));
  const script = `
    import { ensureAssets } from ${module('../../../tools/cluster/assets/cache.ts')};
    import { toyBuild, toys } from ${module('../toyReleases.ts')};
    const build = async (set, building) => {
      await toyBuild().build({ ...set, binaries: ['plain'] }, building);
      console.log('building');
      await new Promise((_, reject) => building.signal.addEventListener('abort', () => reject(building.signal.reason)));
    };
    setInterval(() => {}, 1000);
    await ensureAssets(toys, { say: () => {}, env: { XDG_CACHE_HOME: ${JSON.stringify(home)} }, platform: undefined, build });
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'ignore'] });
}
