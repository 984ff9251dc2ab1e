import assert from 'node:assert/strict';
import { newImage } from '../kitchens.ts';
import { holds } from '../said.ts';
import { notOn } from './scene.ts';
import type { Ground, Scenes } from './scene.ts';

/** Resolves when the operator calls the zone so. */
const says = (at: Ground, zone: string, state: string): Promise<void> =>
  at.until(`${zone} is called ${state}`, async () => {
    const row = (await at.status()).zones?.find(({ name }) => name === zone);
    assert.equal(row?.state, state);
  });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Zones that are lost and come back. */
export const lostZoneScenes: Scenes = {
  'a zone that dies, where that was not declared, is made good elsewhere, each pod once; back again, the spread is as it was':
    {
      kitchen: 'wave',
      zones: { 'wave-a': 2, 'wave-b': 2, 'wave-c': 2 },
      play: async (at) => {
        await at.serve({ replicas: 8 });
        const before = at.spread();
        assert.deepEqual(before, [3, 3, 3]);
        const watching = at.begin();
        await at.killNodes('wave-b', 2);
        await at.until('the other zones serve all', () => assert.equal(sum(at.spread()), 9));
        await says(at, 'wave-b', 'Lost');
        assert.equal(
          watching.made(({ zone }) => zone !== 'wave-b'),
          3,
        );
        // One wave, and a second where Kubernetes calls the other node lost a second later: demand is short meanwhile. None is taken back.
        for (const zone of ['wave-a', 'wave-c']) {
          const told = watching.told(zone);
          assert.deepEqual(
            told,
            told.toSorted((a, b) => a - b),
          );
          assert.ok(told.length <= 3, `${zone} was told ${told.join(', ')}`);
        }
        await at.until('it says that demand is served, and which zone is down', async () => {
          const status = await at.status();
          holds({ status }, 'Available', { status: 'True' });
          assert.match(status.survives ?? '', /wave-b is down/);
        });
        const told = watching.told('wave-b');
        await at.stage.cluster.heal('zone', 'wave-b');
        const healed = at.begin();
        await at.until('the spread is as it was', () => assert.deepEqual(at.spread(), before));
        await at.settled();
        assert.deepEqual(healed.told('wave-b').at(-1), told[0]);
        assert.equal(healed.made(), 0);
        assert.ok(healed.least() >= 8, `it fell to ${healed.least()}`);
      },
    },

  'a zone whose Node objects a cloud deletes spends what was declared, is left as it is, and holds no growth back': {
    kitchen: 'razed',
    zones: { 'razed-a': 2, 'razed-b': 2, 'razed-c': 2 },
    play: async (at) => {
      await at.declare({ survive: { zones: 1 } });
      await at.until('there is a station', () => at.scale(4));
      await at.until('it serves', () => assert.deepEqual(at.spread(), [2, 2, 2]));
      await at.settled();
      const watching = at.begin();
      await at.killNodes('razed-b', 2);
      await at.removeNodes(['razed-b-1', 'razed-b-2']);
      await says(at, 'razed-b', 'Lost');
      // Between the first node's end and the last one's it may have grown.
      const told = watching.told('razed-b');
      await at.until('one more than demand serves without it', () => assert.equal(sum(at.spread()), 5));
      await at.until('it says which zone is down, and that no other may go', async () => {
        const status = await at.status();
        const said = holds({ status }, 'Survivable', { status: 'False', reason: 'Cannot' });
        assert.match(said, /^razed-b is down: of 1 declared/);
        assert.equal(status.survives, '0 more zones, razed-b is down');
      });
      assert.equal(watching.least(), 4);
      await at.scale(8);
      await at.until('a rise of demand is served at once', () => assert.equal(sum(at.spread()), 9));
      await at.scale(6);
      await at.until('a fall of demand is followed', () => assert.equal(sum(at.spread()), 7));
      assert.ok(watching.least() >= 4, `it fell to ${watching.least()}`);
      assert.deepEqual(watching.told('razed-b'), told);
      for (let count = 0; count < 2; count += 1) await at.stage.cluster.addNode('razed-b');
      const returned = at.begin();
      await at.until('the spread is even again', () => assert.deepEqual(at.spread(), [3, 3, 3]));
      await at.settled();
      assert.equal(
        returned.made(({ zone }) => zone !== 'razed-b'),
        0,
      );
      assert.ok(returned.made() <= 3, `${returned.made()} made`);
      assert.ok(returned.least() >= 7, `it fell to ${returned.least()}`);
    },
  },

  'a new template is held while a zone is lost, and goes on when it is back': {
    kitchen: 'held',
    zones: { 'held-a': 1, 'held-b': 1, 'held-c': 1 },
    play: async (at) => {
      await at.serve({ survive: { zones: 1 }, replicas: 4 });
      const watching = at.begin();
      const isNew = ({ image }: { readonly image: string }): boolean => image === newImage;
      await at.killNodes('held-c', 1);
      await says(at, 'held-c', 'Lost');
      await at.declare({ image: newImage });
      await at.until('it says that it waits, and for what', async () => {
        const { waiting } = await at.status();
        assert.ok(
          waiting?.some((line) => /^roll out to .*held-c is lost/.test(line)),
          JSON.stringify(waiting),
        );
      });
      assert.equal(watching.made(isNew), 0);
      await at.stage.cluster.heal('zone', 'held-c');
      await at.until('every pod is a new one', () => {
        assert.ok(at.running().length >= 6);
        assert.deepEqual(
          at.running((pod) => !isNew(pod)),
          [],
        );
      });
      await at.settled();
      assert.deepEqual(at.spread(), [2, 2, 2]);
      assert.ok(watching.least() >= 4, `it fell to ${watching.least()}`);
    },
  },

  'most nodes of a zone that die at once are made good with as many pods as were lost': {
    kitchen: 'partial',
    zones: { 'partial-a': 5, 'partial-b': 5, 'partial-c': 5 },
    play: async (at) => {
      await at.serve({ replicas: 14 });
      const before = at.spread();
      assert.deepEqual(before, [5, 5, 5]);
      const watching = at.begin();
      const dead = await at.killNodes('partial-a', 3);
      await at.until('the station is whole', () => assert.equal(at.running().length, 15));
      // Nodes are seen to die one after another: what was made in between may have gone to the next one.
      assert.equal(watching.made(notOn(...dead)), 3);
      assert.equal(watching.least(), 12);
      await Promise.all(dead.map((node) => at.stage.cluster.heal('node', node)));
      const healed = at.begin();
      await at.until('the spread is even again', () => {
        assert.deepEqual(at.spread(), before);
        assert.equal(at.stage.census.pods(at.station).length, 15);
      });
      await at.settled();
      assert.ok(healed.least() >= 14, `it fell to ${healed.least()}`);
      assert.ok(healed.made() <= 3, `${healed.made()} moved`);
    },
  },

  'most nodes of every zone that die at once are made good where any node is left': {
    kitchen: 'shaky',
    zones: { 'shaky-a': 3, 'shaky-b': 3, 'shaky-c': 3 },
    play: async (at) => {
      await at.serve({ replicas: 8 });
      assert.deepEqual(at.spread(), [3, 3, 3]);
      const watching = at.begin();
      const zones = ['shaky-a', 'shaky-b', 'shaky-c'];
      await Promise.all(zones.map((zone) => at.killNodes(zone, 2)));
      await at.until('the station is whole', () => assert.deepEqual(at.spread(), [3, 3, 3]));
      // A zone that was not seen to fail yet may have been asked to help the others for a moment.
      assert.ok(watching.made() <= 12, `${watching.made()} made for 6`);
      assert.equal(watching.least(), 3);
    },
  },
};
