import { aKey } from '../../builders/aKey.ts';
import assert from 'node:assert/strict';
import { annotations } from '../../../operator/api/labels.ts';
import { takeKitchenSnapshot } from '../../../operator/observe/kitchen/takeKitchenSnapshot.ts';
import type { KitchenSnapshot } from '../../../operator/model/kitchenSnapshot.ts';
import { aDeclaredStation, aKitchen, aStation } from '../../builders/kitchen.ts';
import { aBudget, aDeployment, anAutoscaler, aService } from '../../builders/childObjects.ts';
import { at } from '../../builders/objects.ts';
import { storesWith } from '../../builders/stores.ts';

function snapshotOf(...objects: readonly object[]): KitchenSnapshot {
  const snapshot = takeKitchenSnapshot(aKey('food/pizzeria'), storesWith(...objects));
  assert.ok(snapshot !== undefined);
  return snapshot;
}

const remembering = (zone: string, demand: string, metadata: object = {}): object =>
  aDeployment({
    zone,
    metadata: { annotations: { [annotations.zone]: zone, [annotations.demand]: demand }, ...metadata },
  });

describe('takeKitchenSnapshot', () => {
  it('takes none without the Kitchen, or while it is being deleted', () => {
    assert.equal(takeKitchenSnapshot(aKey('food/pizzeria'), storesWith()), undefined);
    const going = aKitchen({ metadata: { deletionTimestamp: at(1) } });
    assert.equal(takeKitchenSnapshot(aKey('food/pizzeria'), storesWith(going)), undefined);
  });

  it('shows declared stations in the Kitchen’s order, there or not', () => {
    const kitchen = aKitchen({ stations: [aDeclaredStation({ name: 'oven' }), aDeclaredStation()] });
    const { stations } = snapshotOf(kitchen, aStation({ replicas: 3 }), anAutoscaler());
    assert.deepEqual(
      stations.map(({ name, object, autoscalers }) => [name, object.state, autoscalers]),
      [
        ['oven', 'absent', []],
        ['grill', 'ours', ['grill-by-cpu']],
      ],
    );
    const grill = stations[1]!.object;
    assert.ok(grill.state === 'ours');
    assert.deepEqual([grill.replicas, grill.generation, grill.demandOwner], [3, 1, 'nobody']);
  });

  it('shows a Station of another Kitchen as taken', () => {
    const other = aStation({
      metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Kitchen', name: 'p', uid: 'x', controller: true }] },
    });
    const { object } = snapshotOf(aKitchen(), other).stations[0]!;
    assert.deepEqual(object, { state: 'taken', name: 'pizzeria-grill', by: 'Kitchen p' });
  });

  it('takes the demand that is noted on the budget', () => {
    const budget = aBudget({ metadata: { annotations: { [annotations.demand]: '8' } } });
    assert.equal(snapshotOf(aKitchen(), budget).stations[0]!.rememberedDemand, 8);
  });

  it('takes the larger of two demands that version 0.1.0 noted, and no note from a Deployment that is not ours', () => {
    const foreign = { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x', controller: true }] };
    const { stations } = snapshotOf(
      aKitchen(),
      remembering('zone-a', '7'),
      remembering('zone-b', '9'),
      remembering('zone-c', '99', foreign),
    );
    assert.equal(stations[0]!.rememberedDemand, 9);
    assert.equal(snapshotOf(aKitchen()).stations[0]!.rememberedDemand, undefined);
  });

  it('shows all that is left of undeclared stations, Stations first and budgets last', () => {
    const fryer = { station: 'fryer' };
    const { undeclared } = snapshotOf(
      aKitchen(),
      aBudget(fryer),
      aService(fryer),
      aDeployment(fryer),
      aStation(fryer),
      aDeployment(),
      aBudget({ station: 'bar' }),
    );
    assert.deepEqual(
      undeclared.map(({ name, objects }) => [
        name,
        objects.map((each) => `${each.resource.kind} ${each.name} ${each.uid}`),
      ]),
      [
        ['bar', ['PodDisruptionBudget pizzeria-bar uid-pizzeria-bar']],
        [
          'fryer',
          [
            'Station pizzeria-fryer uid-station-pizzeria-fryer',
            'Deployment pizzeria-fryer-zone-a uid-pizzeria-fryer-zone-a',
            'Service pizzeria-fryer uid-pizzeria-fryer',
            'PodDisruptionBudget pizzeria-fryer uid-pizzeria-fryer',
          ],
        ],
      ],
    );
  });

  it('counts nothing as left over that our Kitchen does not control, or that goes already', () => {
    const { undeclared } = snapshotOf(
      aKitchen(),
      aService({ station: 'orphan', metadata: { ownerReferences: [] } }),
      aDeployment({ station: 'gone', metadata: { deletionTimestamp: at(1) } }),
      aDeployment({
        station: 'other',
        kitchen: 'pizzeria',
        metadata: {
          ownerReferences: [{ apiVersion: 'v1', kind: 'Kitchen', name: 'pizzeria', uid: 'earlier', controller: true }],
        },
      }),
    );
    assert.deepEqual(undeclared, []);
  });
});
