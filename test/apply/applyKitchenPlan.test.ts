import assert from 'node:assert/strict';

import { applyKitchenPlan } from '../../operator/apply/applyKitchenPlan.ts';
import type { Attempting } from '../../operator/apply/attempt.ts';
import { Refusals } from '../../operator/apply/refusals.ts';
import { deployments } from '../../operator/kube/resource.ts';
import { stations } from '../../operator/observe/resources.ts';
import type { KitchenStep, StationIntent } from '../../operator/plan/kitchenPlan.ts';
import { FakeClient } from '../build/fakeClient.ts';
import { FakeClock } from '../build/fakeClock.ts';

describe('applying a Kitchen’s plan', () => {
  let client: FakeClient;
  let applying: Attempting;

  beforeEach(() => {
    client = new FakeClient();
    const owner = { uid: 'uid-pizzeria', generation: 1 };
    applying = { client, learn: () => undefined, refusals: new Refusals(), clock: new FakeClock(), owner };
  });

  function intent(name: string): StationIntent {
    const body = { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', metadata: { name, namespace: 'food' } };
    return { kind: 'Station', name, namespace: 'food', resourceVersion: undefined, body };
  }

  const apply = (station: string): KitchenStep => ({
    kind: 'applyStation',
    station,
    intent: intent(`pizzeria-${station}`),
    why: 'it is declared',
  });

  const outcomes = async (...steps: readonly KitchenStep[]): Promise<readonly string[]> => {
    const figures = { stations: 1, ready: 0, survives: undefined, conditions: [] };
    const results = await applyKitchenPlan({ steps, problems: [], figures }, applying);
    return results.map(({ step, outcome }) => `${step.kind} ${step.station} ${outcome}`);
  };

  it('applies the other stations when one is refused, and nothing more of that one', async () => {
    client.failNext('apply', 'pizzeria-grill', { code: 'invalid' });
    const hand: KitchenStep = { kind: 'handDemand', station: 'grill', intent: intent('pizzeria-grill'), why: '' };
    assert.deepEqual(await outcomes(apply('grill'), hand, apply('oven')), [
      'applyStation grill refused',
      'applyStation oven done',
    ]);
  });

  it('leaves demand to others as a second manager without force, and takes a conflict for done', async () => {
    const hand: KitchenStep = { kind: 'handDemand', station: 'grill', intent: intent('pizzeria-grill'), why: '' };
    client.failNext('apply', 'pizzeria-grill', { code: 'conflict' });
    assert.deepEqual(await outcomes(hand), ['handDemand grill done']);
    const [call] = client.calls;
    assert.equal(call?.manager, 'kitchen-operator-demand');
    assert.equal(JSON.stringify(call?.options).includes('force'), false);
  });

  it('deletes what is left of a station in order, as it was seen, past what is gone already', async () => {
    const name = 'pizzeria-grill-zone-a';
    const live = client.put({ resource: deployments, namespace: 'food', name }, {});
    const prune: KitchenStep = {
      kind: 'pruneStation',
      station: 'grill',
      namespace: 'food',
      objects: [
        { kind: 'Station', name: 'pizzeria-grill', uid: 'uid-pizzeria-grill', resourceVersion: '1' },
        { kind: 'Deployment', name, uid: `uid-${name}`, resourceVersion: live.metadata.resourceVersion ?? '' },
      ],
      why: 'it is no longer declared',
    };
    assert.deepEqual(await outcomes(prune), ['pruneStation grill done']);
    assert.equal(client.objects.size, 0);
  });

  it('does not delete what has changed since it was seen', async () => {
    client.put({ resource: stations, namespace: 'food', name: 'pizzeria-grill' }, {});
    const seen = { kind: 'Station', name: 'pizzeria-grill', uid: 'uid-pizzeria-grill', resourceVersion: '1' } as const;
    const prune: KitchenStep = { kind: 'pruneStation', station: 'grill', namespace: 'food', objects: [seen], why: '' };
    assert.deepEqual(await outcomes(prune), ['pruneStation grill stale']);
    assert.equal(client.objects.size, 1);
  });
});
