import { stationRules } from '../../operator/apply/station/steps.ts';
import assert from 'node:assert/strict';

import { applyPlan } from '../../operator/apply/applyPlan.ts';
import type { Applying } from '../../operator/apply/applyPlan.ts';
import { LastLooks } from '../../operator/apply/freshly.ts';
import { Refusals, refusedForMs } from '../../operator/apply/refusals.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { deployments, pods } from '../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../operator/api/kubernetes/resource.ts';
import type { ApiErrorDetails } from '../../operator/kube/errors.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import type { Plan, Step } from '../../operator/model/plan.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aGrowStep, anIntent, aPlan, aShrinkStep } from '../builders/plan.ts';

const deploymentPath = '/apis/apps/v1/namespaces/food/deployments/pizzeria-grill-zone-a';
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const zone = 'zone-a' as ZoneName;

describe('applying a plan', () => {
  let client: FakeClient;
  let clock: FakeClock;
  let learned: [Resource, KubeObject][];
  let again: () => Promise<Plan | undefined>;
  let applying: Applying<Plan>;

  beforeEach(() => {
    client = new FakeClient();
    clock = new FakeClock();
    learned = [];
    again = async () => undefined;
    applying = {
      client,
      learn: (resource, object) => learned.push([resource, object]),
      clock,
      refusals: new Refusals(),
      lastLooks: new LastLooks(clock),
      owner: { uid: 'uid-grill', generation: 1 },
      place: { namespace: 'food', name: 'pizzeria-grill' },
      lookAgain: () => again(),
    };
  });

  const outcomes = async (...steps: readonly Step[]): Promise<readonly string[]> =>
    (await applyPlan(aPlan({ steps }), stationRules, applying)).map(({ outcome }) => outcome);

  it('applies the intent as it is, as the owner of its fields, and lets the store learn the answer', async () => {
    const step = aGrowStep();
    assert.deepEqual(await outcomes(step), ['done']);
    const [call] = client.calls;
    assert.deepEqual([call?.path, call?.body, call?.manager], [deploymentPath, step.intent.body, 'kitchen-operator']);
    assert.deepEqual(call?.options, { ...(call?.options as object), force: true });
    assert.equal(learned[0]?.[0], deployments);
    assert.notEqual(learned[0]?.[1].metadata.resourceVersion, undefined);
  });

  it('ends the pass at the first step that fails', async () => {
    client.failNext('apply', 'zone-a', { code: 'unavailable', why: 'overloaded', retryAfterMs: 3000 });
    const results = await applyPlan(aPlan({ steps: [aGrowStep(), aGrowStep()] }), stationRules, applying);
    assert.deepEqual(
      results.map((result) => [result.outcome, result.outcome === 'trouble' && result.retryAfterMs]),
      [['trouble', 3000]],
    );
    assert.equal(client.writes.length, 1);
  });

  const verdicts = [
    ['conflict', 'stale'],
    ['alreadyExists', 'stale'],
    ['notFound', 'gone'],
    ['invalid', 'refused'],
    ['forbidden', 'refused'],
    ['timeout', 'trouble'],
  ] as const;
  for (const [code, outcome] of verdicts) {
    it(`takes ${code} as ${outcome}`, async () => {
      client.failNext('apply', 'zone-a', { code });
      assert.deepEqual(await outcomes(aGrowStep()), [outcome]);
    });
  }

  it('does not repeat what was refused until five minutes have passed', async () => {
    client.failNext('apply', 'zone-a', { code: 'invalid', why: 'image: Required value' });
    await outcomes(aGrowStep());
    const [again5] = await applyPlan(aPlan({ steps: [aGrowStep()] }), stationRules, applying);
    assert.match(again5?.outcome === 'refused' ? again5.message : '', /image: Required value/);
    assert.equal(client.writes.length, 1);
    await clock.advance(refusedForMs);
    assert.deepEqual(await outcomes(aGrowStep()), ['done']);
  });

  it('tries again what was refused when the station has changed', async () => {
    client.failNext('apply', 'zone-a', { code: 'invalid' });
    await outcomes(aGrowStep());
    applying = { ...applying, owner: { uid: 'uid-grill', generation: 2 } };
    assert.deepEqual(await outcomes(aGrowStep()), ['done']);
  });

  it('goes on after a refused step, now and while the refusal is remembered', async () => {
    const other = aGrowStep({ intent: anIntent({ name: 'pizzeria-grill-zone-b' }), zone: 'zone-b' as ZoneName });
    client.failNext('apply', 'zone-a', { code: 'invalid' });
    assert.deepEqual(await outcomes(aGrowStep(), other), ['refused', 'done']);
    assert.deepEqual(await outcomes(aGrowStep(), other), ['refused', 'done']);
  });

  it('grows a zone whose rollout was refused', async () => {
    client.failNext('apply', 'zone-a', { code: 'invalid' });
    await outcomes(aGrowStep({ kind: 'rollOut' }));
    assert.deepEqual(await outcomes(aGrowStep()), ['done']);
  });

  describe('what was forbidden', () => {
    const rights = ['patch', 'create'].map((verb) => ({
      verb,
      resource: deployments,
      namespace: 'food',
      name: 'pizzeria-grill-zone-a',
    }));
    const forbidden = { code: 'forbidden', why: 'it is forbidden', rights } as const;
    const mayWrite = (allowed: boolean): void =>
      void client.objects.set(reviews, { metadata: {}, status: { allowed } } as KubeObject);
    const refused = async (failure: Partial<ApiErrorDetails>) => {
      client.failNext('apply', 'zone-a', failure);
      const [result] = await applyPlan(aPlan({ steps: [aGrowStep()] }), stationRules, applying);
      assert.ok(result?.outcome === 'refused' && !result.remembered);
      return result;
    };
    const asked = (): readonly unknown[] =>
      client.calls.flatMap(({ verb, body }) => (verb === 'request' ? [(body as { spec: unknown }).spec] : []));

    it('is not permitted when the API server says that the operator lacks the right', async () => {
      mayWrite(false);
      const { reason, message } = await refused(forbidden);
      assert.deepEqual([reason, message], ['NotPermitted', 'calling: it is forbidden']);
      const about = { group: 'apps', resource: 'deployments', subresource: '', namespace: 'food' };
      assert.deepEqual(
        asked(),
        ['patch', 'create'].map((verb) => ({
          resourceAttributes: { ...about, verb, name: 'pizzeria-grill-zone-a' },
        })),
      );
    });

    it('is refused when the operator has the right, with any message: a quota or admission refuses the object', async () => {
      mayWrite(true);
      const { reason, lookAgainMs } = await refused({ ...forbidden, why: 'you cannot patch resource "deployments"' });
      assert.deepEqual([reason, lookAgainMs], ['Refused', refusedForMs]);
    });

    it('is the only error after which it asks for its rights', async () => {
      mayWrite(false);
      assert.equal((await refused({ code: 'invalid', rights })).reason, 'Refused');
      assert.deepEqual(asked(), []);
    });

    it('is trouble, and tried again soon, while the question for the right gets no answer', async () => {
      client.failNext('apply', 'zone-a', forbidden);
      client.failNext('request', 'selfsubjectaccessreviews', { code: 'timeout', why: 'no answer within 10 s' });
      mayWrite(false);
      const [result] = await applyPlan(aPlan({ steps: [aGrowStep()] }), stationRules, applying);
      assert.equal(result?.outcome, 'trouble');
    });

    it('because a right is missing, is tried again after a second, then later each time, up to half a minute', async () => {
      mayWrite(false);
      const waitsMs: number[] = [];
      for (let round = 0; round < 7; round++) {
        const { lookAgainMs } = await refused(forbidden);
        waitsMs.push(lookAgainMs);
        await clock.advance(lookAgainMs - 1);
        assert.deepEqual(await outcomes(aGrowStep()), ['refused'], 'nothing is sent before its time');
        await clock.advance(1);
      }
      assert.deepEqual(waitsMs, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
      assert.equal(client.writes.length, 7);
      assert.deepEqual(await outcomes(aGrowStep()), ['done']);
    });

    it('because the namespace is being deleted, needs no question for a right', async () => {
      mayWrite(false);
      const causes = [{ reason: 'NamespaceTerminating', message: 'it ends', field: 'metadata.namespace' }];
      const { reason, lookAgainMs } = await refused({ ...forbidden, causes });
      assert.deepEqual([reason, lookAgainMs], ['NamespaceTerminating', refusedForMs]);
      assert.deepEqual(asked(), []);
    });
  });

  it('does not take over an object that it had not seen and that is being deleted', async () => {
    const labels = { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' };
    const newFor = { uid: 'uid-kitchen', labels };
    const metadata = { name: 'pizzeria-grill-zone-a', deletionTimestamp: '2026-01-01T00:00:00Z', labels };
    client.put({ resource: deployments, namespace: 'food', name: metadata.name }, { metadata });
    assert.deepEqual(await outcomes(aGrowStep({ intent: anIntent({ newFor }) })), ['stale']);
    assert.deepEqual(client.writes, []);
  });

  it('shrinks only when a fresh look plans the same shrink, and with the version of the fresh look', async () => {
    const fresh = aShrinkStep({ intent: anIntent({ resourceVersion: '7' }), why: 'fresh' });
    again = async () => aPlan({ steps: [fresh] });
    assert.deepEqual(await outcomes(aShrinkStep()), ['done']);
    assert.deepEqual(client.calls[0]?.body, fresh.intent.body);
  });

  const others: readonly [string, Plan | undefined][] = [
    ['the station is gone', undefined],
    ['nothing is to be shrunk any more', aPlan()],
    ['another pod would go', aPlan({ steps: [aShrinkStep({ victims: ['uid-2'] })] })],
    ['it would go further', aPlan({ steps: [aShrinkStep({ to: 1 })] })],
    ['another zone is to be shrunk', aPlan({ steps: [aShrinkStep({ zone: 'zone-b' as ZoneName })] })],
  ];
  for (const [sentence, plan] of others) {
    it(`sends no shrink when a fresh look says that ${sentence}`, async () => {
      again = async () => plan;
      assert.deepEqual(await outcomes(aShrinkStep()), ['changed']);
      assert.deepEqual(client.writes, []);
    });
  }

  it('sends no shrink when the fresh look took longer than a second, and backs off', async () => {
    again = async () => {
      await clock.advance(1_001);
      return aPlan({ steps: [aShrinkStep()] });
    };
    assert.deepEqual(await outcomes(aShrinkStep()), ['trouble']);
    assert.deepEqual(client.writes, []);
  });

  it('does not shrink a Deployment that has changed since the fresh look', async () => {
    client.put({ resource: deployments, namespace: 'food', name: 'pizzeria-grill-zone-a' }, {});
    const metadata = { name: 'pizzeria-grill-zone-a', namespace: 'food', resourceVersion: '7' };
    const intent = anIntent({ body: { metadata, spec: { replicas: 2 } } });
    again = async () => aPlan({ steps: [aShrinkStep({ intent })] });
    assert.deepEqual(await outcomes(aShrinkStep()), ['stale']);
  });

  const mark = (kind: 'mark' | 'unmark'): Step => ({
    kind,
    zone,
    pods: [
      { name: 'gone', uid: 'uid-gone' },
      { name: 'grill-1', uid: 'uid-grill-1' },
    ],
    why: 'its node is lost',
  });
  const costOf = (): string | undefined =>
    client.objects.get('/api/v1/namespaces/food/pods/grill-1')?.metadata.annotations?.[
      'controller.kubernetes.io/pod-deletion-cost'
    ];

  it('marks pods as cheapest to delete and takes marks off, past pods that are gone', async () => {
    client.put({ resource: pods, namespace: 'food', name: 'grill-1' }, {});
    assert.deepEqual(await outcomes(mark('mark')), ['done']);
    assert.equal(costOf(), '-2147483648');
    assert.deepEqual(await outcomes(mark('unmark')), ['done']);
    assert.equal(costOf(), undefined);
  });

  it('does not mark a newer pod of the same name', async () => {
    const metadata = { name: 'grill-1', namespace: 'food', uid: 'uid-another' };
    client.put({ resource: pods, namespace: 'food', name: 'grill-1' }, { metadata });
    assert.deepEqual(await outcomes(mark('mark')), ['stale']);
    assert.equal(costOf(), undefined);
  });

  it('prunes a Deployment only as it was seen by the fresh look', async () => {
    const name = 'pizzeria-grill-zone-a';
    const live = client.put({ resource: deployments, namespace: 'food', name }, {});
    const prune = { kind: 'prune', zone, name, uid: `uid-${name}`, resourceVersion: '1', why: 'empty' } as const;
    again = async () => aPlan({ steps: [prune] });
    assert.deepEqual(await outcomes(prune), ['stale']);
    const resourceVersion = live.metadata.resourceVersion ?? '';
    again = async () => aPlan({ steps: [{ ...prune, resourceVersion }] });
    assert.deepEqual(await outcomes(prune), ['done']);
    assert.equal(client.objects.size, 0);
  });
});
