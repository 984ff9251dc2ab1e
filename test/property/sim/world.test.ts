import assert from 'node:assert/strict';
import { served } from '../scenario.ts';
import type { World } from './world.ts';
import { happen } from './events.ts';

/** A station of six, one spare, on three nodes, with nobody to look after it. */
function unattended(): World {
  const world = served({
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
  it('knows of a dead node after 40 to 56 s and makes its pods anew only after 300 s more', () => {
    const world = unattended();
    const lost = world.servingOn('a1');
    happen(world, { kind: 'killNode', node: 'a1' });
    world.run(39_000);
    assert.equal(world.server.get('node', 'a1')?.ready, 'True');
    world.run(17_000);
    assert.equal(world.server.get('node', 'a1')?.ready, 'Unknown');
    world.run(280_000);
    assert.equal(world.truth.serving, 7 - lost);
    world.run(40_000);
    assert.equal(world.truth.serving, 7);
  });

  it('keeps pods of a removed node Ready until the collector comes, 40 to 60 s later', () => {
    const world = unattended();
    const lost = world.servingOn('a1');
    happen(world, { kind: 'removeNode', node: 'a1' });
    world.run(39_000);
    assert.equal(world.server.list('pod').filter((pod) => pod.node === 'a1' && pod.ready).length, lost);
    world.run(30_000);
    assert.equal(world.truth.serving, 7);
  });

  it('lets a drain have what is spare, and the rest as replacements get ready', () => {
    const world = unattended();
    happen(world, { kind: 'drain', node: 'a1' });
    world.run(90_000);
    assert.equal(world.servingOn('a1'), 0);
    assert.equal(world.truth.leastServing, 6);
    assert.equal(world.drains[0]?.isStuck, false);
  });

  it('grants no eviction where nothing is spare', () => {
    const world = served({
      seed: 3,
      nodes: [3],
      roomPerNode: 10,
      startMs: 2000,
      demand: 6,
      survive: { pods: 0, nodes: 0, zones: 0 },
    });
    happen(world, { kind: 'stopOperator' });
    happen(world, { kind: 'drain', node: 'a1' });
    world.run(600_000);
    assert.equal(world.truth.leastServing, 6);
    assert.equal(world.drains[0]?.isStuck, true);
  });

  it('gives back the pods of a machine that boots again before anybody noticed', () => {
    const world = unattended();
    happen(world, { kind: 'killNode', node: 'a1' });
    world.run(10_000);
    happen(world, { kind: 'healNode', node: 'a1' });
    world.run(30_000);
    assert.equal(world.truth.serving, 7);
    assert.equal(world.truth.podsMade, 0);
  });

  it('plays the same seed the same way', () => {
    const tell = (): unknown => {
      const world = unattended();
      happen(world, { kind: 'drain', node: 'a1' });
      world.run(120_000);
      return [world.agenda.nowMs, world.server.version, world.server.list('pod')];
    };
    assert.deepEqual(tell(), tell());
  });
});
