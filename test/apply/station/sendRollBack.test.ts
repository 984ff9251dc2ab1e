import { stationRules } from '../../../operator/apply/station/steps.ts';
import type { StepResult } from '../../../operator/apply/result.ts';
import assert from 'node:assert/strict';

import { applyPlan } from '../../../operator/apply/applyPlan.ts';
import type { Applying } from '../../../operator/apply/applyPlan.ts';
import { LastLooks } from '../../../operator/apply/freshly.ts';
import { Refusals } from '../../../operator/apply/refusals.ts';
import { deployments, replicaSets } from '../../../operator/api/kubernetes/resource.ts';
import type { Plan, Step } from '../../../operator/model/plan.ts';
import { FakeClient } from '../../builders/fakeClient.ts';
import { FakeClock } from '../../builders/fakeClock.ts';
import { aPlan, aRollBackStep } from '../../builders/plan.ts';

const name = 'pizzeria-grill-zone-a';
const place = { resource: replicaSets, namespace: 'food' };
const labels = { 'kitchen.dev/station': 'grill' };

interface Parts {
  readonly revision?: string;
  readonly owner?: string;
}

describe('going back to a good template', () => {
  let client: FakeClient;
  let applying: Applying<Plan>;
  let again: () => Plan | undefined;

  /** A ReplicaSet whose template says which one it is. */
  const put = (hash: string, { revision = '1', owner = name }: Parts = {}): void => {
    const controller = { apiVersion: 'apps/v1', kind: 'Deployment', name: owner, uid: 'uid', controller: true };
    const own = { ...labels, 'pod-template-hash': hash };
    const template = {
      metadata: { creationTimestamp: null, labels: own, annotations: { said: 'so' } },
      spec: { containers: [{ name: 'grill', image: `grill:${hash}` }] },
    };
    const annotations = { 'deployment.kubernetes.io/revision': revision };
    const metadata = {
      name: `${owner}-${hash}`,
      namespace: 'food',
      labels: own,
      annotations,
      ownerReferences: [controller],
    };
    client.put({ ...place, name: `${owner}-${hash}` }, { metadata, spec: { template } });
  };

  beforeEach(() => {
    client = new FakeClient();
    again = () => aPlan({ steps: [aRollBackStep()] });
    applying = {
      client,
      learn: () => undefined,
      clock: new FakeClock(),
      refusals: new Refusals(),
      lastLooks: new LastLooks(new FakeClock()),
      owner: { uid: 'uid-grill', generation: 1 },
      place: { namespace: 'food', name: 'pizzeria-grill' },
      lookAgain: async () => again(),
    };
    put('good');
    put('bad', { revision: '2' });
  });

  const results = (step: Step = aRollBackStep()): Promise<readonly StepResult<Step>[]> =>
    applyPlan(aPlan({ steps: [step] }), stationRules, applying);
  const outcomes = async (step?: Step): Promise<readonly string[]> =>
    (await results(step)).map(({ outcome }) => outcome);

  it('applies the template of the old ReplicaSet, without what the Deployment controller put into it', async () => {
    assert.deepEqual(await outcomes(), ['done']);
    const written = client.calls.find(({ verb }) => verb === 'apply');
    assert.ok(written !== undefined);
    assert.deepEqual((written.body as { spec: unknown }).spec, {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { said: 'so' } },
        spec: { containers: [{ name: 'grill', image: 'grill:good' }], serviceAccountName: '', serviceAccount: '' },
      },
    });
    assert.equal(written.manager, 'kitchen-operator');
  });

  it('takes no other Deployment’s ReplicaSet', async () => {
    put('other', { revision: '7', owner: 'another' });
    assert.deepEqual(await outcomes(), ['done']);
    assert.match(JSON.stringify(client.calls.find(({ verb }) => verb === 'apply')?.body), /grill:good/);
  });

  it('says which one is gone, and does not try again for a while', async () => {
    client.objects.clear();
    put('bad', { revision: '2' });
    const [result] = await results();
    assert.deepEqual(result?.outcome === 'refused' && [result.reason, result.message], [
      'Refused',
      'the ReplicaSet of revision 1 in zone-a, which had the template before, is gone',
    ]);
    assert.deepEqual(await outcomes(), ['refused']);
    assert.equal(client.calls.filter(({ verb }) => verb === 'list').length, 1);
    assert.deepEqual(client.writes, []);
    assert.match(applying.refusals.findKind(applying.owner, 'rollBack', 0)?.message ?? '', /is gone$/);
  });

  it('writes nothing when the pods that failed are not of the newest template after all', async () => {
    put('newer', { revision: '3' });
    assert.deepEqual(await outcomes(), ['stale']);
    assert.deepEqual(client.writes, []);
  });

  it('needs no failing pods when it acts on another zone’s failure', async () => {
    const step = aRollBackStep({ failing: undefined });
    again = () => aPlan({ steps: [step] });
    put('newer', { revision: '3' });
    assert.deepEqual(await outcomes(step), ['done']);
  });

  it('writes nothing when a fresh look decides otherwise', async () => {
    again = () => aPlan();
    assert.deepEqual(await outcomes(), ['changed']);
    again = () => aPlan({ steps: [aRollBackStep({ good: { ...aRollBackStep().good, hash: 'another' } })] });
    assert.deepEqual(await outcomes(), ['changed']);
    assert.deepEqual(client.calls, []);
  });

  it('writes nothing to a Deployment that has changed since the fresh look', async () => {
    client.put({ resource: deployments, namespace: 'food', name }, {});
    const { intent } = aRollBackStep();
    const body = { ...intent.body, metadata: { name, namespace: 'food', resourceVersion: '7' } };
    const step = aRollBackStep({ intent: { ...intent, resourceVersion: '7', body } });
    again = () => aPlan({ steps: [step] });
    assert.deepEqual(await outcomes(step), ['stale']);
  });
});
