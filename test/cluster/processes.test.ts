import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '../../tools/cluster/assets/lock.ts';
import { superviseProcesses, type Processes } from '../../tools/cluster/processes.ts';
import type { ProcessRecord } from '../../tools/cluster/supervisor.ts';

describe('the processes of a cluster', () => {
  let dir: string;
  const running: Processes[] = [];
  const supervised = () => {
    const processes = superviseProcesses(dir, { removeDir: false });
    running.push(processes);
    return processes;
  };
  const sleeper = { name: 'sleeper', command: 'sleep', args: ['1000'] };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kitchen-processes-'));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((processes) => processes.end()));
    await rm(dir, { recursive: true, force: true });
  });

  it('end when they are told to', async () => {
    const processes = supervised();
    processes.start(sleeper);
    const pid = await pidOf(dir);
    await processes.end();
    assert.ok(!isAlive(pid));
    assert.ok(!isAlive(processes.supervisorPid));
  });

  it('end with their parent although it was killed, and take their folder along', async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentScript(dir)], { stdio: 'ignore' });
    const pid = await pidOf(dir);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until(() => !isAlive(pid));
    await until(() =>
      access(dir).then(
        () => false,
        () => true,
      ),
    );
  });

  it('go on after they were let go, until their supervisor is told to end', async () => {
    const processes = supervised();
    processes.start(sleeper);
    const pid = await pidOf(dir);
    await processes.letGo();
    assert.ok(isAlive(pid));
    process.kill(processes.supervisorPid, 'SIGTERM');
    await until(() => !isAlive(pid));
  });

  it('stop one by one and start again under the same name', async () => {
    const processes = supervised();
    processes.start(sleeper);
    const first = await pidOf(dir);
    await processes.stop('sleeper', 'SIGTERM');
    assert.ok(!isAlive(first));
    processes.start(sleeper);
    await until(async () => (await pidOf(dir)) !== first);
    await processes.end();
  });

  it('tell the end of their log when one stops by itself', async () => {
    const processes = supervised();
    processes.start({ name: 'broken', command: 'sh', args: ['-c', 'echo the disk is full >&2; exit 3'] });
    await assert.rejects(processes.failureOf('broken'), /^Error: broken stopped:\nthe disk is full$/);
    processes.start({ name: 'absent', command: join(dir, 'no-such-binary'), args: [] });
    await assert.rejects(processes.failureOf('absent'), /absent stopped:[^]*ENOENT/);
    await processes.end();
  });
});

/** Waits until the sleeper is on record. */
async function pidOf(dir: string): Promise<number> {
  let pid = 0;
  await until(async () => {
    const text = await readFile(join(dir, 'processes.json'), 'utf8').catch(() => '[]');
    pid = (JSON.parse(text) as ProcessRecord[]).find(({ ended }) => ended === undefined)?.pid ?? 0;
    return pid > 0;
  });
  return pid;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(10);
}

function parentScript(dir: string): string {
  return `
    import { superviseProcesses } from ${JSON.stringify(join(import.meta.dirname, '../../tools/cluster/processes.ts'))};
    const processes = superviseProcesses(${JSON.stringify(dir)}, { removeDir: true });
    processes.start({ name: 'sleeper', command: 'sleep', args: ['1000'] });
  `;
}
