import assert from 'node:assert/strict';

import type { StepResult } from '../../../operator/apply/result.ts';
import type { EventNote } from '../../../operator/kube/events.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { Plan, Step } from '../../../operator/model/plan.ts';
import { reportStation } from '../../../operator/report/station/report.ts';
import type { Reporting } from '../../../operator/report/reporting.ts';
import type { StationFacts } from '../../../operator/report/station/facts.ts';
import type { Station, StationStatus } from '../../../operator/api/station.ts';
import type { FakeClient } from '../../builders/fakeClient.ts';
import { aReporting } from '../../builders/reporting.ts';
import { FakeClock } from '../../builders/fakeClock.ts';
import { aGrowStep, aPlan } from '../../builders/plan.ts';
import { aDeploymentView, aSnapshot, aZone, podViews } from '../../builders/snapshot.ts';

const statusPath = '/apis/kitchen.dev/v1alpha1/namespaces/food/stations/pizzeria-grill';

describe('reporting on a station', () => {
  let client: FakeClient;
  let events: EventNote[];
  let logged: string[];
  let reporting: Reporting;

  beforeEach(() => {
    ({ client, events, logged, reporting } = aReporting());
    const { metadata } = aSnapshot().station;
    client.put({ resource: stations, namespace: 'food', name: 'pizzeria-grill' }, { metadata });
  });

  const grown: StepResult<Step> = { step: aGrowStep(), outcome: 'done', object: undefined };

  function facts(results: readonly StepResult<Step>[], status?: StationStatus): StationFacts {
    const zones = [aZone({ deployment: aDeploymentView({ replicas: 7 }), pods: podViews(7) })];
    const snapshot = aSnapshot({ zones, ...(status === undefined ? {} : { station: { status } }) });
    return { snapshot, plan: aPlan(), results };
  }

  const written = (): StationStatus | undefined => (client.objects.get(statusPath) as unknown as Station).status;

  it('tells a decision by one id in log, status and event', async () => {
    await reportStation(facts([grown]), reporting);
    assert.deepEqual(logged, ['grow zone-a from 2 to 3: a pod will not stay [id1]']);
    assert.deepEqual(
      written()?.decisions?.map(({ id, what, why }) => [id, what, why]),
      [['id1', 'grow zone-a from 2 to 3', 'a pod will not stay']],
    );
    assert.deepEqual(
      events.map(({ reason, note }) => [reason, note]),
      [['ZoneGrown', 'grow zone-a from 2 to 3: a pod will not stay [id1]']],
    );
  });

  it('writes the status as its own manager, to the object that was looked at', async () => {
    await reportStation(facts([]), reporting);
    const [call] = client.calls;
    assert.deepEqual(
      [call?.verb, call?.path, call?.manager],
      ['apply', `${statusPath}/status`, 'kitchen-operator-status'],
    );
    client.put({ resource: stations, namespace: 'food', name: 'pizzeria-grill' }, { metadata: { uid: 'another' } });
    assert.equal((await reportStation(facts([]), reporting)).told, false);
  });

  it('writes nothing when nothing changed, in whatever order the lists come back', async () => {
    await reportStation(facts([]), reporting);
    const status = written();
    const reordered = { ...status, conditions: status?.conditions?.toReversed() ?? [] };
    await reportStation(facts([], reordered), reporting);
    assert.equal(client.writes.length, 1);
    assert.deepEqual(events, []);
  });

  describe('figures and words alone', () => {
    const clock = new FakeClock();
    /** A look at so many pods, with one to spare beyond what is declared. */
    const seen = (pods: number): StationFacts => {
      const zones = [aZone({ deployment: aDeploymentView({ replicas: 7 }), pods: podViews(pods) })];
      return { snapshot: aSnapshot({ zones, station: { status: written() ?? {} } }), plan: aPlan(), results: [] };
    };

    it('wait for a second, and are told once for all that followed', async () => {
      const gathering = { ...reporting, clock };
      await reportStation(facts([]), gathering);
      assert.deepEqual(await reportStation(seen(8), gathering), { told: 'later', lookAgainMs: 1_000 });
      await clock.advance(600);
      assert.deepEqual(await reportStation(seen(9), gathering), { told: 'later', lookAgainMs: 400 });
      await clock.advance(400);
      assert.deepEqual(await reportStation(seen(9), gathering), { told: true });
      assert.deepEqual([written()?.ready, client.writes.length], [9, 2]);
    });

    it('are not told where they were so for less than a second', async () => {
      const gathering = { ...reporting, clock };
      await reportStation(facts([]), gathering);
      await reportStation(seen(8), gathering);
      assert.deepEqual(await reportStation(seen(7), gathering), { told: true });
      assert.equal(client.writes.length, 1);
      assert.equal(reporting.untold.size, 0);
    });

    it('do not wait when demand is not served any more', async () => {
      const gathering = { ...reporting, clock };
      await reportStation(facts([]), gathering);
      assert.deepEqual(await reportStation(seen(5), gathering), { told: true });
      assert.equal(client.writes.length, 2);
    });
  });

  describe('while a station is under way', () => {
    const clock = new FakeClock();
    const survival = { ...aPlan().survival, worst: 'losing zone-b leaves 5 of 6' };
    const waits = [{ what: 'hand over', why: 'one pod is starting', lookAgainMs: undefined }];
    const look = (over: Partial<Plan>, results: StationFacts['results'] = []): ReturnType<typeof reportStation> => {
      const now = facts(results, written());
      return reportStation({ ...now, plan: { ...now.plan, ...over } }, { ...reporting, clock });
    };

    it('tells what came and went within a few seconds as one status and one event', async () => {
      await look({});
      assert.deepEqual(await look({ survival, waits }, [grown]), { told: 'later', lookAgainMs: 10_000 });
      await clock.advance(2_000);
      assert.deepEqual(await look({ waits }, [grown]), { told: 'later', lookAgainMs: 8_000 });
      await clock.advance(500);
      assert.deepEqual(await look({}), { told: 'later', lookAgainMs: 1_000 }, 'others may follow what has settled');
      await clock.advance(1_000);
      assert.deepEqual(await look({}), { told: true });
      assert.deepEqual([client.writes.length, logged.length], [2, 2]);
      assert.deepEqual(
        events.map(({ type, reason, note }) => [type, reason, note.match(/\[id\d\]/g)]),
        [['Normal', 'ZoneGrown', ['[id1]', '[id2]']]],
      );
    });

    it('warns after 10 s that what is declared is not survived yet, and says when it is again', async () => {
      await look({});
      await look({ survival, waits });
      await clock.advance(10_000);
      assert.deepEqual(await look({ survival, waits }), { told: true });
      await clock.advance(1_000);
      assert.deepEqual(await look({}), { told: true });
      assert.deepEqual(
        events.map(({ type, reason }) => `${type} ${reason}`),
        ['Warning Restoring', 'Normal AsDeclared'],
      );
    });

    it('warns at once of what it cannot mend', async () => {
      await look({});
      const problems = [{ kind: 'NoRoom', message: 'add nodes', reason: 'Unschedulable' }] as const;
      assert.deepEqual(await look({ survival, waits, problems }), { told: true });
      assert.deepEqual(
        events.map(({ type, reason }) => `${type} ${reason}`),
        ['Warning NoRoom', 'Warning Unschedulable'],
      );
    });
  });

  it('sends no event before the status tells of it, and tells of it next time', async () => {
    client.failNext('apply', 'status', { code: 'unavailable' });
    const reported = await reportStation(facts([grown]), reporting);
    assert.equal(reported.told, false);
    assert.deepEqual(events, []);
    await reportStation(facts([]), reporting);
    assert.deepEqual(
      written()?.decisions?.map(({ id }) => id),
      ['id1'],
    );
    assert.equal(events.length, 1);
    assert.equal(reporting.untold.size, 0);
  });

  it('writes steps before words: a status waits while stations wait, for 10 s at most', async () => {
    const clock = new FakeClock();
    const behind = { ...reporting, clock, isBehind: () => true };
    assert.deepEqual(await reportStation(facts([grown]), behind), { told: 'later', lookAgainMs: 10_000 });
    await clock.advance(9_000);
    assert.deepEqual(await reportStation(facts([]), behind), { told: 'later', lookAgainMs: 1_000 });
    assert.deepEqual([client.writes.length, events.length, logged.length], [0, 0, 1]);
    await clock.advance(1_000);
    assert.deepEqual(await reportStation(facts([]), behind), { told: true });
    assert.deepEqual(
      [written()?.decisions?.map(({ id }) => id), events.map(({ reason }) => reason)],
      [['id1'], ['ZoneGrown']],
    );
  });

  it('lets nothing wait that was reported already', async () => {
    await reportStation(facts([]), reporting);
    const behind = { ...reporting, isBehind: () => true };
    assert.deepEqual(await reportStation(facts([], written()), behind), { told: true });
    assert.equal(reporting.untold.size, 0);
  });

  it('warns of a status that cannot be written, unless the picture was old', async () => {
    client.failNext('apply', 'status', { code: 'forbidden', doing: 'writing the status', why: 'no right' });
    await reportStation(facts([]), reporting);
    assert.deepEqual(logged, ['warn writing the status: no right']);
    client.failNext('apply', 'status', { code: 'conflict' });
    client.failNext('apply', 'status', { code: 'notFound' });
    await reportStation(facts([]), reporting);
    await reportStation(facts([]), reporting);
    assert.equal(logged.length, 1);
  });

  it('tells of a step that failed and still writes the status', async () => {
    const error = new Error('down');
    const trouble: StepResult<Step> = {
      step: aGrowStep(),
      outcome: 'trouble',
      message: 'down',
      error,
      retryAfterMs: undefined,
    };
    await reportStation(facts([trouble]), reporting);
    assert.deepEqual(logged, ['warn down']);
    assert.equal(written()?.conditions?.find(({ type }) => type === 'Ready')?.reason, 'Trouble');
  });

  it('warns by an event when what is declared is no longer survived', async () => {
    await reportStation(facts([]), reporting);
    const now = facts([], written());
    const survival = { ...now.plan.survival, worst: 'losing zone-b leaves 5 of 6' };
    await reportStation({ ...now, plan: { ...now.plan, survival } }, reporting);
    assert.deepEqual(
      events.map(({ type, reason, note }) => [type, reason, note]),
      [['Warning', 'Cannot', 'losing zone-b leaves 5 of 6']],
    );
  });

  it('measures the station until it is gone', async () => {
    await reportStation(facts([]), reporting);
    const labels = '{namespace="food",kitchen="pizzeria",station="grill"}';
    const { body } = await reporting.metrics.read();
    for (const line of ['demand', 'target', 'ready', 'surplus', 'margin', 'survivable'])
      assert.match(body, new RegExp(`kitchen_station_${line}\\{`));
    assert.ok(body.includes(`kitchen_station_margin${labels} 1\n`));
    reporting.metrics.stationGone({ namespace: 'food', kitchen: 'pizzeria', station: 'grill' });
    assert.ok(!(await reporting.metrics.read()).body.includes(labels));
  });
});
