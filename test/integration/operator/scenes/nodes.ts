import assert from 'node:assert/strict';
import { notOn } from './scene.ts';
import type { Ground, Scenes } from './scene.ts';

/** Pods of the zone's node that serve. */
const on = (at: Ground, node: string): number => at.running((pod) => pod.node === node).length;

/** Nodes that die, come back and die again. */
export const nodeScenes: Scenes = {
  'a node that dies is made good with as many pods as were lost, and those it had are let go when it is back': {
    kitchen: 'fallen',
    zones: { 'fallen-a': 3, 'fallen-b': 3 },
    play: async (at) => {
      await at.serve({ replicas: 9 });
      const before = at.spread();
      const lost = on(at, 'fallen-a-1');
      const watching = at.begin();
      const dead = await at.killNodes('fallen-a', 1);
      await at.noticed(dead, false);
      await at.until('the station is whole', () => assert.equal(at.running().length, 10));
      await at.settled();
      await at.stage.cluster.heal('node', 'fallen-a-1');
      await at.noticed(dead, true);
      await at.until('only the replacements are left', () => assert.equal(at.stage.census.pods(at.station).length, 10));
      await at.settled();
      assert.deepEqual(at.spread(), before);
      assert.equal(watching.made(notOn(...dead)), lost);
      assert.equal(watching.least(), 10 - lost);
    },
  },

  'a node that comes back before its pods were replaced costs a surplus that goes again, never below demand': {
    kitchen: 'early',
    zones: { 'early-a': 3 },
    play: async (at) => {
      await at.serve({ replicas: 5, annotations: { 'kitchen.dev/start': '30s' } });
      const lost = on(at, 'early-a-1');
      const watching = at.begin();
      const dead = await at.killNodes('early-a', 1);
      await at.until('its pods are replaced', () => assert.equal(watching.made(notOn(...dead)), lost));
      await at.stage.cluster.heal('node', 'early-a-1');
      await at.noticed(dead, true);
      await at.until('the pods it had serve again', () => assert.ok(at.running().length >= 6));
      const healed = at.begin();
      await at.until('the surplus serves', () => assert.ok(at.running().length >= 6 + lost));
      await at.until('the surplus is gone', () => assert.equal(at.stage.census.pods(at.station).length, 6));
      await at.settled();
      assert.equal(watching.made(notOn(...dead)), lost);
      assert.ok(healed.least() >= 5, `it fell to ${healed.least()}`);
    },
  },

  'a node that dies and comes back again and again costs no more pods than it had': {
    kitchen: 'flaps',
    zones: { 'flaps-a': 3, 'flaps-b': 3 },
    play: async (at) => {
      await at.serve({ replicas: 11 });
      const had = on(at, 'flaps-a-1');
      const watching = at.begin();
      for (let time = 1; time <= 4; time += 1) {
        const dead = await at.killNodes('flaps-a', 1);
        await at.noticed(dead, false);
        await at.stage.cluster.heal('node', 'flaps-a-1');
        await at.noticed(dead, true);
      }
      await at.until('what it cost is gone again', () => assert.equal(at.stage.census.pods(at.station).length, 12));
      await at.settled();
      // What landed on it and was lost with it the next time is made good once more.
      const elsewhere = watching.made(notOn('flaps-a-1'));
      assert.ok(elsewhere <= had, `${elsewhere} pods made for ${had}`);
      assert.ok(watching.least() >= 12 - had, `it fell to ${watching.least()}`);
    },
  },

  'demand that rises while a node is dead is served, with as many pods as were lost and asked for': {
    kitchen: 'rush',
    zones: { 'rush-a': 2, 'rush-b': 2 },
    play: async (at) => {
      await at.declare({});
      await at.until('there is a station', () => at.scale(5));
      await at.until('it serves', () => assert.equal(at.running().length, 6));
      await at.settled();
      const lost = on(at, 'rush-a-1');
      const watching = at.begin();
      const dead = await at.killNodes('rush-a', 1);
      await at.noticed(dead, false);
      await at.scale(8);
      await at.until('the new demand is served', () => assert.equal(at.running().length, 9));
      await at.settled();
      assert.equal(watching.made(notOn(...dead)), lost + 3);
      assert.equal(watching.least(), 6 - lost);
    },
  },
};
