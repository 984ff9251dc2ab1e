import assert from 'node:assert/strict';

import { applyPlan } from '../../../operator/apply/applyPlan.ts';
import type { Applying } from '../../../operator/apply/applyPlan.ts';
import { kitchenRules } from '../../../operator/apply/kitchen/steps.ts';
import { LastLooks } from '../../../operator/apply/freshly.ts';
import { Refusals } from '../../../operator/apply/refusals.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { Intent } from '../../../operator/model/intent.ts';
import type { KitchenPlan, KitchenStep } from '../../../operator/model/kitchenPlan.ts';
import { FakeClient } from '../../builders/fakeClient.ts';
import { FakeClock } from '../../builders/fakeClock.ts';

describe('applying a Kitchen’s plan', () => {
  let client: FakeClient;
  let clock: FakeClock;
  let again: readonly KitchenStep[] | undefined;
  let tookMs: number;
  let applying: Applying<KitchenPlan>;

  beforeEach(() => {
    client = new FakeClient();
    const owner = { uid: 'uid-pizzeria', generation: 1 };
    clock = new FakeClock();
    [again, tookMs] = [undefined, 0];
    const lookAgain = async (): Promise<KitchenPlan | undefined> => {
      await clock.advance(tookMs);
      return again && { steps: again, problems: [], successors: [] };
    };
    applying = {
      client,
      learn: () => undefined,
      refusals: new Refusals(),
      lastLooks: new LastLooks(clock),
      clock,
      owner,
      place: { namespace: 'food', name: 'pizzeria' },
      lookAgain,
    };
  });

  function intent(name: string): Intent {
    const body = { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', metadata: { name, namespace: 'food' } };
    return { resource: stations, name, namespace: 'food', resourceVersion: undefined, body };
  }

  const apply = (station: string): KitchenStep => ({
    kind: 'applyStation',
    station,
    intent: intent(`pizzeria-${station}`),
    why: 'it is declared',
  });

  const outcomes = async (...steps: readonly KitchenStep[]): Promise<readonly string[]> => {
    const results = await applyPlan({ steps, problems: [], successors: [] }, kitchenRules, applying);
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

  it('leaves demand to others as a second manager without force, and counts a conflict as done', async () => {
    const hand: KitchenStep = { kind: 'handDemand', station: 'grill', intent: intent('pizzeria-grill'), why: '' };
    client.failNext('apply', 'pizzeria-grill', { code: 'conflict' });
    assert.deepEqual(await outcomes(hand), ['handDemand grill done']);
    const [call] = client.calls;
    assert.equal(call?.manager, 'kitchen-operator-demand');
    assert.equal(JSON.stringify(call?.options).includes('force'), false);
  });

  it('deletes the objects of a station in order, in the version it saw, and skips those that are gone', async () => {
    const name = 'pizzeria-grill-zone-a';
    const live = client.put({ resource: deployments, namespace: 'food', name }, {});
    const prune: KitchenStep = {
      kind: 'pruneStation',
      station: 'grill',
      namespace: 'food',
      objects: [
        { resource: stations, name: 'pizzeria-grill', uid: 'uid-pizzeria-grill', resourceVersion: '1' },
        { resource: deployments, name, uid: `uid-${name}`, resourceVersion: live.metadata.resourceVersion ?? '' },
      ],
      why: 'it is no longer declared',
    };
    again = [prune];
    assert.deepEqual(await outcomes(prune), ['pruneStation grill done']);
    assert.equal(client.objects.size, 0);
  });

  it('does not delete what has changed since it was seen', async () => {
    client.put({ resource: stations, namespace: 'food', name: 'pizzeria-grill' }, {});
    const seen = {
      resource: stations,
      name: 'pizzeria-grill',
      uid: 'uid-pizzeria-grill',
      resourceVersion: '1',
    } as const;
    const prune: KitchenStep = { kind: 'pruneStation', station: 'grill', namespace: 'food', objects: [seen], why: '' };
    again = [prune];
    assert.deepEqual(await outcomes(prune), ['pruneStation grill stale']);
    assert.equal(client.objects.size, 1);
  });

  const pruneOf = (station: string): KitchenStep => {
    const seen = { resource: stations, name: `pizzeria-${station}`, uid: '1', resourceVersion: '1' } as const;
    return { kind: 'pruneStation', station, namespace: 'food', objects: [seen], why: 'it is no longer declared' };
  };

  it('deletes nothing of a station that a fresh look keeps', async () => {
    again = [apply('grill'), pruneOf('oven')];
    assert.deepEqual(await outcomes(pruneOf('grill')), ['pruneStation grill changed']);
    again = undefined;
    assert.deepEqual(await outcomes(pruneOf('grill')), ['pruneStation grill changed']);
    assert.deepEqual(client.writes, []);
  });

  it('deletes nothing when the fresh look took longer than a second, and backs off', async () => {
    [again, tookMs] = [[pruneOf('grill')], 1_001];
    assert.deepEqual(await outcomes(pruneOf('grill')), ['pruneStation grill trouble']);
    assert.deepEqual(client.writes, []);
  });
});
