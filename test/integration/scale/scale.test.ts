import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { horizontalPodAutoscalers } from '../../../operator/api/kubernetes/resource.ts';
import { fieldManagers } from '../../../operator/api/labels.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { Station } from '../../../operator/api/station.ts';
import { whyText } from '../../../operator/cli/why.ts';
import { writesOf } from '../operator/audit.ts';
import { aKitchen, aStation } from '../operator/kitchens.ts';
import { holds } from '../operator/said.ts';
import { namespace, openStage, operatorUser } from '../operator/stage.ts';
import type { Stage } from '../operator/stage.ts';
import { startFakeMetrics } from './fakeMetrics.ts';
import type { FakeMetrics } from './fakeMetrics.ts';

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
} as const;
const scale = {
  minReplicas: 2,
  maxReplicas: 20,
  metrics: [cpu],
  // Short, so that what it holds is let go within a test.
  behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
};
/** 70 % of what a pod asks for is 0.49 cores. */
const resources = { requests: { cpu: '700m' } };
const grill = aStation({ name: 'grill', scale, resources });

describe('demand that follows load', function () {
  this.timeout(900_000);
  let stage: Stage;
  let fake: FakeMetrics;

  /** Pods that are Ready on nodes that live in truth: a dead one's share goes to them at once. */
  const carriers = (): ReadonlyMap<string, Readonly<Record<string, string>>> =>
    new Map(stage.census.running('pizzeria-grill').map(({ name }) => [name, { 'kitchen.dev/station': 'grill' }]));

  before(async () => {
    stage = await openStage({ nodes: 3, audit: true, values: ['scale.resourceMetrics=true', 'suspectAfter=25s'] });
    fake = await startFakeMetrics(carriers);
    fake.cores = 0.9;
    await stage.operator();
    await stage.apply(...fake.objects);
    await stage.apply(aKitchen('pizzeria', { survive: { zones: 1 }, stations: [grill] }));
  });
  after(async () => {
    await stage?.[Symbol.asyncDispose]();
    await fake?.[Symbol.asyncDispose]();
  });

  const station = (): Promise<Station & KubeObject> => stage.get<Station & KubeObject>(stations, 'pizzeria-grill');

  /** Waits until demand is served, zone losses included; returns the Station. */
  function demands(demand: number): Promise<Station & KubeObject> {
    return stage.until(`demand is ${demand}, and served`, async () => {
      const now = await station();
      assert.deepEqual([now.spec.replicas, now.status?.demand, now.status?.load?.demand], [demand, demand, demand]);
      assert.ok(stage.census.running('pizzeria-grill').length >= demand);
      return now;
    });
  }

  async function events(reason: string): Promise<readonly string[]> {
    const text = await stage.kubectl('get', 'events', '--field-selector', `reason=${reason}`, '--output=json');
    const { items } = JSON.parse(text) as { items: readonly { message?: string; note?: string }[] };
    return items.map(({ message, note }) => note ?? message ?? '');
  }

  it('begins with minReplicas, and says so once load is known', async () => {
    const { status } = await demands(2);
    holds({ status }, 'Scaling', { status: 'True', reason: 'ValidMetric' });
    assert.equal(status?.scaledBy, 'scale');
    assert.equal(status?.target, 3);
  });

  it('rises with load, and the pods for a zone’s loss with it', async () => {
    fake.cores = 4.4;
    const now = await demands(9);
    assert.equal(now.status?.target, 14);
    const said = holds(now, 'Scaling', { status: 'True', reason: 'ValidMetric' });
    assert.equal(said, '9 = ⌈4.4 cores / (70 % of 700m)⌉');
    const [metric] = now.status?.load?.metrics ?? [];
    assert.deepEqual({ ...metric, age: '' }, { name: 'cpu', total: '4.4', target: '70 % of 700m', age: '' });
    assert.match(whyText(now), /9 = ⌈4\.4 cores \/ \(70 % of 700m\)⌉/);
    await stage.until('an event tells why', async () =>
      assert.match((await events('DemandScaled')).join('\n'), /to 9: 9 = ⌈4\.4 cores/),
    );
  });

  it('writes by the scale subresource, as a manager of its own', async () => {
    const { metadata } = await stage.client.get<KubeObject>({ resource: stations, namespace, name: 'pizzeria-grill' });
    const owners = (metadata.managedFields ?? []).filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:replicas']);
    assert.deepEqual(
      owners.map(({ manager, subresource }) => [manager, subresource]),
      [[fieldManagers.scale, 'scale']],
    );
  });

  it('writes nothing while load stays: counted over 60 s', async () => {
    await stage.settled('pizzeria');
    const writes = async (): Promise<readonly string[]> =>
      (await writesOf(operatorUser, stage.cluster.auditLog)).map(({ verb, path }) => `${verb} ${path}`);
    const begun = await stage.until('nothing was written for a while', async () => {
      const before = await writesOf(operatorUser, stage.cluster.auditLog);
      assert.ok(Date.now() - Date.parse(before.at(-1)?.time ?? '') > 12_000);
      return before.length;
    });
    // The one thing that is measured here is time.
    await pause(60_000);
    assert.deepEqual((await writes()).slice(begun), []);
  });

  it('takes a person’s demand back, and names who set it', async () => {
    await stage.kubectl('scale', 'stn/pizzeria-grill', '--replicas=3');
    await stage.until('an event names kubectl', async () =>
      assert.match(
        (await events('DemandOverruled')).join('\n'),
        /demand 3, set by kubectl, back to 9: 9 = ⌈4\.4 cores/,
      ),
    );
    await demands(9);
  });

  it('is right when a zone is lost and load grows by half', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.cluster.kill('zone', 'zone-b');
    fake.cores = 6.6;
    const now = await demands(14);
    assert.equal(holds(now, 'Scaling', { status: 'True' }), '14 = ⌈6.6 cores / (70 % of 700m)⌉');
    assert.ok(watching.least() >= 9);
    await stage.cluster.heal('zone', 'zone-b');
    await stage.settled('pizzeria');
    const told = (await events('DemandScaled')).join('\n');
    assert.doesNotMatch(told, /to (1[5-9]|20):/, 'the dead pods counted twice');
  });

  it('is held while load is not known, and says so', async () => {
    fake.isGone = true;
    const now = await stage.until('it says that load is not known', async () => {
      const seen = await station();
      holds(seen, 'Scaling', { status: 'False', reason: 'MetricsMissing' });
      return seen;
    });
    assert.equal(now.spec.replicas, 14);
    assert.match(holds(now, 'Scaling', { status: 'False' }), /^cpu: .*install metrics-server.*; demand stays 14$/);
  });

  it('lets a person set it meanwhile', async () => {
    await stage.kubectl('scale', 'stn/pizzeria-grill', '--replicas=16');
    await stage.until('it is served', () => assert.ok(stage.census.running('pizzeria-grill').length >= 16));
    assert.equal((await station()).spec.replicas, 16);
  });

  it('falls to what load asks for when load is known again, after the window', async () => {
    fake.isGone = false;
    fake.cores = 2.2;
    const now = await demands(5);
    holds(now, 'Scaling', { status: 'True', reason: 'ValidMetric' });
  });

  it('holds still beside an autoscaler, and goes on without it', async () => {
    await stage.apply({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'grill', namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', name: 'pizzeria-grill' },
        minReplicas: 7,
        maxReplicas: 7,
      },
    } as KubeObject);
    fake.cores = 8;
    await stage.until('it says who sets demand', async () => {
      const now = await station();
      assert.match(
        holds(now, 'Scaling', { status: 'False', reason: 'ScaledByAnother' }),
        /HorizontalPodAutoscaler grill/,
      );
      assert.deepEqual([now.status?.scaledBy, now.spec.replicas], ['HorizontalPodAutoscaler grill', 7]);
    });
    await stage.client.remove({ resource: horizontalPodAutoscalers, namespace, name: 'grill' });
    await demands(17);
  });
});
