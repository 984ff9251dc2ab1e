import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessRecord } from '../../tools/cluster/supervisor.ts';

const root = join(import.meta.dirname, '..', '..');

/** A demo under way, in a temporary folder of its own. */
class Demo {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly dir: string;
  text = '';

  constructor(dir: string, args: readonly string[]) {
    this.dir = dir;
    const env = { ...process.env, TMPDIR: dir, NO_COLOR: '1' };
    this.#child = spawn(process.execPath, ['tools/demo/main.ts', ...args], { cwd: root, env });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (part: string) => (this.text += part));
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  async says(words: RegExp): Promise<void> {
    const limit = performance.now() + 180_000;
    while (!words.test(this.text) && this.#child.exitCode === null && performance.now() < limit) await pause(50);
    assert.match(this.text, words);
  }

  async processes(): Promise<readonly ProcessRecord[]> {
    const [cluster] = await readdir(this.dir);
    if (cluster === undefined) return [];
    const text = await readFile(join(this.dir, cluster, 'processes.json'), 'utf8').catch(() => '[]');
    return JSON.parse(text) as ProcessRecord[];
  }

  /** Ctrl-C; resolves to the exit code. */
  interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.ended();
  }

  async ended(): Promise<number | null> {
    return Promise.race([
      this.#ended,
      pause(120_000, undefined, { ref: false }).then(() => assert.fail(`it goes on:\n${this.text}`)),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

describe('the demo', function () {
  this.timeout(600_000);
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-demo-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** No file and no process. */
  async function nothingIsLeft(processes: readonly ProcessRecord[]): Promise<void> {
    assert.deepEqual(await readdir(dir), []);
    assert.deepEqual(
      processes.filter(({ pid }) => isRunning(pid)).map(({ name }) => name),
      [],
    );
  }

  it('leaves nothing behind when it is interrupted while the control plane starts', async () => {
    await using demo = new Demo(dir, []);
    await eventually(async () => (await demo.processes()).length > 1, 120_000);
    const processes = await demo.processes();
    assert.equal(await demo.interrupt(), 130, demo.text);
    await nothingIsLeft(processes);
  });

  it('leaves nothing behind when it is interrupted while a node is drained', async () => {
    await using demo = new Demo(dir, []);
    await demo.says(/▶ a node is drained: kubectl drain/);
    const processes = await demo.processes();
    assert.ok(processes.some(({ name }) => name === 'operator'));
    assert.equal(await demo.interrupt(), 130, demo.text);
    await nothingIsLeft(processes);
  });

  it('without a terminal prints plain lines; --no-story only starts it, until it is interrupted', async () => {
    await using demo = new Demo(dir, ['--no-story']);
    await demo.says(/it stays until Ctrl-C; in another shell: export KUBECONFIG=(.*)/);
    const kubeconfig = /KUBECONFIG=(.*)/.exec(demo.text)?.[1] ?? '';
    assert.ok((await stat(kubeconfig)).isFile());
    assert.match(demo.text, /^ {2}\d\d:\d\d:\d\d {2}grill {2}start 3 in zone-a: /m);
    assert.ok(!demo.text.includes('\u001B') && !demo.text.includes('▶'));
    const processes = await demo.processes();
    assert.equal(await demo.interrupt(), 0, demo.text);
    await nothingIsLeft(processes);
  });

  it('ends with the last lines of the operator’s log and code 1 when the operator dies', async () => {
    await using demo = new Demo(dir, []);
    await demo.says(/▶ a pod is deleted/);
    const processes = await demo.processes();
    const operator = processes.find(({ name }) => name === 'operator');
    assert.ok(operator);
    process.kill(operator.pid, 'SIGTERM');
    assert.equal(await demo.ended(), 1, demo.text);
    assert.match(demo.text, /\noperator stopped:\n(.*\n)+$/);
    await nothingIsLeft(processes);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function eventually(holds: () => boolean | Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `did not come true within ${limitMs / 1000} s`);
    await pause(50);
  }
}
