import assert from 'node:assert/strict';
import type { Station } from '../../../../operator/api/station.ts';
import type { KubeObject } from '../../../../operator/api/kubernetes/object.ts';
import { stations } from '../../../../operator/api/resources.ts';
import { madeFor, neverBelow } from '../drained.ts';
import { aKitchen, aStation, newImage } from '../kitchens.ts';
import { holds } from '../said.ts';
import type { Ground, Scenes } from './scene.ts';

const on = (at: Ground, node: string): number => at.running((pod) => pod.node === node).length;

const taint = (at: Ground, node: string, what: string): Promise<string> =>
  at.stage.kubectl('taint', 'node', node, what);

/** Drains by people and by autoscalers. */
export const drainScenes: Scenes = {
  'all nodes of a zone can be drained one after another, never below demand': {
    kitchen: 'emptied',
    zones: { 'emptied-a': 2, 'emptied-b': 2, 'emptied-c': 2 },
    play: async (at) => {
      await at.serve({ replicas: 5 });
      assert.deepEqual(at.spread(), [2, 2, 2]);
      const watching = at.begin();
      for (const node of ['emptied-b-1', 'emptied-b-2']) await at.drain(node);
      await at.until('the other zones serve all', () => assert.deepEqual(at.spread(), [3, 0, 3]));
      neverBelow(5, watching.least());
      await at.stage.kubectl('uncordon', 'emptied-b-1', 'emptied-b-2');
      await at.until('the spread is as it was', () => assert.deepEqual(at.spread(), [2, 2, 2]));
      await at.settled();
      neverBelow(5, watching.least());
    },
  },

  'three nodes in three zones can be drained at once, never below demand': {
    kitchen: 'triple',
    zones: { 'triple-a': 2, 'triple-b': 2, 'triple-c': 2 },
    play: async (at) => {
      await at.serve({ replicas: 8 });
      const nodes = ['triple-a-1', 'triple-b-1', 'triple-c-1'];
      const moved = nodes.reduce((total, node) => total + on(at, node), 0);
      const watching = at.begin();
      await Promise.all(nodes.map((node) => at.drain(node)));
      await at.settled();
      assert.deepEqual(at.spread(), [3, 3, 3]);
      neverBelow(8, watching.least());
      madeFor(moved, watching.made());
    },
  },

  'a node with pods of twenty stations can be drained, none of them ever below demand': {
    kitchen: 'food-court',
    zones: { 'food-court-a': 2 },
    play: async (at) => {
      const names = Array.from({ length: 20 }, (_, index) => `stall-${index + 1}`);
      const lean = (index: number): object => (index % 2 === 0 ? { survive: { pods: 0 } } : {});
      const entries = names.map((name, index) => aStation({ name, replicas: 1 + (index % 3), ...lean(index) }));
      await at.stage.apply(aKitchen('food-court', { zones: ['food-court-a'], stations: entries }));
      await at.settled();
      const all = names.map((name, index) => {
        const station = `food-court-${name}`;
        const there = at.stage.census.running(station).filter(({ node }) => node === 'food-court-a-1').length;
        return { station, there, demand: 1 + (index % 3), watching: at.stage.census.begin(station) };
      });
      assert.ok(all.filter(({ there }) => there > 0).length >= 10);
      await at.drain('food-court-a-1');
      await at.settled();
      for (const { station, there, demand, watching } of all) {
        assert.ok(watching.least() >= demand, `${station} fell to ${watching.least()} of ${demand}`);
        madeFor(there, watching.made());
      }
    },
  },

  'a taint that pods tolerate for a minute is a minute in which they are replaced, never below demand': {
    kitchen: 'notice',
    zones: { 'notice-a': 3 },
    play: async (at) => {
      const forAMinute = { key: 'notice', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };
      await at.serve({ replicas: 6, pod: { tolerations: [forAMinute] } });
      const loads = ['notice-a-1', 'notice-a-2', 'notice-a-3'].toSorted((a, b) => on(at, b) - on(at, a));
      const [node = ''] = loads;
      const there = new Set(at.running((pod) => pod.node === node).map(({ uid }) => uid));
      const watching = at.begin();
      await taint(at, node, 'notice=given:NoExecute');
      const sinceMs = Date.now();
      await at.until('others have replaced its pods', () =>
        assert.deepEqual(
          at.running((pod) => there.has(pod.uid)),
          [],
        ),
      );
      assert.ok(Date.now() - sinceMs < 60_000, 'the taint evicted them');
      neverBelow(6, watching.least());
      await taint(at, node, 'notice-');
      await at.settled();
      neverBelow(6, watching.least());
    },
  },

  'a node whose machine the cloud takes back is emptied without a cordon, never below demand': {
    kitchen: 'spot',
    zones: { 'spot-a': 3 },
    play: async (at) => {
      await at.serve({ replicas: 6 });
      const moved = on(at, 'spot-a-1');
      const watching = at.begin();
      await taint(at, 'spot-a-1', 'cloud.google.com/impending-node-termination=:NoSchedule');
      await at.until('others have replaced its pods', () => assert.deepEqual(on(at, 'spot-a-1'), 0));
      await at.settled();
      neverBelow(6, watching.least());
      madeFor(moved, watching.made());
    },
  },

  'a node that Karpenter has tainted is emptied by evictions, never below demand, each pod made once': {
    kitchen: 'karpenter',
    zones: { 'karpenter-a': 2 },
    play: async (at) => {
      await at.serve({ replicas: 4, survive: { pods: 0 } });
      const moved = on(at, 'karpenter-a-1');
      const watching = at.begin();
      await taint(at, 'karpenter-a-1', 'karpenter.sh/disrupted:NoSchedule');
      await at.evictAll('karpenter-a-1');
      await at.stage.cluster.removeNode('karpenter-a-1');
      await at.settled();
      assert.equal(on(at, 'karpenter-a-2'), 4);
      neverBelow(4, watching.least());
      assert.equal(watching.made(), moved);
    },
  },

  'a node that Cluster Autoscaler is about to delete is emptied by evictions, never below demand': {
    kitchen: 'scaler',
    zones: { 'scaler-a': 2, 'scaler-b': 2 },
    play: async (at) => {
      await at.serve({ replicas: 5 });
      const watching = at.begin();
      await taint(at, 'scaler-a-1', 'ToBeDeletedByClusterAutoscaler=1:NoSchedule');
      await at.evictAll('scaler-a-1');
      await at.stage.cluster.removeNode('scaler-a-1');
      await at.settled();
      assert.deepEqual(at.spread(), [3, 3]);
      neverBelow(5, watching.least());
    },
  },

  'a Node object that is deleted without a word is made good with as many pods as it had': {
    kitchen: 'gone',
    zones: { 'gone-a': 2, 'gone-b': 2 },
    play: async (at) => {
      await at.serve({ survive: { pods: 2 }, replicas: 6 });
      const whole = at.running().length;
      const lost = on(at, 'gone-a-1');
      const watching = at.begin();
      await at.removeNodes(['gone-a-1']);
      await at.until('as many as were lost are made elsewhere', () => {
        assert.equal(watching.made(), lost);
        assert.equal(at.running().length, whole);
      });
      await at.settled();
      neverBelow(6, watching.least());
      assert.equal(watching.made(), lost);
    },
  },

  'a singleton moves to another node before it leaves its own': {
    kitchen: 'single',
    zones: { 'single-a': 2 },
    play: async (at) => {
      await at.serve({ replicas: 1, survive: { pods: 0 } });
      const [only] = at.running();
      const watching = at.begin();
      await at.drain(only?.node ?? '');
      await at.settled();
      assert.equal(at.running().length, 1);
      assert.deepEqual([watching.least(), watching.made()], [1, 1]);
    },
  },

  'a singleton alone in its zone moves to another zone before it leaves': {
    kitchen: 'lonely',
    zones: { 'lonely-a': 1, 'lonely-b': 1 },
    play: async (at) => {
      await at.serve({ replicas: 1, survive: { pods: 0 } });
      const [only] = at.running();
      const watching = at.begin();
      await at.drain(only?.node ?? '');
      await at.until('it runs elsewhere', () => {
        assert.deepEqual(
          at.running().map(({ node }) => node !== only?.node),
          [true],
        );
      });
      assert.equal(watching.least(), 1);
    },
  },

  'a drain whose replacements find no room waits, with the scheduler’s words, and ends when there is room': {
    kitchen: 'tight',
    zones: { 'tight-a': [{ pods: 3 }, { pods: 3 }] },
    play: async (at) => {
      await at.serve({ replicas: 5, survive: { pods: 1 } });
      const watching = at.begin();
      const drained = at.drain('tight-a-1');
      await at.until('a condition quotes the scheduler', async () => {
        const said = holds({ status: await at.status() }, 'NoRoom', { status: 'True', reason: 'Unschedulable' });
        assert.match(said, /0\/\d+ nodes are available: .*Too many pods/);
      });
      assert.ok(on(at, 'tight-a-1') > 0);
      await at.stage.cluster.addNode('tight-a');
      await drained;
      await at.settled();
      assert.equal(on(at, 'tight-a-1'), 0);
      neverBelow(5, watching.least());
    },
  },

  'a drain whose replacements find no room goes below demand where that was allowed, and is made good when there is room':
    {
      kitchen: 'dipping',
      zones: { 'dipping-a': [{ pods: 2 }, { pods: 2 }] },
      play: async (at) => {
        await at.serve({ replicas: 4, survive: { pods: 0 }, whenNoRoom: 'Dip' });
        await at.drain('dipping-a-1');
        assert.equal(at.running().length, 2);
        await at.until('it says that demand is not served, and why', async () => {
          const { status } = await at.stage.get<Station & KubeObject>(stations, at.station);
          holds({ status }, 'Available', { status: 'False' });
          assert.match(holds({ status }, 'NoRoom', { status: 'True' }), /Too many pods/);
        });
        await at.stage.cluster.addNode('dipping-a');
        await at.until('all serve again', () => assert.equal(at.running().length, 4));
        await at.settled();
        await at.until('the budget keeps demand again', async () => {
          const kept = await at.stage.kubectl('get', 'pdb', at.station, '--output=jsonpath={.spec.minAvailable}');
          assert.equal(kept, '4');
        });
      },
    },

  'demand that rises during a drain is served, and the drain ends': {
    kitchen: 'lunch',
    zones: { 'lunch-a': 2, 'lunch-b': 2 },
    play: async (at) => {
      await at.declare({});
      await at.until('there is a station', () => at.scale(5));
      await at.until('it serves', () => assert.equal(at.running().length, 6));
      await at.settled();
      const watching = at.begin();
      const drained = at.drain('lunch-a-1');
      await at.scale(9);
      await drained;
      await at.until('the new demand is served', () => assert.equal(at.running().length, 10));
      await at.settled();
      assert.equal(on(at, 'lunch-a-1'), 0);
      neverBelow(5, watching.least());
    },
  },

  'a new template goes out during a drain, never below demand': {
    kitchen: 'menu',
    zones: { 'menu-a': 2, 'menu-b': 2 },
    play: async (at) => {
      await at.serve({ replicas: 5 });
      const watching = at.begin();
      await at.declare({ image: newImage });
      await Promise.all([at.drain('menu-a-1'), at.drain('menu-b-2')]);
      await at.until('every pod is a new one', () =>
        assert.deepEqual(
          at.running().map(({ image }) => image),
          Array.from({ length: 6 }, () => newImage),
        ),
      );
      await at.settled();
      neverBelow(5, watching.least());
    },
  },
};
