import assert from 'node:assert/strict';
import { ApiError } from '../../operator/kube/errors.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { meta } from '../builders/objects.ts';
import { aPod } from '../builders/podObjects.ts';
import { atNine, ScalerStage } from './scalerStage.ts';

const gone = new ApiError({
  code: 'unavailable',
  doing: 'listing pods.metrics.k8s.io in food',
  why: 'no endpoints',
  status: 503,
});
const forbidden = new ApiError({
  code: 'forbidden',
  doing: 'listing pods.metrics.k8s.io in food',
  why: 'may not',
  status: 403,
});

const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: meta({ name: 'grill', namespace: 'food' }),
  spec: {
    scaleTargetRef: { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', name: 'pizzeria-grill' },
    maxReplicas: 9,
  },
};

describe('the scaler', () => {
  it('sets demand by what pods use, once, and says why', async () => {
    const stage = await atNine();
    assert.deepEqual(stage.written, [6, 9]);
    assert.equal(stage.view?.message, '9 = ⌈4.4 cores / (70 % of 700m)⌉');
    assert.deepEqual(stage.view?.load, {
      demand: 9,
      metrics: [{ name: 'cpu', total: '4.4', target: '70 % of 700m', age: '2s' }],
    });
    const last = stage.events.at(-1);
    assert.deepEqual(
      [last?.type, last?.reason, last?.note],
      ['Normal', 'DemandScaled', 'demand 6 to 9: 9 = ⌈4.4 cores / (70 % of 700m)⌉ [abc]'],
    );
    const told = stage.news.length;
    await stage.pass(600);
    assert.deepEqual([stage.written.length, stage.news.length], [2, told]);
  });

  it('says that the window holds demand, and does not repeat it with the noise of load', async () => {
    const stage = await atNine();
    await stage.pass(320);
    stage.cores = 3.9;
    await stage.pass(20);
    assert.deepEqual([stage.demand, stage.view?.load?.limitedBy], [9, 'Window']);
    assert.match(stage.view?.message ?? '', /; the window holds 9 until \d\d:\d\d UTC$/);
    const told = stage.news.length;
    for (let turn = 0; turn < 30; turn += 1) {
      stage.cores = turn % 2 === 0 ? 4.2 : 3.9;
      await stage.pass(60);
    }
    assert.equal(stage.demand, 9);
    assert.ok(stage.news.length - told <= 6, String(stage.news.length - told));
  });

  it('sets demand by a gauge of the pods, and by a total from outside: the most that any asks for', async () => {
    const stage = new ScalerStage();
    const target = { type: 'AverageValue', averageValue: 8 } as const;
    const inFlight = { type: 'Pods', pods: { metric: { name: 'in_flight' }, target, port: 8080 } } as const;
    const orders = { type: 'External', external: { metric: { name: 'orders' }, target } } as const;
    stage.put({ scale: { maxReplicas: 20, metrics: [inFlight, orders] } });
    stage.run(4);
    [stage.inFlight, stage.orders] = [42, 10];
    await stage.pass(40);
    assert.deepEqual([stage.demand, stage.view?.message], [6, '6 = ⌈42 in_flight / 8⌉']);
    stage.orders = 70;
    await stage.pass(40);
    assert.deepEqual([stage.demand, stage.view?.message], [9, '9 = ⌈70 orders / 8⌉']);
    stage.inFlight = undefined;
    stage.orders = 0;
    await stage.pass(600);
    assert.deepEqual([stage.demand, stage.view?.reason], [9, 'MetricsMissing']);
    assert.match(stage.view?.message ?? '', /^in_flight: .*port 8080\/metrics: no answer; /);
    stage.inFlight = 0;
    await stage.pass(320);
    assert.deepEqual([stage.demand, stage.view?.load?.limitedBy], [1, 'Min']);
  });

  it('looks at nothing that it is not asked for: without scale, paused, or being deleted', async () => {
    for (const parts of [
      { scale: undefined },
      { paused: true },
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
    ]) {
      const stage = new ScalerStage();
      stage.run(4);
      stage.put(parts);
      await stage.pass(60);
      assert.deepEqual([stage.written, stage.view], [[], undefined]);
    }
  });

  it('waits until its own write is seen, and takes it for no one else’s', async () => {
    const stage = new ScalerStage();
    stage.run(4);
    stage.isSeen = false;
    await stage.pass(10);
    assert.deepEqual(stage.written, [6]);
    stage.isSeen = true;
    stage.put({ replicas: 6 });
    await stage.pass(20);
    assert.deepEqual(stage.written, [6, 9]);
    assert.ok(stage.events.every(({ reason }) => reason === 'DemandScaled'));
  });

  it('writes again when the Station has changed meanwhile, or the API server failed', async () => {
    const stage = new ScalerStage();
    stage.run(4);
    await stage.pass(2);
    stage.refuses = new ApiError({ code: 'conflict', doing: 'setting', why: 'changed', status: 409 });
    await stage.pass(2);
    assert.deepEqual(stage.written, []);
    stage.refuses = gone;
    await stage.pass(2);
    assert.deepEqual(stage.written, []);
    await stage.pass(8);
    assert.deepEqual(stage.written, []);
    await stage.pass(2);
    assert.deepEqual(stage.written, [6]);
  });

  it('takes back what a person set, and names who did', async () => {
    const stage = await atNine();
    const managedFields = [
      { manager: 'kubectl', operation: 'Update', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ];
    stage.put({ replicas: 3, metadata: { managedFields } as never });
    await stage.pass(2);
    assert.equal(stage.demand, 9);
    const last = stage.events.at(-1);
    assert.deepEqual([last?.type, last?.reason], ['Warning', 'DemandOverruled']);
    assert.match(last?.note ?? '', /^demand 3, set by kubectl, back to 9: 9 = /);
  });

  it('holds demand while load is not known, says so after 30 s, and lets a person set it meanwhile', async () => {
    const stage = await atNine();
    stage.fails = gone;
    await stage.pass(80);
    assert.equal(stage.view?.reason, 'ValidMetric');
    await stage.pass(40);
    assert.deepEqual([stage.demand, stage.view?.reason], [9, 'MetricsMissing']);
    assert.match(stage.view?.message ?? '', /^cpu: listing .*no endpoints: install metrics-server.*; demand stays 9$/);
    stage.put({ replicas: 12 });
    await stage.pass(60);
    assert.equal(stage.demand, 12);
    stage.fails = undefined;
    await stage.pass(290);
    assert.equal(stage.demand, 12);
    await stage.pass(30);
    assert.deepEqual([stage.demand, stage.view?.reason], [9, 'ValidMetric']);
  });

  it('does not take pods for silent that started just before nothing could be read any more', async () => {
    const stage = await atNine();
    stage.run(9);
    stage.silent = 5;
    await stage.pass(20);
    stage.fails = gone;
    await stage.pass(200);
    assert.deepEqual([stage.demand, stage.written], [9, [6, 9]]);
  });

  it('does not take the pods of a node for silent that was suspect for long, and is trusted again', async () => {
    const stage = await atNine();
    stage.putObject(aNode({ name: 'node-b1', zone: 'zone-b' }), aPod({ name: 'late', node: 'node-b1' }));
    stage.suspects.set('node-b1', 0);
    await stage.pass(100);
    stage.suspects.clear();
    await stage.pass(14);
    assert.deepEqual(stage.written, [6, 9]);
  });

  it('says at once what it may not read, and what cannot be: with the cure', async () => {
    const stage = new ScalerStage();
    stage.run(4);
    stage.fails = forbidden;
    await stage.pass(4);
    assert.equal(stage.view?.reason, 'NotPermitted');
    assert.match(stage.view?.message ?? '', /in the chart: scale\.resourceMetrics/);
    stage.put({ template: { spec: { containers: [{ name: 'grill', image: 'g:1' }] } } });
    await stage.pass(2);
    assert.equal(stage.view?.reason, 'InvalidMetric');
    assert.match(stage.view?.message ?? '', /no container of the template requests cpu: give it a request/);
    assert.deepEqual(stage.written, []);
  });

  it('is not alarmed by pods that have no value yet, and calls frozen ones stale', async () => {
    const stage = new ScalerStage();
    await stage.pass(60);
    assert.equal(stage.view, undefined);
    const begun = await atNine();
    const frozen = begun.clock.now();
    begun.clock.now = () => frozen;
    await begun.pass(110);
    assert.deepEqual([begun.demand, begun.view?.reason], [9, 'MetricsStale']);
  });

  it('holds still beside an autoscaler, and begins again without it, from the demand that is there', async () => {
    const stage = await atNine();
    stage.putObject(autoscaler);
    stage.cores = 0.5;
    await stage.pass(600);
    assert.deepEqual([stage.demand, stage.view?.reason], [9, 'ScaledByAnother']);
    assert.match(stage.view?.message ?? '', /HorizontalPodAutoscaler grill sets demand, so scale holds still/);
    stage.put({ replicas: 7 });
    stage.dropObject(autoscaler);
    await stage.pass(290);
    assert.equal(stage.demand, 7);
    await stage.pass(20);
    assert.equal(stage.demand, 2);
  });

  it('begins again for a Station that was made again', async () => {
    const stage = await atNine();
    stage.put({ replicas: 15, metadata: { uid: 'uid-another' } });
    await stage.pass(280);
    assert.equal(stage.demand, 15);
  });

  it('measures what load asks for, and no more once it is gone', async () => {
    const stage = await atNine();
    const series = async (): Promise<string> => (await stage.metrics.read()).body;
    const labels = '{namespace="food",kitchen="pizzeria",station="grill"}';
    assert.match(await series(), new RegExp(`kitchen_station_load_pods${labels} 9`));
    assert.match(await series(), new RegExp(`kitchen_station_load_known${labels} 1`));
    stage.put({ scale: undefined });
    await stage.pass(2);
    assert.doesNotMatch(await series(), /kitchen_station_load_\w+\{/);
  });
});
