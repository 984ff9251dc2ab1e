import assert from 'node:assert/strict';
import { ofShift, ofSuspicion } from '../../operator/observe/concerns.ts';
import { aKey } from '../builders/aKey.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aBudget, aDeployment, anAutoscaler, anEndpointSlice, aService } from '../builders/childObjects.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod, aReplicaSet } from '../builders/podObjects.ts';
import { drop, put, storesWith } from '../builders/stores.ts';
import { changed, concernsOf, inWords } from './concerned.ts';

const pickyStation = aStation({
  station: 'oven',
  template: { spec: { containers: [{ name: 'oven' }], nodeSelector: { hot: 'yes' } } },
});
const food = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'food', uid: 'uid-food', resourceVersion: '1' } };
const fence = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'food', name: 'fence', uid: 'uid-fence', resourceVersion: '1' },
  spec: { podSelector: {} },
};
const grill = 'station food/pizzeria-grill';
const soonGrill = `soon ${grill}`;
const kitchen = 'kitchen food/pizzeria';
const soonKitchen = `soon ${kitchen}`;

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
    ['all Stations of its namespace soon, for a NetworkPolicy', undefined, fence, [soonGrill]],
    ['none, for one where nothing that is read changed', fence, changed(fence), []],
    [
      'its Station soon, for any change of its Deployment',
      aDeployment(),
      changed(aDeployment({ replicas: 3 })),
      [soonGrill],
    ],
    ['none, for a Deployment where nothing that is read changed', aDeployment(), changed(aDeployment()), []],
    [
      'its Station at once, for a Deployment that somebody begins to delete',
      aDeployment(),
      changed(aDeployment(), { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      [grill],
    ],
    ['Station and Kitchen soon, for a Deployment that came', undefined, aDeployment(), [soonKitchen, soonGrill]],
    ['Station and Kitchen, for a Service that went', aService(), undefined, [kitchen, grill]],
    [
      'its Station soon, for our budget’s status',
      aBudget(),
      changed(aBudget({ status: { currentHealthy: 3 } })),
      [soonGrill],
    ],
    [
      'its Station soon, for endpoints that became ready',
      anEndpointSlice({ notReady: ['p'] }),
      changed(anEndpointSlice({ ready: ['p'] })),
      [soonGrill],
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
    [
      'its Kitchen soon, for a Station’s status',
      aStation(),
      changed(aStation({ status: { ready: 3 } })),
      [soonKitchen],
    ],
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

  it('stations with pods on it soon, when it was lost before', () => {
    const lost = aNode({ ready: 'Unknown', readyAt: 90 });
    const stores = storesWith(aStation(), lost, aPod());
    assert.deepEqual(
      concernsOf(stores, () => put(stores, changed(aNode({ ready: 'Unknown', readyAt: 90, unschedulable: true })))),
      [soonGrill],
    );
  });

  it('none, when a lost node gets the taints of one', () => {
    const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }];
    const lost = aNode({ ready: 'Unknown', readyAt: 90 });
    const stores = storesWith(aStation(), lost, aPod());
    const tainted = changed(aNode({ ready: 'Unknown', readyAt: 90, taints }));
    assert.deepEqual(
      concernsOf(stores, () => put(stores, tainted)),
      [],
    );
  });

  it('stations with pods on it, even where they could not run any more, and no others', () => {
    const stores = storesWith(aStation(), pickyStation, aNode(), aPod({ station: 'oven' }));
    const lost = changed(aNode({ ready: 'Unknown', readyAt: 90 }));
    assert.deepEqual(
      concernsOf(stores, () => put(stores, lost)),
      ['station food/pizzeria-oven'],
    );
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

describe('nodes by their names', () => {
  it('concern stations with pods there, at once', () => {
    const stores = storesWith(aStation(), pickyStation, aNode(), aPod({ station: 'oven' }));
    assert.deepEqual(inWords(ofSuspicion(['node-a1', 'node-gone'], stores)), ['station food/pizzeria-oven']);
  });

  it('concern stations without pods there soon, where the fleet says so', () => {
    assert.deepEqual(inWords(ofShift([aKey('food/pizzeria-grill')])), [soonGrill]);
  });
});
