import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments, podDisruptionBudgets, services } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import { writesOf } from './audit.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { deploymentsOf, holds } from './said.ts';
import { namespace, openStage, operatorUser } from './stage.ts';
import type { Stage } from './stage.ts';

const survive = { zones: 1 };
const zones = ['zone-a', 'zone-b', 'zone-c'];
const grill = aStation({ replicas: 4 });
const till = aStation({ name: 'till' });

describe('a Kitchen that changes', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ audit: true });
    await stage.operator();
    await stage.apply(aKitchen('pizzeria', { survive, stations: [grill, till] }));
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const station = (name: string): Promise<Station & KubeObject> => stage.get<Station & KubeObject>(stations, name);

  /** Names of all that is left of a Kitchen or one of its stations. */
  async function left(prefix: string): Promise<readonly string[]> {
    const lists = await Promise.all(
      [stations, deployments, services, podDisruptionBudgets].map((resource) => stage.list(resource)),
    );
    return lists.flat().flatMap(({ metadata: { name = '' } }) => (name.startsWith(prefix) ? [name] : []));
  }

  it('survives that somebody deletes a Station: its pods go on, and it is made again with the same demand', async () => {
    await stage.kubectl('scale', 'stn/pizzeria-till', '--replicas=3');
    await stage.until('three are served', async () => {
      assert.equal((await station('pizzeria-till')).status?.demand, 3);
      assert.equal(stage.census.running('pizzeria-till').length, 5);
    });
    await stage.settled('pizzeria');
    const before = await station('pizzeria-till');
    const watching = stage.census.begin('pizzeria-till');
    await stage.kubectl('delete', 'stn', 'pizzeria-till', '--wait=false');
    await stage.until('it is there again', async () => {
      const { metadata, spec, status } = await station('pizzeria-till');
      assert.notEqual(metadata.uid, before.metadata.uid);
      assert.equal(spec.replicas, 3);
      assert.deepEqual([status?.demand, status?.ready], [3, 5]);
    });
    await stage.settled('pizzeria');
    assert.deepEqual([watching.least(), watching.made()], [5, 0]);
  });

  it('moves a zone’s pods before it breaks them when the zone is taken out', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.apply(aKitchen('pizzeria', { survive, zones: ['zone-a', 'zone-b'], stations: [grill, till] }));
    await stage.until('the zone’s Deployments are gone', async () => {
      assert.deepEqual(await deploymentsOf(stage, 'pizzeria-grill'), [
        ['pizzeria-grill-zone-a', 4],
        ['pizzeria-grill-zone-b', 4],
      ]);
      assert.deepEqual(await deploymentsOf(stage, 'pizzeria-till'), [
        ['pizzeria-till-zone-a', 3],
        ['pizzeria-till-zone-b', 3],
      ]);
    });
    await stage.settled('pizzeria');
    const serving = new Set(stage.census.running('pizzeria-grill').map(({ zone }) => zone));
    assert.deepEqual([...serving].toSorted(), ['zone-a', 'zone-b']);
    assert.ok(watching.least() >= 6, `it fell to ${watching.least()}`);
    assert.equal(watching.made(), 4);
  });

  it('spreads over a zone again that is put back', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.apply(aKitchen('pizzeria', { survive, zones, stations: [grill, till] }));
    await stage.until('all three zones share', async () => {
      const shares = (await deploymentsOf(stage, 'pizzeria-grill')).map(([, replicas]) => replicas);
      assert.deepEqual(shares, [2, 2, 2]);
    });
    await stage.settled('pizzeria');
    assert.ok(watching.least() >= 6, `it fell to ${watching.least()}`);
    assert.equal(watching.made(), 2);
  });

  it('keeps a station that is renamed until it serves under its new name', async () => {
    const counter = aStation({ name: 'counter' });
    await stage.apply(aKitchen('pizzeria', { survive, zones, stations: [grill, counter] }));
    let isLetGoEarly = false;
    await stage.until('the old one is let go', async () => {
      const isThere = (await left('pizzeria-till')).includes('pizzeria-till');
      const { conditions = [] } = (await station('pizzeria-counter')).status ?? {};
      isLetGoEarly ||= !isThere && !conditions.some(({ type, status }) => type === 'Available' && status === 'True');
      assert.ok(!isThere);
    });
    assert.ok(!isLetGoEarly, 'it went before its successor served');
    await stage.apply(aKitchen('pizzeria', { survive, zones, stations: [grill, till] }));
    await stage.settled('pizzeria');
  });

  it('takes away all that belongs to a station no longer declared, and nothing else', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.apply(aKitchen('pizzeria', { survive, zones, stations: [grill] }));
    await stage.until('nothing of it is left', async () => {
      assert.deepEqual(await left('pizzeria-till'), []);
      assert.deepEqual(stage.census.pods('pizzeria-till'), []);
    });
    await stage.settled('pizzeria');
    assert.deepEqual([watching.least(), watching.made()], [6, 0]);
  });

  it('says while it is paused what it would do, and does nothing', async () => {
    await stage.apply(aKitchen('pizzeria', { survive, zones, paused: true, stations: [aStation({ replicas: 8 })] }));
    await stage.until('status tells what would be done', async () => {
      const { status } = await station('pizzeria-grill');
      assert.equal(status?.demand, 8);
      assert.match(holds({ status }, 'Progressing', { status: 'False', reason: 'Paused' }), /^paused: it would /);
      assert.ok(
        status?.waiting?.some((line) => line.startsWith('paused, would grow zone-a from 2 to 4: ')),
        JSON.stringify(status?.waiting),
      );
      holds(await stage.get<Kitchen & KubeObject>(kitchens, 'pizzeria'), 'Progressing', {
        status: 'False',
        reason: 'Paused',
      });
    });
    const writes = async (): Promise<readonly string[]> => {
      const all = await writesOf(operatorUser, stage.cluster.auditLog);
      return all
        .filter(({ resource }) => /^(deployments|services|pods|poddisruptionbudgets)/.test(resource))
        .map(({ path }) => path);
    };
    const before = (await writes()).length;
    const watching = stage.census.begin('pizzeria-grill');
    await stage.cluster.kill('node', 'zone-a-1');
    await stage.until('status tells of the dead node too', async () => {
      const { status } = await station('pizzeria-grill');
      assert.ok(
        status?.waiting?.some((line) => line.includes('zone-a-1 is lost')),
        JSON.stringify(status?.waiting),
      );
    });
    await stage.cluster.heal('node', 'zone-a-1');
    await stage.until('all run again, and the operator knows', async () => {
      assert.equal(stage.census.running('pizzeria-grill').length, 6);
      const { status } = await station('pizzeria-grill');
      assert.ok(!status?.waiting?.some((line) => line.includes('zone-a-1')), JSON.stringify(status?.waiting));
    });
    assert.deepEqual((await writes()).slice(before), []);
    assert.equal(watching.made(), 0);
    await stage.apply(aKitchen('pizzeria', { survive, zones, stations: [grill] }));
    await stage.settled('pizzeria');
    assert.equal(watching.made(), 0);
  });

  it('that is deleted takes its children with it, by owner reference and without a finalizer', async () => {
    const { metadata } = await stage.get<KubeObject>(kitchens, 'pizzeria');
    assert.equal(metadata.finalizers, undefined);
    await stage.client.remove({ resource: kitchens, namespace, name: 'pizzeria' });
    await stage.until('nothing of it is left', async () => {
      assert.deepEqual(await left('pizzeria'), []);
      assert.deepEqual(stage.census.pods('pizzeria-grill'), []);
    });
    const deletes = await writesOf(operatorUser, stage.cluster.auditLog);
    const own = deletes.filter(({ verb, path }) => verb.startsWith('delete') && path.includes('pizzeria-grill'));
    // The one Deployment that was taken out with its zone, be it at the second try, its status having changed at the first.
    const taken = new Set(own.map(({ path }) => path.split(/[/?]/).at(7)));
    assert.deepEqual([...taken], ['pizzeria-grill-zone-c']);
  });
});
