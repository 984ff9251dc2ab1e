import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../tools/experiments/play.ts';
import type { ExperimentName } from '../../tools/experiments/experiments.ts';
import { Stage } from '../../tools/experiments/stage.ts';
import { tried } from '../../tools/experiments/tried.ts';
import { twoSentences } from '../../tools/experiments/words.ts';
import { run, RunError } from '../../tools/image/run.ts';
import { clusters, defaultConfig, down, install, load, up } from '../../tools/kind/kind.ts';

const name = 'kitchen-e2e';
const nodeImage = process.env['KITCHEN_NODE_IMAGE'];

/** Why there can be no kind cluster here; undefined where there can. */
async function obstacle(): Promise<string | undefined> {
  try {
    for (const probe of [
      ['docker', 'info'],
      ['kind', 'version'],
      ['kubectl', 'version', '--client'],
    ])
      await run(probe, { quiet: true, timeoutMs: 30_000 });
    return undefined;
  } catch (error) {
    if (error instanceof RunError) return error.message;
    throw error;
  }
}

describe('a Kitchen on real kubelets, under load', function () {
  this.timeout(900_000);
  const ended = new AbortController();
  let stage: Stage | undefined;
  let made = false;
  let room = '';
  const theirs = process.env['KUBECONFIG'];

  before(async function () {
    const reason = await obstacle();
    if (reason !== undefined) {
      console.error(`\n  !! NOT TRIED on a kind cluster: ${reason}\n`);
      this.skip();
    }
    // The person who runs this keeps the current context.
    room = await mkdtemp(join(tmpdir(), 'kitchen-e2e-'));
    process.env['KUBECONFIG'] = join(room, 'kubeconfig');
    made = !(await clusters()).includes(name);
    if (!made) await run(['kind', 'export', 'kubeconfig', '--name', name]);
    await up({ name, config: defaultConfig, ...(nodeImage === undefined ? {} : { image: nodeImage }) });
    await load(name, ['operator', 'station']);
    // Two cores are not enough for fourteen Envoys beside seven nodes that roll out.
    await install(name, ['hub.enabled=false']);
    const { signal } = ended;
    stage = await Stage.set({ cluster: name, rate: 50, keepAlive: false, hub: false, linger: '0s', signal });
  });
  after(async () => {
    ended.abort();
    if (!made) await stage?.clear();
    await stage?.close();
    if (made) await down(name);
    if (theirs === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = theirs;
    if (room !== '') await rm(room, { recursive: true, force: true });
  });

  /** This test does not wait for the plain Deployment. */
  const outcomeOf = async (experiment: ExperimentName): Promise<Outcome> => {
    assert.ok(stage !== undefined);
    const outcome = await tried(stage, experiment, { tries: 3, patienceMs: 0 });
    console.error(`      ${twoSentences(outcome)}`);
    return outcome;
  };

  const voluntary = {
    'drain-node': 'a node is drained',
    'drain-leader': 'the node of the leading operator is drained',
    'drain-zone': 'a zone is drained, node by node',
    'roll-out': 'a new template is rolled out',
    'roll-out-bad-image': 'an image that does not exist is rolled out',
    'scale-down': 'demand falls',
  } as const satisfies Partial<Record<ExperimentName, string>>;

  for (const [experiment, words] of Object.entries(voluntary) as [keyof typeof voluntary, string][])
    it(`serves every request while ${words}`, async () => {
      const { kitchen, control } = await outcomeOf(experiment);
      assert.ok(kitchen.least >= kitchen.demand, `${kitchen.least} pods ran of ${kitchen.demand}`);
      assert.notEqual(kitchen.wholeAfterMs, undefined, 'it is not whole again');
      assert.ok(kitchen.traffic.sent > 0);
      // If the control service fails requests, the machine is too busy.
      if (control.failed > 0) console.error(`      !! NOT JUDGED: the machine is too busy for traffic`);
      else assert.equal(kitchen.traffic.failed, 0, JSON.stringify(kitchen.traffic.failures));
    });

  it('serves demand when a node is stopped, and next to every request once the node’s endpoints have left', async () => {
    const { kitchen, noticedAfterMs } = await outcomeOf('stop-node');
    assert.ok(kitchen.least >= kitchen.demand, `${kitchen.least} pods ran of ${kitchen.demand}`);
    assert.notEqual(kitchen.wholeAfterMs, undefined, 'it is not whole again');
    // Its pods are stood in for before: endpoints leave when Kubernetes calls the node lost, and every kube-proxy hears of it a moment later.
    const late = kitchen.traffic.failures.filter(({ second }) => second > noticedAfterMs / 1000 + 2);
    // Connection tracking remembers dead pods: a client's port that is used again may lead there.
    const failed = late.reduce((sum, each) => sum + each.failed, 0);
    assert.ok(failed <= kitchen.traffic.sent / 100, JSON.stringify(late));
  });
});
