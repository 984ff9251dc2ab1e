import assert from 'node:assert/strict';
import type { BudgetView } from '../../../operator/model/child.ts';
import { budgetIntent } from '../../../operator/plan/children/budget.ts';
import { isHeld, onlyIf } from '../../../operator/plan/children/intent.ts';
import { serviceIntent } from '../../../operator/plan/children/service.ts';
import { aStation, ownedByKitchen } from '../../builders/kitchen.ts';
import { allOwned, heldAs } from '../../builders/served.ts';
import { aBudgetView, aSnapshot } from '../../builders/snapshot.ts';

const snapshot = aSnapshot();
const intent = budgetIntent(snapshot, 6);

function live(over: Partial<BudgetView> = {}): BudgetView {
  return aBudgetView({ name: 'pizzeria-grill', ...heldAs(intent), minAvailable: 6, ...over });
}

describe('an intent', () => {
  it('is held when the live object carries its hash and we own all of it', () => {
    assert.equal(isHeld(live(), intent), true);
  });

  it('is not held when another intent was applied last', () => {
    assert.equal(isHeld(live({ intentHash: 'other' }), intent), false);
    assert.equal(isHeld(live({ intentHash: undefined }), intent), false);
  });

  it('is not held when another manager took a field', () => {
    const { 'f:metadata': metadata = {} } = allOwned;
    assert.equal(isHeld(live({ owned: { 'f:metadata': metadata, 'f:spec': { 'f:selector': {} } } }), intent), false);
  });

  it('is not held when we never applied', () => {
    assert.equal(isHeld(live({ owned: undefined }), intent), false);
  });

  it('is not held while a figure differs', () => {
    assert.equal(isHeld(live({ minAvailable: 5 }), intent), false);
    // Another manager replaced it by a percentage.
    assert.equal(isHeld(live({ minAvailable: undefined }), intent), false);
  });

  it('is written as a patch of its figures where all else is as it asks', () => {
    const over = (view: Partial<BudgetView>): true | undefined =>
      budgetIntent(aSnapshot({ budget: { state: 'ours', ...live(view) } }), 7).onlyFigures;
    const { 'f:spec': spec = {}, ...metadata } = allOwned;
    const { 'f:minAvailable': _, ...withoutFigure } = spec;
    assert.equal(over({}), true);
    assert.equal(over({ owned: { ...metadata, 'f:spec': withoutFigure } }), true, 'another manager set the figure');
    assert.equal(over({ minAvailable: 7 }), undefined, 'nothing differs');
    assert.equal(over({ intentHash: 'other' }), undefined, 'something else differs');
    assert.equal(over({ owned: undefined }), undefined, 'we never applied');
    assert.equal(over({ owned: metadata }), undefined, 'another manager took the selector');
    assert.equal(intent.onlyFigures, undefined, 'there is no budget yet');
  });

  it('has one hash for all its figures', () => {
    assert.equal(heldAs(budgetIntent(snapshot, 7)).intentHash, heldAs(intent).intentHash);
    assert.deepEqual([intent.figures, budgetIntent(snapshot, 7).figures], [{ minAvailable: 6 }, { minAvailable: 7 }]);
  });

  it('can be tied to a version of the live object, without becoming another one', () => {
    const tied = onlyIf('42', intent);
    assert.equal(tied.resourceVersion, '42');
    assert.equal((tied.body['metadata'] as { resourceVersion: string }).resourceVersion, '42');
    assert.equal(isHeld(live(), tied), true);
  });

  it('is owned by the controller among the Station’s owners alone', () => {
    const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'uid-x' };
    const station = { metadata: { ownerReferences: [other, ownedByKitchen()] } };
    const { ownerReferences } = budgetIntent(aSnapshot({ station }), 6).body['metadata'] as {
      ownerReferences: unknown;
    };
    assert.deepEqual(ownerReferences, [ownedByKitchen()]);
  });

  it('can be made for a Station without namespace and owners', () => {
    const { ownerReferences: _, namespace: __, ...metadata } = aStation().metadata;
    const bare = { ...snapshot, station: { ...snapshot.station, metadata } };
    assert.equal(budgetIntent(bare, 6).namespace, '');
  });
});

describe('the intent of the budget', () => {
  it('keeps a whole number of the station’s pods and lets pods that are not Ready be evicted', () => {
    assert.equal(intent.name, 'pizzeria-grill');
    assert.equal(intent.body['apiVersion'], 'policy/v1');
    assert.deepEqual(intent.body['spec'], {
      minAvailable: 6,
      selector: { matchLabels: { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });
});

describe('the intent of the Service', () => {
  it('selects the pods of all zones', () => {
    const service = serviceIntent(snapshot);
    assert.equal(service?.name, 'pizzeria-grill');
    assert.equal(service?.body['apiVersion'], 'v1');
    assert.deepEqual(service?.body['spec'], {
      selector: { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' },
      ports: [{ port: 80, protocol: 'TCP' }],
    });
  });

  it('is none for a station without ports', () => {
    assert.equal(serviceIntent(aSnapshot({ station: { ports: [] } })), undefined);
  });
});
