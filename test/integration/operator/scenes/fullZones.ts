import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../operator/api/kubernetes/object.ts';
import { newImage } from '../kitchens.ts';
import { holds } from '../said.ts';
import { namespace } from '../stage.ts';
import type { Ground, Scenes } from './scene.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Fails unless zones differ by one pod at most. */
function isEven(spread: readonly number[], total: number): void {
  const text = spread.join(', ');
  assert.equal(sum(spread), total, text);
  assert.ok(Math.max(...spread) - Math.min(...spread) <= 1, text);
}

/** A priority class, and a quota of so many pods of it. */
const rationed = (name: string, pods: number): readonly KubeObject[] => {
  const matchExpressions = [{ scopeName: 'PriorityClass', operator: 'In', values: [name] }];
  const objects: readonly (KubeObject & { readonly spec?: object; readonly value?: number })[] = [
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: 1 },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name, namespace },
      spec: { hard: { pods: String(pods) }, scopeSelector: { matchExpressions } },
    },
  ];
  return objects;
};

/** Fails when the number was turned more than once: up for those that find no room elsewhere, and down again. */
function turnedOnce(told: readonly number[]): void {
  const ways = told.slice(1).map((next, index) => Math.sign(next - (told[index] ?? 0)));
  const turns = ways.filter((way, index) => index > 0 && way !== ways[index - 1]).length;
  assert.ok(turns <= 1, `told ${told.join(', ')}`);
}

const stateOf = async (at: Ground, zone: string): Promise<string | undefined> =>
  (await at.status()).zones?.find(({ name }) => name === zone)?.state;

/** Zones that have no room for their share. */
export const fullZoneScenes: Scenes = {
  'what a zone has no node for runs in the others, its Pending pods stay, and it gets its share when there is room': {
    kitchen: 'crammed',
    zones: { 'crammed-a': 1, 'crammed-b': 1, 'crammed-c': [{ pods: 2 }] },
    play: async (at) => {
      const watching = at.begin();
      await at.declare({ replicas: 9 });
      await at.until('the others serve what it cannot', () => assert.equal(sum(at.spread()), 10));
      await at.until('the zone is called full', async () => assert.equal(await stateOf(at, 'crammed-c'), 'Full'));
      assert.equal(at.spread()[2], 2);
      const whole = at.begin();
      await at.stage.cluster.addNode('crammed-c');
      await at.until('the spread is even', () => isEven(at.spread(), 10));
      await at.settled();
      // With more nodes the odd pod may be its own now; the others grew once and shrank once.
      assert.ok(watching.told('crammed-c').length <= 2, watching.told('crammed-c').join(', '));
      for (const zone of ['crammed-a', 'crammed-b']) turnedOnce(watching.told(zone));
      assert.ok(whole.least() >= 9, `it fell to ${whole.least()}`);
    },
  },

  'pods that get Ready in the other zones are made for those that never do, once, and go when those do after all': {
    kitchen: 'mute',
    zones: { 'mute-a': 1, 'spoken-a': 1, 'spoken-b': 1 },
    play: async (at) => {
      const watching = at.begin();
      await at.declare({ replicas: 8 });
      await at.until('the others serve all', () => {
        const [mute, ...others] = at.spread();
        assert.deepEqual([mute, sum(others)], [0, 9]);
      });
      await at.until('it says that pods never get Ready', async () => {
        holds({ status: await at.status() }, 'NoRoom', { status: 'True', reason: 'NeverReady' });
        assert.equal(await stateOf(at, 'mute-a'), 'Full');
      });
      const whole = at.begin();
      const annotated = ['annotate', 'pods', '--selector', 'kitchen.dev/kitchen=mute', 'kitchen.dev/never-ready=false'];
      await at.stage.kubectl(...annotated);
      await at.until('the spread is even', () => isEven(at.spread(), 9));
      await at.settled();
      assert.equal(watching.told('mute-a').length, 1);
      for (const zone of ['spoken-a', 'spoken-b']) turnedOnce(watching.told(zone));
      assert.ok(whole.least() >= 8, `it fell to ${whole.least()}`);
    },
  },

  'a quota that refuses pods is named in the API server’s words, costs no pod, and what it refused is made when it allows':
    {
      kitchen: 'rationed',
      zones: { 'rationed-a': 1, 'rationed-b': 1 },
      play: async (at) => {
        await at.stage.apply(...rationed('rationed', 6));
        const pod = { priorityClassName: 'rationed' };
        await at.serve({ replicas: 5, pod });
        const watching = at.begin();
        await at.declare({ replicas: 7 });
        await at.until('a condition quotes the refusal', async () => {
          const said = holds({ status: await at.status() }, 'NoRoom', { status: 'True', reason: 'NotMade' });
          assert.match(said, /exceeded quota: rationed/);
        });
        assert.equal(at.running().length, 6);
        await at.stage.apply(...rationed('rationed', 20));
        await at.until('the new demand is served, by no more than it takes', () => {
          isEven(at.spread(), 8);
          assert.equal(at.stage.census.pods(at.station).length, 8);
        });
        await at.settled();
        assert.equal(watching.least(), 6);
      },
    },

  'nodes of a zone that are loaded unevenly are evened, one pod at a time, until the loss of one is survived': {
    kitchen: 'lopsided',
    zones: { 'lopsided-a': 2 },
    play: async (at) => {
      await at.stage.kubectl('cordon', 'lopsided-a-2');
      await at.declare({ replicas: 2, survive: { nodes: 1 } });
      await at.until('all run on the other node', () => assert.equal(at.running().length, 4));
      const watching = at.begin();
      await at.stage.kubectl('uncordon', 'lopsided-a-2');
      await at.until('each node has half of them', () => {
        const loads = ['lopsided-a-1', 'lopsided-a-2'].map((node) => at.running((pod) => pod.node === node).length);
        assert.deepEqual([...loads, at.stage.census.pods(at.station).length], [2, 2, 4]);
      });
      await at.settled();
      assert.deepEqual([watching.made(), watching.least()], [2, 4]);
      await at.until('it says that a node may go', async () =>
        assert.match((await at.status()).survives ?? '', /1 node/),
      );
    },
  },

  'a new template whose pods find no room is no failed one, and goes out when there is room': {
    kitchen: 'crowded',
    zones: { 'crowded-a': [{ pods: 3 }] },
    play: async (at) => {
      await at.serve({ replicas: 2 });
      const watching = at.begin();
      await at.declare({ image: newImage });
      await at.until('it says that there is no room', async () => {
        const { conditions } = await at.status();
        holds({ status: await at.status() }, 'NoRoom', { status: 'True', reason: 'Unschedulable' });
        assert.ok(!conditions?.some(({ type }) => type === 'RolloutFailed'));
      });
      await at.stage.cluster.addNode('crowded-a');
      await at.until('every pod is a new one', () =>
        assert.deepEqual(
          at.running().map(({ image }) => image),
          Array.from({ length: 3 }, () => newImage),
        ),
      );
      await at.settled();
      assert.ok(watching.least() >= 2, `it fell to ${watching.least()}`);
    },
  },
};
