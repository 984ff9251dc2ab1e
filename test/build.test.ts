import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../tools/build.ts';
import type { Bundled } from '../tools/build.ts';
import { checkClient, partsInWords, partsOf } from '../tools/bundled.ts';

const run = promisify(execFile);

describe('the bundle', function () {
  this.timeout(60_000);
  let dir: string;
  let made: Bundled;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-bundle-'));
    made = await bundle(dir, ['main', 'kubectl-kitchen']);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('is the programs with a source map each, licences, and what says that they are ES modules', async () => {
    const files = await readdir(dir);
    assert.deepEqual(files.toSorted(), [
      'LICENSE.packages',
      'descriptors.binpb',
      'kubectl-kitchen.js',
      'kubectl-kitchen.js.map',
      'main.js',
      'main.js.map',
      'package.json',
    ]);
  });

  for (const program of ['main.js', 'kubectl-kitchen.js']) {
    it(`needs no other file: ${program} says how it is used, away from all modules`, async () => {
      const { stdout } = await run(process.execPath, [join(dir, program), '--help'], { cwd: dir, timeout: 20_000 });
      assert.match(stdout, /Usage/);
    });
  }

  it('has nothing of the generated model and API of the Kubernetes client', async () => {
    for (const program of ['main.js', 'kubectl-kitchen.js']) {
      const map = JSON.parse(await readFile(join(dir, `${program}.map`), 'utf8')) as { readonly sources: string[] };
      const ofClient = map.sources.filter((source) => source.includes('@kubernetes/client-node/'));
      assert.ok(ofClient.length > 0, program);
      assert.deepEqual(
        ofClient.filter((source) => /\/gen\/(?:models|apis|types)\//.test(source)),
        [],
      );
    }
  });

  it('has of zod only what our schemas use: not its 50 languages', () => {
    const [, bytes] = made.parts.get('main.js')?.find(([name]) => name === 'zod') ?? [];
    assert.ok(bytes !== undefined && bytes < 300 * 1024, `${bytes} bytes of zod: import * as z from it`);
  });

  it('says what it is made of', () => {
    const parts = partsOf({
      inputs: {
        'operator/a.ts': { bytesInOutput: 2048 },
        'operator/b.ts': { bytesInOutput: 1024 },
        '../node_modules/@some/package/index.js': { bytesInOutput: 8192 },
        '../node_modules/unused/index.js': { bytesInOutput: 0 },
      },
    });
    assert.equal(partsInWords('main.js', parts), 'main.js 11 KiB: @some/package 8, operator 3');
    assert.match(partsInWords('main.js', made.parts.get('main.js') ?? []), /undici \d+, .* and \d+ smaller ones$/);
  });

  it('is refused with the generated model in it', () => {
    const parts = [['@kubernetes/client-node', 660 * 1024]] as const;
    assert.throws(() => checkClient('main.js', parts), /main\.js has 660 KiB .*, and at most 100 are expected/);
  });

  it('has the licence of each package that is in it, in full', async () => {
    const text = await readFile(join(dir, 'LICENSE.packages'), 'utf8');
    for (const [name, words] of [
      ['zod', 'Colin McDonnell'],
      ['undici', 'Matteo Collina and Undici contributors'],
      ['@kubernetes/client-node', 'Apache License'],
    ] as const) {
      const [, own] = text.split(new RegExp(`^${name} \\d[\\w.-]*: `, 'm'));
      assert.ok(own?.split(/^-{80}$/m)[0]?.includes(words), `${name} is missing, or ${words}`);
    }
    assert.doesNotMatch(text, /^(mocha|typescript|esbuild) \d/m);
  });

  it('can be put on the PATH as a plugin of kubectl', async () => {
    const text = await readFile(join(dir, 'kubectl-kitchen.js'), 'utf8');
    assert.equal(text.split('\n', 1)[0], '#!/usr/bin/env node');
    const { stdout } = await run(join(dir, 'kubectl-kitchen.js'), ['--help'], { timeout: 20_000 });
    assert.match(stdout, /kubectl-kitchen/);
  });
});
