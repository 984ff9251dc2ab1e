import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { bundle } from '../../../tools/build.ts';
import { chartMemory, imageEnvironment, imageNodeFlags } from '../../../tools/bench/image.ts';
import { metricsOf, residentOf } from '../../../tools/bench/scale/meters.ts';
import { repository } from '../../../tools/generate/helm.ts';
import { servedAt } from '../servedAt.ts';
import { Crowd } from './crowd.ts';
import { CrowdServer } from './crowdServer.ts';

/** MiB that the operator needed with so many Kitchens of three stations, the most that was resident (docs/operations.md). */
const measured = { 300: 172, 1000: 262 } as const;
/** The machine, and the moment of a garbage collection, make so much of a difference. */
const TOLERANCE = 1.25;
/** Of each station: itself, three Deployments, a Service, a budget; what was recorded carries no hash of theirs. */
const WRITES_A_STATION = 6;

interface Running {
  readonly process: ChildProcess;
  readonly metrics: string;
}

describe('the memory of the operator', function () {
  this.timeout(600_000);
  let dir = '';

  before(async function () {
    // Only Linux tells the most that was resident.
    if (process.platform !== 'linux') this.skip();
    dir = await mkdtemp(join(tmpdir(), 'kitchen-memory-'));
    await bundle(join(dir, 'dist'), ['main']);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  for (const [kitchens, mib] of Object.entries(measured)) {
    it(`is some ${mib} MiB while it leads ${kitchens} Kitchens and has written all of their children`, async () => {
      const peak = await peakLeading(Number(kitchens));
      assert.ok(peak <= TOLERANCE * mib, `${peak} MiB, and ${mib} were measured`);
    });
  }

  it('has a limit of half as much again as 1,000 Kitchens need, and asks for what 300 do', async () => {
    const { requestMib, limitMib } = await chartMemory(repository);
    assert.ok(limitMib >= 1.5 * measured[1000], `limit ${limitMib} MiB`);
    assert.ok(requestMib >= measured[300], `request ${requestMib} MiB`);
  });

  async function peakLeading(kitchens: number): Promise<number> {
    const server = new CrowdServer(new Crowd(kitchens), { isLedByOther: false });
    const { process: operator, metrics } = await start(await server.start());
    try {
      while (server.applied.objects < kitchens * 3 * WRITES_A_STATION || !(await isAtRest(metrics))) {
        assert.equal(operator.exitCode, null, 'the operator has ended');
        await pause(200);
      }
      return (await residentOf(operator.pid!)).peak;
    } finally {
      operator.kill('SIGKILL');
      await server.stop();
    }
  }

  async function start(server: string): Promise<Running> {
    const kubeconfig = join(dir, 'kubeconfig');
    await writeFile(kubeconfig, dump(configOf(server)));
    const flags = await imageNodeFlags(repository);
    const own = [`--kubeconfig=${kubeconfig}`, '--leader-elect', '--listen=127.0.0.1:0', '--log-format=json'];
    const env = { ...process.env, ...(await imageEnvironment(repository)) };
    const operator = spawn(process.execPath, [...flags, join(dir, 'dist', 'main.js'), ...own], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(operator, 'exit').then(([code]) => {
      throw new Error(`the operator has ended with ${code}`);
    });
    return { process: operator, metrics: `${await Promise.race([servedAt(operator.stdout), ended])}/metrics` };
  }
});

async function isAtRest(metrics: string): Promise<boolean> {
  const depths = (await metricsOf(metrics)).filter(({ name }) => name === 'workqueue_depth');
  return depths.every(({ value }) => value === 0);
}

function configOf(server: string): object {
  // The client sends a token without TLS only to a server that it need not verify.
  const cluster = { server, 'insecure-skip-tls-verify': true };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'crowd', cluster }],
    users: [{ name: 'operator', user: { token: 'crowd' } }],
    contexts: [{ name: 'crowd', context: { cluster: 'crowd', user: 'operator' } }],
    'current-context': 'crowd',
  };
}
