import assert from 'node:assert/strict';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { onConcern } from '../../operator/observe/onConcern.ts';
import { stationsOn } from '../../operator/observe/concerns.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aBudget, aDeployment, anAutoscaler, anEndpointSlice, aService } from '../builders/childObjects.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod, aReplicaSet } from '../builders/podObjects.ts';
import { drop, put, storesWith } from '../builders/stores.ts';

/** What a change concerns: `station …` and `kitchen …`, sorted. */
function concernsOf(stores: WritableStores, change: () => void): readonly string[] {
  const heard = new Set<string>();
  const stop = onConcern(stores, ({ stations, kitchens }) => {
    for (const key of stations) heard.add(`station ${key}`);
    for (const key of kitchens) heard.add(`kitchen ${key}`);
  });
  change();
  stop();
  return [...heard].toSorted();
}

/** The object at its next version, with these changes. */
function changed(object: object, over: object = {}): object {
  const { metadata } = object as KubeObject;
  const next = { ...object, ...over };
  const changedMetadata = (over as Partial<KubeObject>).metadata;
  return { ...next, metadata: { ...metadata, ...changedMetadata, resourceVersion: '100000' } };
}

const pickyStation = aStation({
  station: 'oven',
  template: { spec: { containers: [{ name: 'oven' }], nodeSelector: { hot: 'yes' } } },
});
const food = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'food', uid: 'uid-food', resourceVersion: '1' } };
const grill = 'station food/pizzeria-grill';
const kitchen = 'kitchen food/pizzeria';

describe('a change concerns', () => {
  const rows: readonly (readonly [
    what: string,
    before: object | undefined,
    after: object | undefined,
    whom: readonly string[],
  ])[] = [
    ['its Station, for a pod that became Ready', aPod({ readyAt: false }), changed(aPod()), [grill]],
    ['none, for a pod where nothing that is read changed', aPod(), changed(aPod()), []],
    ['its Station, for a pod that was deleted', aPod(), undefined, [grill]],
    ['its Station, for any change of its Deployment', aDeployment(), changed(aDeployment()), [grill]],
    ['Station and Kitchen, for a Deployment that came', undefined, aDeployment(), [kitchen, grill]],
    ['Station and Kitchen, for a Service that went', aService(), undefined, [kitchen, grill]],
    ['its Station, for our budget’s status', aBudget(), changed(aBudget({ status: { currentHealthy: 3 } })), [grill]],
    [
      'its Station, for endpoints that became ready',
      anEndpointSlice({ notReady: ['p'] }),
      changed(anEndpointSlice({ ready: ['p'] })),
      [grill],
    ],
    [
      'none, for a slice that only moved',
      anEndpointSlice({ ready: ['p'] }),
      changed(anEndpointSlice({ ready: ['p'] })),
      [],
    ],
    [
      'the Stations of a namespace that begins to go',
      food,
      changed(food, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      [grill],
    ],
    ['none, for a namespace that came', undefined, food, []],
    ['Station and Kitchen, for an autoscaler that came', undefined, anAutoscaler(), [kitchen, grill]],
    ['none, for an autoscaler’s status', anAutoscaler(), changed(anAutoscaler()), []],
    ['none, for an autoscaler of something else', undefined, anAutoscaler({ target: { kind: 'Deployment' } }), []],
    ['its Kitchen, for a Station’s status', aStation(), changed(aStation({ status: { ready: 3 } })), [kitchen]],
    ['Station and Kitchen, for a Station’s spec', aStation(), changed(aStation({ replicas: 7 })), [kitchen, grill]],
    [
      'Station and Kitchen, for a restart asked of a Station',
      aStation(),
      changed(aStation(), { metadata: { annotations: { 'kitchen.dev/restarted-at': '2026-01-01T00:00:00Z' } } }),
      [kitchen, grill],
    ],
    ['a Kitchen and its Stations, when it comes', undefined, aKitchen(), [kitchen, grill]],
    ['a Kitchen and its Stations, when it goes', aKitchen(), undefined, [kitchen, grill]],
    [
      'a Kitchen and its Stations, when it is made again',
      aKitchen(),
      changed(aKitchen(), { metadata: { uid: 'another' } }),
      [kitchen, grill],
    ],
    [
      'a Kitchen and its Stations, when it begins to be deleted',
      aKitchen(),
      changed(aKitchen(), { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      [kitchen, grill],
    ],
    ['the Kitchen, for its spec', aKitchen(), changed(aKitchen({ metadata: { generation: 2 } })), [kitchen]],
    ['none, for a Kitchen’s status', aKitchen(), changed(aKitchen(), { status: { ready: 1 } }), []],
  ];
  for (const [what, before, after, whom] of rows) {
    it(what, () => {
      const stores = storesWith(aStation(), ...(before === undefined ? [] : [before]));
      const change = (): void => (after === undefined ? drop(stores, changed(before!)) : put(stores, after));
      assert.deepEqual(concernsOf(stores, change), whom);
    });
  }
});

describe('an autoscaler of a Deployment of ours concerns', () => {
  it('its Station and Kitchen', () => {
    const stores = storesWith(aStation(), aDeployment());
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'pizzeria-grill-zone-a' };
    assert.deepEqual(
      concernsOf(stores, () => put(stores, anAutoscaler({ target }))),
      [kitchen, grill],
    );
  });
});

describe('a node concerns', () => {
  const rows: readonly (readonly [
    what: string,
    before: object | undefined,
    after: object | undefined,
    whom: readonly string[],
  ])[] = [
    ['none, by a heartbeat', aNode(), changed(aNode({ heartbeatAt: 500 })), []],
    ['stations with pods on it, when it goes', aNode(), undefined, [grill]],
    ['them, when it is lost', aNode(), changed(aNode({ ready: 'Unknown', readyAt: 90 })), [grill]],
    ['them, when it is cordoned', aNode(), changed(aNode({ unschedulable: true })), [grill]],
    ['them, when it is tainted', aNode(), changed(aNode({ taints: [{ key: 'for', effect: 'NoSchedule' }] })), [grill]],
  ];
  for (const [what, before, after, whom] of rows) {
    it(what, () => {
      const stores = storesWith(aStation(), pickyStation, aPod(), ...(before === undefined ? [] : [before]));
      const change = (): void => (after === undefined ? drop(stores, changed(before!)) : put(stores, after));
      assert.deepEqual(concernsOf(stores, change), whom);
    });
  }

  it('stations with pods on it, even where they could not run any more, and no others', () => {
    const stores = storesWith(aStation(), pickyStation, aNode(), aPod({ station: 'oven' }));
    const lost = changed(aNode({ ready: 'Unknown', readyAt: 90 }));
    assert.deepEqual(
      concernsOf(stores, () => put(stores, lost)),
      ['station food/pizzeria-oven'],
    );
    assert.deepEqual(stationsOn(['node-a1', 'node-gone'], stores), ['food/pizzeria-oven']);
  });
});

describe('a ReplicaSet concerns', () => {
  const whom = (pods: readonly object[], before: object, after: object | undefined): readonly string[] => {
    const stores = storesWith(aStation(), before, ...pods);
    return concernsOf(stores, () => (after === undefined ? drop(stores, changed(before)) : put(stores, after)));
  };
  const letGo = changed(aReplicaSet({ controller: null }));

  it('the Station of its pods when it comes, goes or gets another owner', () => {
    assert.deepEqual(whom([aPod()], aReplicaSet(), letGo), [grill]);
    assert.deepEqual(whom([aPod()], aReplicaSet(), undefined), [grill]);
    const stores = storesWith(aStation());
    stores.pods.changed(aPod());
    assert.deepEqual(
      concernsOf(stores, () => put(stores, aReplicaSet())),
      [grill],
    );
  });

  it('no Station while it has no pods, and none by its status', () => {
    assert.deepEqual(whom([], aReplicaSet(), letGo), []);
    assert.deepEqual(whom([aPod({ station: 'oven' })], aReplicaSet(), letGo), []);
    assert.deepEqual(whom([aPod()], aReplicaSet(), changed(aReplicaSet())), []);
  });
});

describe('a budget that is not ours concerns', () => {
  const foreign = (selector: object, status = {}): object =>
    aBudget({ name: 'theirs', metadata: { labels: {}, ownerReferences: [] }, spec: { selector }, status });
  const elsewhere = aStation({ kitchen: 'bakery', metadata: { namespace: 'sweets' } });

  it('every station of its namespace when it comes, goes or selects others', () => {
    const stores = storesWith(aStation(), elsewhere);
    assert.deepEqual(
      concernsOf(stores, () => put(stores, foreign({}))),
      [grill],
    );
    assert.deepEqual(
      concernsOf(stores, () => put(stores, changed(foreign({ matchLabels: { app: 'x' } })))),
      [grill],
    );
    assert.deepEqual(
      concernsOf(stores, () => drop(stores, changed(foreign({})))),
      [grill],
    );
  });

  it('no Station by its status', () => {
    const stores = storesWith(aStation(), foreign({}));
    assert.deepEqual(
      concernsOf(stores, () => put(stores, changed(foreign({}, { currentHealthy: 1 })))),
      [],
    );
  });
});
