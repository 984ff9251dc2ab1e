import assert from 'node:assert/strict';
import { aDeployment } from '../builders/childObjects.ts';
import { aStation } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod, aReplicaSet } from '../builders/podObjects.ts';
import { drop, put, storesWith } from '../builders/stores.ts';
import { changed, concernsOf } from './concerned.ts';

const grill = 'station food/pizzeria-grill';
const soonGrill = `soon ${grill}`;

describe('a pod concerns its Station', () => {
  const starting = aPod({ readyAt: false });
  const rows: readonly (readonly [what: string, before: object | undefined, after: object | undefined])[] = [
    ['when it begins to be deleted', aPod(), changed(aPod({ deleting: true }))],
    ['when it is not Ready any more', aPod(), changed(starting)],
    ['when it is gone', aPod(), undefined],
    ['when it ran to its end', aPod(), changed(aPod({ phase: 'Succeeded' }))],
    ['when a person takes a label off', aPod(), changed(aPod({ labels: { 'kitchen.dev/zone': 'other' } }))],
    ['when it has found room after all', aPod({ readyAt: false, unschedulable: 'no room' }), changed(starting)],
    [
      'when it is Ready, and none of ours',
      aPod({ controller: null, readyAt: false }),
      changed(aPod({ controller: null })),
    ],
    ['when it comes as a Ready one of a ReplicaSet that is not ours', undefined, aPod({ hash: 'theirs' })],
  ];
  const soonRows: typeof rows = [
    ['when it is made', undefined, starting],
    ['when one of ours is Ready', starting, changed(aPod())],
    ['when we have marked it', aPod(), changed(aPod({ cost: '-1' }))],
    ['when it was being deleted and is gone', aPod({ deleting: true }), undefined],
  ];
  const whom = (before: object | undefined, after: object | undefined, node = aNode()): readonly string[] => {
    const known = before === undefined ? [] : [before];
    const stores = storesWith(aStation(), node, aDeployment(), aReplicaSet(), ...known);
    return concernsOf(stores, () => (after === undefined ? drop(stores, changed(before!)) : put(stores, after)));
  };

  for (const [what, before, after] of rows) {
    it(`at once, ${what}`, () => assert.deepEqual(whom(before, after), [grill]));
  }
  for (const [what, before, after] of soonRows) {
    it(`soon, ${what}`, () => assert.deepEqual(whom(before, after), [soonGrill]));
  }
  it('soon, when it is not Ready on a node that was lost before', () => {
    assert.deepEqual(whom(aPod(), changed(starting), aNode({ ready: 'Unknown' })), [soonGrill]);
  });
});

describe('a child concerns its Station at once', () => {
  it('when another manager takes a field from us', () => {
    const ours = [
      { manager: 'kitchen-operator', operation: 'Apply' as const, fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ];
    const before = aDeployment({ metadata: { managedFields: ours } });
    const stores = storesWith(aStation(), before);
    assert.deepEqual(
      concernsOf(stores, () => put(stores, changed(aDeployment({ replicas: 1 })))),
      [grill],
    );
  });
});
