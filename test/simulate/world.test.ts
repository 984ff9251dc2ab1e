import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { happen } from '../../tools/simulate/sim/events.ts';

/** A station of six, one spare, on three nodes, with nobody to look after it. */
async function unattended(): Promise<World> {
  const world = await served({
    seed: 3,
    nodes: [3],
    roomPerNode: 10,
    startMs: 2000,
    demand: 6,
    survive: { pods: 1, nodes: 0, zones: 0 },
  });
  happen(world, { kind: 'stopOperator' });
  return world;
}

describe('a simulated cluster without the operator', () => {
  it('knows of a dead node after 40 to 56 s and makes its pods anew only after 300 s more', async () => {
    const world = await unattended();
    const lost = world.servingOn('zone-a-1');
    happen(world, { kind: 'killNode', node: 'zone-a-1' });
    await world.run(39_000);
    assert.equal(world.server.get('node', 'zone-a-1')?.ready, 'True');
    await world.run(17_000);
    assert.equal(world.server.get('node', 'zone-a-1')?.ready, 'Unknown');
    await world.run(280_000);
    assert.equal(world.truth.serving, 7 - lost);
    await world.run(40_000);
    assert.equal(world.truth.serving, 7);
  });

  it('keeps pods of a removed node Ready until the collector comes, 40 to 60 s later', async () => {
    const world = await unattended();
    const lost = world.servingOn('zone-a-1');
    happen(world, { kind: 'removeNode', node: 'zone-a-1' });
    await world.run(39_000);
    assert.equal(world.server.list('pod').filter((pod) => pod.node === 'zone-a-1' && pod.ready).length, lost);
    await world.run(30_000);
    assert.equal(world.truth.serving, 7);
  });

  it('lets a drain have what is spare, and the rest as replacements get ready', async () => {
    const world = await unattended();
    happen(world, { kind: 'drain', node: 'zone-a-1' });
    await world.run(90_000);
    assert.equal(world.servingOn('zone-a-1'), 0);
    assert.equal(world.truth.leastServing, 6);
    assert.equal(world.drains[0]?.isStuck, false);
  });

  it('grants no eviction where nothing is spare', async () => {
    const world = await served({
      seed: 3,
      nodes: [3],
      roomPerNode: 10,
      startMs: 2000,
      demand: 6,
      survive: { pods: 0, nodes: 0, zones: 0 },
    });
    happen(world, { kind: 'stopOperator' });
    happen(world, { kind: 'drain', node: 'zone-a-1' });
    await world.run(600_000);
    assert.equal(world.truth.leastServing, 6);
    assert.equal(world.drains[0]?.isStuck, true);
  });

  it('gives back the pods of a machine that boots again before anybody noticed', async () => {
    const world = await unattended();
    happen(world, { kind: 'killNode', node: 'zone-a-1' });
    await world.run(10_000);
    happen(world, { kind: 'healNode', node: 'zone-a-1' });
    await world.run(30_000);
    assert.equal(world.truth.serving, 7);
    assert.equal(world.truth.podsMade, 0);
  });

  it('plays the same seed the same way', async () => {
    const tell = async (): Promise<unknown> => {
      const world = await unattended();
      happen(world, { kind: 'drain', node: 'zone-a-1' });
      await world.run(120_000);
      return [world.agenda.nowMs, world.server.version, world.server.list('pod')];
    };
    assert.deepEqual(await tell(), await tell());
  });

  it('takes pods out of service while a kubelet starts again and is looked at, although they run', async () => {
    const world = await unattended();
    const on = world.servingOn('zone-a-1');
    happen(world, { kind: 'restartKubelet', node: 'zone-a-1', forMs: 6000 });
    await world.run(5500);
    assert.equal(world.truth.serving, 7 - on);
    await world.run(5000);
    assert.equal(world.truth.serving, 7);
    assert.equal(world.truth.podsMade, 0);
  });

  it('calls pods of a kubelet that is not heard not Ready after 50 s, and Ready again when it is', async () => {
    const world = await unattended();
    const on = world.servingOn('zone-a-1');
    happen(world, { kind: 'cutOff', node: 'zone-a-1' });
    await world.run(39_000);
    assert.equal(world.truth.serving, 7);
    await world.run(21_000);
    assert.equal(world.truth.serving, 7 - on);
    happen(world, { kind: 'healNode', node: 'zone-a-1' });
    await world.run(10_000);
    assert.equal(world.truth.serving, 7);
  });

  it('makes no pods beyond a quota, says so on the Deployment, and makes them when there is room again', async () => {
    const world = await unattended();
    happen(world, { kind: 'quota', pods: 5 });
    happen(world, { kind: 'deletePod', index: 0 });
    await world.run(60_000);
    assert.equal(world.truth.serving, 6);
    assert.match(world.server.list('deployment')[0]?.status.failure ?? '', /exceeded quota/);
    happen(world, { kind: 'quota', pods: 10 });
    await world.run(200_000);
    assert.equal(world.truth.serving, 7);
    assert.equal(world.server.list('deployment')[0]?.status.failure, undefined);
  });

  it('taints, drains and removes a node that an autoscaler reclaims', async () => {
    const world = await unattended();
    happen(world, { kind: 'reclaim', node: 'zone-a-1' });
    await world.run(90_000);
    assert.equal(world.server.get('node', 'zone-a-1'), undefined);
    assert.equal(world.truth.serving, 7);
    assert.equal(world.truth.leastServing, 6);
  });

  it('gives up a rollout after its deadline, and not before', async () => {
    const world = await served({
      seed: 3,
      nodes: [1],
      roomPerNode: 10,
      startMs: 2000,
      demand: 3,
      survive: { pods: 1, nodes: 0, zones: 0 },
    });
    happen(world, { kind: 'badTemplate', fault: 'unready' });
    await world.run(5000);
    happen(world, { kind: 'stopOperator' });
    await world.run(590_000);
    const timed = world.server.list('deployment')[0]?.status.progress?.reason ?? '';
    assert.match(timed, /^(NewReplicaSetCreated|ReplicaSetUpdated)$/);
    await world.run(30_000);
    assert.equal(world.server.list('deployment')[0]?.status.progress?.reason, 'ProgressDeadlineExceeded');
    assert.equal(world.truth.serving, 4);
  });

  it('grants no more to an adversary than what is spare', async () => {
    const world = await unattended();
    happen(world, { kind: 'evictions', many: 20, forMs: 60_000 });
    await world.run(90_000);
    assert.equal(world.truth.leastServing, 6);
    assert.ok(world.truth.podsMade >= 3, `${world.truth.podsMade} pods were made`);
  });
});
