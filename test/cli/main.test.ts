import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { aKitchen } from '../builders/kitchen.ts';
import { FaultyServer } from '../kube/faultyServer.ts';
import { TestConfig } from '../kube/testConfig.ts';

const program = join(import.meta.dirname, '..', '..', 'operator', 'cli', 'main.ts');

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('kubectl-kitchen', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-cli-'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  function run(...args: readonly string[]): Promise<Ended> {
    const env = { PATH: process.env['PATH'], HOME: dir, NO_COLOR: '1' };
    return new Promise((resolve) => {
      execFile(process.execPath, [program, ...args], { env, timeout: 15_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
      );
    });
  }

  /** A kubeconfig whose server does not answer. */
  async function nobody(): Promise<string> {
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    const file = join(dir, 'nobody.json');
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  it('tells how it is used', async () => {
    const { code, stdout } = await run('--help');
    assert.equal(code, 0);
    for (const command of ['why', 'plan', 'restart', 'shift', 'bypass'])
      assert.match(stdout, new RegExp(`^ {2}${command} `, 'm'));
  });

  it('shows the flags of kubectl with each command', async () => {
    assert.match((await run('plan', '--help')).stdout, /--filename <file>[^]*Global Options:[^]*--kubeconfig <file>/);
  });

  it('asks for either a duration or an end of a shift', async () => {
    const file = await nobody();
    for (const args of [[], ['--for', '1h', '--off']]) {
      const { code, stderr } = await run('--kubeconfig', file, 'shift', 'zone-b', ...args);
      assert.equal(code, 1);
      assert.match(stderr, /give --for with a duration, such as --for 1h, or --off/);
    }
  });

  it('refuses what it does not know, and tells what there is', async () => {
    const { code, stderr } = await run('whi', 'grill');
    assert.equal(code, 1);
    assert.match(stderr, /unknown command 'whi'[^]*why/);
  });

  it('says in a line that a kubeconfig cannot be used, and exits 1', async () => {
    const { code, stderr } = await run('--kubeconfig', join(dir, 'absent'), 'why', 'grill');
    assert.equal(code, 1);
    assert.match(stderr, /^error: .*absent/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it('ends quietly when its output is closed', async () => {
    const server = await new FaultyServer().start();
    const config = await TestConfig.make(server.url);
    // Answers every request with an empty list or a Station.
    const body = { metadata: { resourceVersion: '1' }, spec: { replicas: 6 }, items: [] };
    server.fail(() => true, { kind: 'answer', status: 200, body }, Infinity);
    const file = join(dir, 'kitchens.yaml');
    // Node reports no error for the first line after the output is closed.
    await writeFile(file, [aKitchen(), aKitchen()].map((kitchen) => JSON.stringify(kitchen)).join('\n---\n'));
    try {
      const args = [program, '--kubeconfig', config.file, 'plan', '--filename', file];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      const stderr = text(child.stderr);
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.deepEqual([code, await stderr], [0, '']);
    } finally {
      await server.stop();
      await config.remove();
    }
  });

  it('says in a line that the server of the kubeconfig does not answer', async () => {
    const file = await nobody();
    const { code, stderr } = await run('--kubeconfig', file, 'why', 'grill');
    assert.equal(code, 1);
    assert.match(stderr, /^error: .*127\.0\.0\.1:1/);
  });
});
