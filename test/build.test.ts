import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../tools/build.ts';

const run = promisify(execFile);

describe('the bundle', function () {
  this.timeout(60_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-bundle-'));
    await bundle(dir, ['main', 'kubectl-kitchen']);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('is the programs with a source map each, licences, and what says that they are ES modules', async () => {
    const files = await readdir(dir);
    assert.deepEqual(files.toSorted(), [
      'LICENSE.packages',
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
