import assert from 'node:assert/strict';

import type { Kitchen, KitchenStatus } from '../../../operator/api/kitchen.ts';
import type { StepResult } from '../../../operator/apply/result.ts';
import type { EventNote } from '../../../operator/kube/events.ts';
import { kitchens } from '../../../operator/api/resources.ts';
import { planKitchen } from '../../../operator/plan/kitchen/planKitchen.ts';
import type { KitchenStep } from '../../../operator/model/kitchenPlan.ts';
import type { KitchenFacts } from '../../../operator/report/kitchen/status.ts';
import { reportKitchen } from '../../../operator/report/kitchen/report.ts';
import type { Reporting } from '../../../operator/report/reporting.ts';
import type { FakeClient } from '../../builders/fakeClient.ts';
import { aReporting } from '../../builders/reporting.ts';
import type { StationStatus } from '../../../operator/api/station.ts';
import {
  aCondition,
  aDeclaredView,
  aKitchenSnapshot,
  aStationStatus,
  conditionsWith,
  heldStation,
} from '../../builders/kitchenSnapshot.ts';
import { FakeClock } from '../../builders/fakeClock.ts';

describe('reporting on a Kitchen', () => {
  let client: FakeClient;
  let events: EventNote[];
  let logged: string[];
  let reporting: Reporting;

  beforeEach(() => {
    ({ client, events, logged, reporting } = aReporting());
    const { metadata } = aKitchenSnapshot().kitchen;
    client.put({ resource: kitchens, namespace: metadata.namespace ?? '', name: metadata.name }, { metadata });
  });

  function pruned(station: string): StepResult<KitchenStep> {
    const step = {
      kind: 'pruneStation',
      station,
      namespace: 'food',
      objects: [],
      why: 'it is declared no more',
    } as const;
    return { step, outcome: 'done', object: undefined };
  }

  function facts(...results: readonly StepResult<KitchenStep>[]): KitchenFacts {
    const snapshot = aKitchenSnapshot();
    return { snapshot, plan: planKitchen(snapshot), results };
  }

  const notes = (): readonly string[] => events.map(({ note }) => note);
  const written = (): KitchenStatus | undefined =>
    ([...client.objects.values()][0] as unknown as Kitchen | undefined)?.status;

  it('tells of each step by one id in log and event, and sends one event for all', async () => {
    await reportKitchen(facts(pruned('grill'), pruned('till')), reporting);
    const told = [
      'take away Station grill: it is declared no more [id1]',
      'take away Station till: it is declared no more [id2]',
    ];
    assert.deepEqual(logged, told);
    assert.deepEqual(notes(), [told.join('; ')]);
    assert.equal(written()?.stations, aKitchenSnapshot().stations.length);
  });

  it('says the least that its stations survive as numbers and in words, once each of them has', async () => {
    const { kitchen } = aKitchenSnapshot();
    const looked = (over: StationStatus): KitchenFacts => {
      const object = heldStation(kitchen, 'grill', { status: aStationStatus(over) });
      const snapshot = aKitchenSnapshot({ kitchen, stations: [aDeclaredView({ object })] });
      return { snapshot, plan: planKitchen(snapshot), results: [] };
    };
    const survival = { pods: 3, nodes: 2, zones: 0, short: 0, lostZones: ['zone-b'] };
    await reportKitchen(looked({ survives: '2 nodes', survival: undefined }), reporting);
    assert.deepEqual([written()?.survives, written()?.survival], [undefined, undefined]);
    await reportKitchen(looked({ survives: 'words that nobody reads', survival }), reporting);
    assert.equal(written()?.survives, '0 more zones, 2 nodes, zone-b is down');
    assert.deepEqual(written()?.survival, survival);
  });

  it('keeps events until the status was written, ten at most', async () => {
    for (let fault = 0; fault < 12; fault++) {
      client.failNext('apply', 'status', { code: 'unavailable' });
      assert.equal((await reportKitchen(facts(pruned(`s${fault}`)), reporting)).told, false);
    }
    assert.deepEqual(events, []);
    await reportKitchen(facts(), reporting);
    assert.equal(events.length, 1);
    assert.match(notes()[0] ?? '', /^take away Station s2: .* \[id3\]; .* \[id12\]$/);
    assert.equal(reporting.untold.size, 0);
    await reportKitchen(facts(), reporting);
    assert.equal(events.length, 1);
  });

  it('sums up once what its stations tell one after another, and what a person must know at once', async () => {
    const { kitchen } = aKitchenSnapshot();
    const clock = new FakeClock();
    const looked = (over: StationStatus): KitchenFacts => {
      const object = heldStation(kitchen, 'grill', { status: aStationStatus(over) });
      const snapshot = aKitchenSnapshot({
        kitchen: { ...kitchen, status: written() ?? {} },
        stations: [aDeclaredView({ object })],
      });
      return { snapshot, plan: planKitchen(snapshot), results: [] };
    };
    const survival = { pods: 3, nodes: 2, zones: 0, short: 0, lostZones: [] };
    const gathering = { ...reporting, clock };
    await reportKitchen(looked({ survival }), gathering);
    assert.deepEqual(await reportKitchen(looked({ survival: { ...survival, pods: 2 } }), gathering), {
      told: 'later',
      lookAgainMs: 10_000,
    });
    await clock.advance(10_000);
    assert.deepEqual(await reportKitchen(looked({ survival: { ...survival, pods: 1 } }), gathering), { told: true });
    assert.deepEqual([written()?.survival?.pods, client.writes.length], [1, 2]);
    const conditions = conditionsWith(aCondition('Available', 'False'));
    assert.deepEqual(await reportKitchen(looked({ survival, conditions }), gathering), { told: true });
  });

  it('warns of a status that cannot be written, unless the picture was old', async () => {
    client.failNext('apply', 'status', { code: 'forbidden', doing: 'writing the status', why: 'no right' });
    client.failNext('apply', 'status', { code: 'conflict' });
    await reportKitchen(facts(), reporting);
    await reportKitchen(facts(), reporting);
    assert.deepEqual(logged, ['warn writing the status: no right']);
  });
});
