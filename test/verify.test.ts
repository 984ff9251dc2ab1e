import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

/** What `npm run verify` does once everything is generated. */
const [generate, ...checks] = manifest.scripts.verify.split(' && ');

describe('the check of generated files', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'verify-'));
    for (const folder of ['crds', 'charts', 'manifests']) {
      await mkdir(join(dir, folder));
      await writeFile(join(dir, folder, 'file.yaml'), 'old\n');
    }
    await mkdir(join(dir, 'docs'));
    await writeFile(join(dir, 'docs', 'how-it-works.md'), 'old\n');
    run('git', 'init', '--quiet');
    run('git', 'add', '.');
    run('git', '-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'all');
  });
  after(() => rm(dir, { recursive: true, force: true }));

  function run(command: string, ...args: readonly string[]): { readonly status: number | null; readonly said: string } {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: dir, encoding: 'utf8', timeout: 15_000 });
    return { status, said: stdout + stderr };
  }
  const verify = (): ReturnType<typeof run> => run('sh', '-c', checks.join(' && '));

  it('generates first, and is content when nothing came of it', () => {
    assert.equal(generate, 'npm run generate');
    assert.deepEqual(verify(), { status: 0, said: '' });
  });

  it('fails and names a generated file that is new', async () => {
    await writeFile(join(dir, 'manifests', 'new.yaml'), 'new\n');
    const { status, said } = verify();
    await rm(join(dir, 'manifests', 'new.yaml'));
    assert.equal(status, 1);
    assert.match(said, /manifests\/new\.yaml/);
  });

  it('fails when the tables of rules are stale', async () => {
    const page = join(dir, 'docs', 'how-it-works.md');
    await writeFile(page, 'changed\n');
    const { status, said } = verify();
    await writeFile(page, 'old\n');
    assert.equal(status, 1);
    assert.match(said, /docs\/how-it-works\.md/);
  });

  it('fails and shows what changed', async () => {
    await writeFile(join(dir, 'crds', 'file.yaml'), 'changed\n');
    const { status, said } = verify();
    assert.equal(status, 1);
    assert.match(said, /^\+changed$/m);
  });
});
