import assert from 'node:assert/strict';
import { zoneLabel } from '../../../../tools/cluster/nodes.ts';
import { deploymentsOf } from '../said.ts';
import { notOn } from './scene.ts';
import type { Scenes } from './scene.ts';

/** Puts pods on the nodes that carry the label. */
const pool = (name: string): { readonly nodeSelector: object } => ({ nodeSelector: { pool: name } });

/** Clusters that are not alike everywhere. */
export const layoutScenes: Scenes = {
  'zones of four nodes, one and two are served alike, and losing the only node of one costs no demand': {
    kitchen: 'uneven',
    zones: { 'uneven-a': 4, 'uneven-b': 1, 'uneven-c': 2 },
    play: async (at) => {
      await at.serve({ survive: { zones: 1 }, replicas: 6 });
      assert.deepEqual(at.spread(), [3, 3, 3]);
      const watching = at.begin();
      await at.killNodes('uneven-b', 1);
      await at.until('the others serve one more than demand', () => {
        const [a = 0, , c = 0] = at.spread();
        assert.equal(a + c, 7);
      });
      assert.deepEqual([watching.least(), watching.made(notOn('uneven-b-1'))], [6, 1]);
    },
  },

  'losing a node of a zone with two is made good on the other one': {
    kitchen: 'pair',
    zones: { 'pair-a': 2, 'pair-b': 2 },
    play: async (at) => {
      await at.serve({ survive: { nodes: 1 }, replicas: 4 });
      const before = at.spread();
      const lost = at.running(({ node }) => node === 'pair-a-1').length;
      const watching = at.begin();
      await at.killNodes('pair-a', 1);
      await at.until('the zone has its share again, and the dead node’s pods are handed over', () => {
        assert.deepEqual(at.spread(), before);
        const given = at.stage.census.pods(at.station).filter(({ node }) => node === 'pair-a-1');
        assert.ok(given.every(({ deleting }) => deleting));
      });
      assert.equal(watching.made(notOn('pair-a-1')), lost);
      assert.ok(watching.least() >= 4, `it fell to ${watching.least()}`);
    },
  },

  'draining the only node of a zone, among uneven zones with little room, moves its share once, and back once': {
    kitchen: 'ragged',
    zones: {
      'ragged-a': [{ pods: 6 }],
      'ragged-b': [{ pods: 6 }, { pods: 6 }],
      'ragged-c': [{ pods: 6 }],
      'ragged-d': [{ pods: 6 }, { pods: 6 }, { pods: 6 }, { pods: 6 }, { pods: 6 }],
    },
    play: async (at) => {
      await at.serve({ replicas: 10 });
      const before = at.spread();
      const watching = at.begin();
      await at.drain('ragged-c-1');
      await at.until('the other zones serve all', () => {
        const [a = 0, b = 0, c = 0, d = 0] = at.spread();
        assert.deepEqual([a + b + d, c], [11, 0]);
      });
      await at.stage.kubectl('uncordon', 'ragged-c-1');
      await at.until('the spread is as it was', () => {
        assert.deepEqual(at.spread(), before);
        assert.equal(at.stage.census.pods(at.station).length, 11);
      });
      await at.settled();
      assert.ok(watching.least() >= 10, `it fell to ${watching.least()}`);
      // Grown for those that leave, lowered with them, and told its share again: that many Pending pods show when there is room.
      assert.ok(watching.told('ragged-c').length <= 4, watching.told('ragged-c').join(', '));
    },
  },

  'a zone that is drained and taken away on purpose is a zone less, not a lost one': {
    kitchen: 'closing',
    zones: {
      'closing-a': [{ labels: { pool: 'closing' } }],
      'closing-b': [{ labels: { pool: 'closing' } }],
      'closing-c': [{ labels: { pool: 'closing' } }, { labels: { pool: 'closing' } }],
    },
    play: async (at) => {
      await at.serve({ zones: undefined, survive: { zones: 1 }, replicas: 4, pod: pool('closing') });
      assert.deepEqual(at.spread(), [2, 2, 2]);
      const watching = at.begin();
      const nodes = ['closing-c-1', 'closing-c-2'];
      await at.stage.kubectl('cordon', ...nodes);
      for (const node of nodes) await at.drain(node);
      for (const node of nodes) await at.stage.cluster.removeNode(node);
      await at.until('two zones are left, each of which can do alone', async () => {
        assert.deepEqual(at.spread(), [4, 4, 0]);
        assert.deepEqual(await deploymentsOf(at.stage, at.station), [
          ['closing-grill-closing-a', 4],
          ['closing-grill-closing-b', 4],
        ]);
        const { survives, zones } = await at.status();
        assert.deepEqual([survives?.includes('down'), zones?.length], [false, 2]);
      });
      await at.settled();
      assert.ok(watching.least() >= 4, `it fell to ${watching.least()}`);
    },
  },

  'nodes without a zone are served as one zone: a death and a drain among them are made good': {
    kitchen: 'zoneless',
    zones: { zoneless: [1, 2, 3].map(() => ({ labels: { [zoneLabel]: null, pool: 'zoneless' } })) },
    play: async (at) => {
      await at.serve({ zones: undefined, replicas: 5, pod: pool('zoneless') });
      assert.deepEqual(await deploymentsOf(at.stage, at.station), [['zoneless-grill-none', 6]]);
      const watching = at.begin();
      const lost = at.running(({ node }) => node === 'zoneless-1').length;
      await at.killNodes('zoneless', 1);
      await at.until('the station is whole', () => assert.equal(at.running().length, 6));
      await at.settled();
      assert.equal(watching.made(notOn('zoneless-1')), lost);
      const drained = at.begin();
      await at.drain('zoneless-2');
      await at.settled();
      assert.equal(at.running(({ node }) => node === 'zoneless-3').length, 6);
      assert.ok(drained.least() >= 5, `it fell to ${drained.least()}`);
    },
  },

  'a node selector and taints leave a station fewer zones than the cluster has, and those survive what is declared': {
    kitchen: 'picky',
    zones: {
      'picky-a': [{ labels: { pool: 'picky' } }],
      'picky-b': [{ labels: { pool: 'picky' } }],
      'picky-c': [{ labels: { pool: 'picky' }, taints: [{ key: 'dedicated', value: 'others', effect: 'NoSchedule' }] }],
      'picky-d': 1,
    },
    play: async (at) => {
      await at.serve({ zones: undefined, survive: { zones: 1 }, replicas: 3, pod: pool('picky') });
      assert.deepEqual(at.spread(), [3, 3, 0, 0]);
      assert.deepEqual(await deploymentsOf(at.stage, at.station), [
        ['picky-grill-picky-a', 3],
        ['picky-grill-picky-b', 3],
      ]);
      const watching = at.begin();
      await at.killNodes('picky-a', 1);
      await at.until('the other zone serves one more than demand', () => assert.equal(at.spread()[1], 4));
      assert.deepEqual([watching.least(), watching.made(notOn('picky-a-1'))], [3, 1]);
    },
  },
};
