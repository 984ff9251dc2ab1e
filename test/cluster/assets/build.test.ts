import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSet } from '../../../tools/cluster/assets/build.ts';
import type { AssetSet } from '../../../tools/cluster/assets/sets.ts';

describe('building binaries from a go.mod', function () {
  this.timeout(120_000);
  let dir: string;
  let said: string[];
  const building = () => ({
    into: join(dir, 'out'),
    say: (line: string) => said.push(line),
    signal: new AbortController().signal,
  });
  const set = (): AssetSet => ({
    name: 'greeter',
    use: 'greets',
    folder: 'greeter-v1',
    binaries: ['greet'],
    releases: () => [],
    source: {
      kind: 'go',
      moduleDir: dir,
      packages: ['toy/hello'],
      takes: 'a moment',
      linkFlags: '-X main.whom=you',
      rename: { hello: 'greet' },
    },
  });

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-build-'));
    said = [];
    await mkdir(join(dir, 'out'));
    await mkdir(join(dir, 'hello'));
    await writeFile(join(dir, 'go.mod'), 'module toy\n\ngo 1.21\n');
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('gives the binary its name and its link flags', async function () {
    if (noGo()) this.skip();
    await writeFile(
      join(dir, 'hello', 'main.go'),
      'package main\n\nvar whom = "nobody"\n\nfunc main() { print("hello ", whom) }\n',
    );
    await buildSet(set(), building());
    assert.deepEqual(await readdir(join(dir, 'out')), ['greet']);
    assert.equal(spawnSync(join(dir, 'out', 'greet'), { encoding: 'utf8' }).stderr, 'hello you');
    assert.match(said.at(-1) ?? '', /^built the greeter in /);
  });

  it('fails with what the compiler said', async function () {
    if (noGo()) this.skip();
    await writeFile(join(dir, 'hello', 'main.go'), 'package main\n\nfunc main() { nonsense() }\n');
    await assert.rejects(buildSet(set(), building()), /go build in .* failed:[^]*undefined: nonsense/);
  });

  it('says what to install when there is no go', async () => {
    const path = process.env.PATH;
    process.env.PATH = dir;
    try {
      await assert.rejects(
        buildSet(set(), building()),
        /needs Go 1\.26 or newer on PATH, or a network .*, or KITCHEN_ASSETS=DIR/,
      );
    } finally {
      process.env.PATH = path;
    }
  });
});

function noGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}
