import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import manifest from '../../package.json' with { type: 'json' };
import { repository } from '../../tools/release/names.ts';

interface Job {
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(repository, '.github/workflows');
const files = (await readdir(folder)).toSorted();

async function workflow(file: string): Promise<Workflow> {
  return load(await readFile(join(folder, file), 'utf8')) as Workflow;
}

describe('the workflows', () => {
  it('are those of continuous integration and of a release', () => {
    assert.deepEqual(files, ['ci.yaml', 'release.yaml']);
  });

  for (const file of files) {
    it(`give no job more rights or time than it names: ${file}`, async () => {
      const { permissions, concurrency, jobs } = await workflow(file);
      assert.deepEqual(permissions, {});
      assert.ok(concurrency !== undefined);
      for (const [name, job] of Object.entries(jobs)) {
        assert.ok(job.permissions !== undefined, `${name} names no permissions`);
        // A job that calls another workflow has the time which that one gives.
        assert.ok(job.uses !== undefined || job['timeout-minutes'] !== undefined, `${name} has no timeout-minutes`);
      }
    });

    it(`pin each action by the commit of a release: ${file}`, async () => {
      const text = await readFile(join(folder, file), 'utf8');
      const used = text.split('\n').filter((line) => /^\s*(- )?uses: (?!\.\/)/.test(line));
      assert.ok(used.length > 0);
      for (const line of used) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });
  }

  it('run what continuous integration runs here', async () => {
    const { jobs } = await workflow('ci.yaml');
    const runs = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
    assert.deepEqual(runs, ['bash .ci/run']);
    assert.equal((await workflow('release.yaml')).jobs['test']?.uses, './.github/workflows/ci.yaml');
  });

  it('ask the steps of a release only for what they do', async () => {
    const text = await readFile(join(folder, 'release.yaml'), 'utf8');
    const calls = [...text.matchAll(/npm run -s release -- (\w+)(.*)/g)].map(([, name = '', rest = '']) => ({
      name,
      flags: rest.match(/(?<= )--[a-z]+/g) ?? [],
    }));
    const called = calls.map(({ name }) => name).toSorted();
    assert.deepEqual(called, ['chart', 'check', 'helm', 'krew', 'manifest', 'notes', 'plugin', 'sbom', 'sums']);
    for (const { name, flags } of calls) {
      const { status, stdout } = spawnSync(process.execPath, ['tools/release/main.ts', 'help', name], {
        cwd: repository,
        encoding: 'utf8',
      });
      assert.equal(status, 0, name);
      for (const flag of flags) assert.ok(stdout.includes(`${flag} <`), `${name} knows no ${flag}`);
    }
  });

  it('call only files and scripts that are here', async () => {
    for (const file of files) {
      const text = await readFile(join(folder, file), 'utf8');
      for (const [, script = ''] of text.matchAll(/npm run (?:-s )?([\w:]+)/g))
        assert.ok(Object.hasOwn(manifest.scripts, script), `${file} runs ${script}`);
      for (const [, path = ''] of text.matchAll(/(?:mocha|bash) (\S+)/g)) await readFile(join(repository, path));
    }
  });
});

describe('the Dockerfile', () => {
  it('runs programs on the builder’s platform only, so that no other has to be emulated', async () => {
    const text = await readFile(join(repository, 'Dockerfile'), 'utf8');
    const stages = text.split(/^(?=FROM )/m).slice(1);
    const running = stages.filter((stage) => /^RUN /m.test(stage));
    assert.equal(running.length, 1);
    for (const stage of running) assert.match(stage, /^FROM --platform=\$BUILDPLATFORM /);
    // The bundle runs anywhere; Node has to be the one of the image's platform.
    assert.match(stages.at(-1) ?? '', /^COPY --from=node \/usr\/local\/bin\/node /m);
    assert.ok(stages.some((stage) => stage.trim() === 'FROM ${BUILD} AS node'));
  });

  it('is given all that it copies', async () => {
    const [dockerfile, sent] = await Promise.all(
      ['Dockerfile', '.dockerignore'].map((file) => readFile(join(repository, file), 'utf8')),
    );
    const copied = [...(dockerfile ?? '').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    const allowed = new Set(sent?.split('\n').flatMap((line) => /^!(.*)$/.exec(line)?.[1] ?? []));
    for (const path of copied) assert.ok(allowed.has(path), `.dockerignore keeps ${path} back`);
    assert.ok(copied.includes('tools/build.ts'));
  });

  it('copies every file of ours that the build imports', async () => {
    const dockerfile = await readFile(join(repository, 'Dockerfile'), 'utf8');
    const build = await readFile(join(repository, 'tools/build.ts'), 'utf8');
    for (const [, file = ''] of build.matchAll(/from '\.\/([^']+)'/g))
      assert.ok(dockerfile.includes(` tools/${file} `), `the Dockerfile does not copy tools/${file}`);
  });
});
