import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { packPlugin } from '../../tools/release/plugin.ts';
import { sumOf, writeSums } from '../../tools/release/sums.ts';

const run = promisify(execFile);

describe('the archive of the kubectl plugin', function () {
  this.timeout(120_000);
  let room: string;
  let archive: string;
  let installed: string;

  before(async () => {
    room = await mkdtemp(join(tmpdir(), 'kitchen-archive-'));
    archive = await packPlugin('1.2.3', join(room, 'release'));
    installed = join(room, 'store');
    await mkdir(installed);
    await run('tar', ['-xzf', archive, '-C', installed]);
  });
  after(() => rm(room, { recursive: true, force: true }));

  it('is named after version and platform', () => {
    assert.match(basename(archive), /^kubectl-kitchen-v1\.2\.3-(linux|darwin)-(amd64|arm64)\.tar\.gz$/);
  });

  it('has the program, the Node that runs it and all licences, and no more', async () => {
    const { stdout } = await run('tar', ['-tzf', archive]);
    const names = stdout.trim().split('\n');
    assert.deepEqual(names.toSorted(), [
      'LICENSE',
      'LICENSE.node',
      'LICENSE.packages',
      'kubectl-kitchen',
      'kubectl-kitchen.js',
      'node',
      'package.json',
    ]);
    assert.match(await readFile(join(installed, 'LICENSE.node'), 'utf8'), /Node\.js is licensed/);
    const { stdout: version } = await run(join(installed, 'node'), ['--version']);
    assert.equal(version.trim(), process.version);
  });

  it('runs through the link that krew makes, where no Node is installed', async () => {
    const bin = join(room, 'bin');
    await mkdir(bin);
    await symlink(join(installed, 'kubectl-kitchen'), join(bin, 'kubectl-kitchen'));
    for (const tool of ['dirname', 'readlink']) {
      const { stdout } = await run('sh', ['-c', `command -v ${tool}`]);
      await symlink(stdout.trim(), join(bin, tool));
    }
    const env = { PATH: bin };
    await assert.rejects(run('node', ['--version'], { env }), { code: 'ENOENT' });
    const { stdout } = await run(join(bin, 'kubectl-kitchen'), ['--help'], { env, cwd: bin });
    assert.match(stdout, /Usage: kubectl-kitchen/);
  });

  it('has its checksum in SHA256SUMS, beside those of all other files there', async () => {
    const folder = join(room, 'release');
    const path = await writeSums(folder);
    const first = await readFile(path, 'utf8');
    assert.equal(first, `${await sumOf(archive)}  ${basename(archive)}\n`);
    await writeSums(folder);
    assert.equal(await readFile(path, 'utf8'), first, 'SHA256SUMS counts itself');
  });
});
