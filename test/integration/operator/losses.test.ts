import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { deploymentsOf, holds } from './said.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const pizzeria = aKitchen('pizzeria', { survive: { zones: 1 }, stations: [aStation({ replicas: 6 })] });
const corner = aKitchen('corner', { zones: ['zone-a'], stations: [aStation({ name: 'counter', replicas: 5 })] });

describe('when things die', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ nodes: 3 });
    await stage.operator();
    await stage.apply(pizzeria, corner);
    await stage.settled('pizzeria');
    await stage.settled('corner');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const station = (name: string): Promise<Station & KubeObject> => stage.get<Station & KubeObject>(stations, name);

  describe('a node', () => {
    it('makes a station whole after a node dies, with as many pods as were lost', async () => {
      const lost = stage.census.running('corner-counter').filter(({ node }) => node === 'zone-a-1').length;
      assert.equal(lost, 2);
      const watching = stage.census.begin('corner-counter');
      await stage.cluster.kill('node', 'zone-a-1');
      await stage.until('the station is whole', () => {
        const elsewhere = stage.census.running('corner-counter').filter(({ node }) => node !== 'zone-a-1');
        assert.equal(elsewhere.length, 6);
      });
      await stage.until('the dead node’s pods are handed over', async () => {
        const going = stage.census.pods('corner-counter').filter(({ node }) => node === 'zone-a-1');
        assert.deepEqual(
          going.map(({ deleting }) => deleting),
          [true, true],
        );
        assert.deepEqual(await deploymentsOf(stage, 'corner-counter'), [['corner-counter-zone-a', 6]]);
      });
      await stage.settled('corner');
      await stage.until('the other Kitchen’s lost pods are handed over, too', async () => {
        const told = (await deploymentsOf(stage, 'pizzeria-grill')).map(([, replicas]) => replicas);
        assert.deepEqual(told, [3, 3, 3]);
        const left = stage.census.pods('pizzeria-grill').filter(({ deleting }) => !deleting);
        assert.ok(left.every(({ node }) => node !== 'zone-a-1'));
      });
      // What was made just when it died may have been sent there.
      assert.equal(
        watching.made(({ node }) => node !== 'zone-a-1'),
        lost,
      );
      assert.equal(watching.least(), 4);
    });

    it('says in between what was done and why', async () => {
      await stage.until('it tells of both decisions', async () => {
        const { status } = await station('corner-counter');
        const grown = status?.decisions?.find(({ what }) => what === 'grow zone-a from 6 to 8');
        assert.match(grown?.why ?? '', /2 pods will not stay \(zone-a-1 is lost\)/);
        assert.ok(status?.decisions?.some(({ what }) => what === 'shrink zone-a from 8 to 6'));
      });
    });

    it('changes nothing when the node comes back', async () => {
      const watching = stage.census.begin('corner-counter');
      await stage.cluster.heal('node', 'zone-a-1');
      await stage.until('the pods that were given up are gone', () =>
        assert.equal(stage.census.pods('corner-counter').length, 6),
      );
      await stage.settled('corner');
      assert.equal(stage.census.running('corner-counter').length, 6);
      assert.equal(watching.made(), 0);
      assert.equal(watching.least(), 6);
    });
  });

  describe('a zone', () => {
    let dark: ReadonlySet<string> = new Set();

    it('serves demand while a zone is dead', async () => {
      const watching = stage.census.begin('pizzeria-grill');
      const inZone = stage.census.running('pizzeria-grill').filter(({ zone }) => zone === 'zone-b');
      dark = new Set(inZone.map(({ uid }) => uid));
      assert.equal(dark.size, 3);
      await stage.cluster.kill('zone', 'zone-b');
      await stage.until('the other zones serve one more than demand, and the dead one nothing', () => {
        const serving = stage.census.running('pizzeria-grill').map(({ zone }) => zone);
        const elsewhere = serving.filter((zone) => zone !== 'zone-b');
        assert.deepEqual([elsewhere.length, serving.length], [7, 7]);
      });
      // New pods may be Ready before Kubernetes has told the dead ones.
      assert.ok(watching.least() >= 6, `it fell to ${watching.least()}`);
      // Its nodes are not seen to die all at once: the first may still be replaced in their own zone, and while most but
      // not all are seen to be dead, in the others.
      const elsewhere = watching.made(({ zone }) => zone !== 'zone-b');
      const { status } = await station('pizzeria-grill');
      assert.ok(elsewhere <= dark.size, `${elsewhere} made: ${JSON.stringify(status?.decisions)}`);
    });

    it('says which zone is down, and that no other may go', async () => {
      await stage.until('status tells of the dead zone', async () => {
        const { status } = await station('pizzeria-grill');
        assert.equal(status?.survives, '0 more zones, zone-b is down');
        assert.match(
          holds({ status }, 'Survivable', { status: 'False', reason: 'Cannot' }),
          /^zone-b is down: of 1 declared/,
        );
        holds({ status }, 'Available', { status: 'True' });
        assert.match(holds({ status }, 'Ready', { status: 'False', reason: 'NotSurvivable' }), /zone-b is down/);
        assert.equal(status?.zones?.find(({ name }) => name === 'zone-b')?.state, 'Lost');
        const kitchen = await stage.get<Kitchen & KubeObject>(kitchens, 'pizzeria');
        assert.match(holds(kitchen, 'Survivable', { status: 'False' }), /grill: zone-b is down/);
        holds(kitchen, 'Available', { status: 'True' });
        assert.equal(kitchen.status?.survives, '0 more zones, zone-b is down');
      });
    });

    it('leaves the dead zone’s pods where they are, for when it comes back', async () => {
      const there = stage.census.pods('pizzeria-grill').filter(({ deleting }) => !deleting);
      assert.deepEqual(
        there
          .filter(({ uid }) => dark.has(uid))
          .map(({ uid }) => uid)
          .toSorted(),
        [...dark].toSorted(),
      );
      const watching = stage.census.begin('pizzeria-grill');
      await stage.cluster.heal('zone', 'zone-b');
      await stage.until('the zone serves again, and another may go', async () => {
        assert.ok(stage.census.running('pizzeria-grill').length >= 9);
        const { status } = await station('pizzeria-grill');
        assert.match(status?.survives ?? '', /^1 zone/);
        holds({ status }, 'Survivable', { status: 'True' });
      });
      assert.ok(watching.least() >= 6);
    });
  });
});
