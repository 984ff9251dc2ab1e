import { aKey } from '../../builders/aKey.ts';
import assert from 'node:assert/strict';
import { annotations } from '../../../operator/api/labels.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { partsOf } from '../../../operator/observe/station/parts.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { ZoneView } from '../../../operator/model/zone.ts';
import type { Stores } from '../../../operator/observe/stores.ts';
import { takeSnapshot } from '../../../operator/observe/station/takeSnapshot.ts';
import { aKitchen, aStation, ownedByKitchen } from '../../builders/kitchen.ts';
import { aBudget, aDeployment, anAutoscaler, aService } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { at } from '../../builders/objects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { pizzeriaWith, storesWith } from '../../builders/stores.ts';

const key = aKey('food/pizzeria-grill');

function snapshotOf(stores: Stores, nowMs = 0, memory = new FirstSeen()): Snapshot {
  const snapshot = takeSnapshot(key, stores, { memory, nowMs });
  assert.ok(snapshot !== undefined, 'there is a snapshot');
  return snapshot;
}

function zoneOf(snapshot: Snapshot, name: string): ZoneView {
  const zone = snapshot.zones.find((each) => each.name === name);
  assert.ok(zone !== undefined, `zone ${name} is in the snapshot`);
  return zone;
}

const stranger = { apiVersion: 'apps/v1', kind: 'Rollout', name: 'other', uid: 'uid-other', controller: true };

describe('takeSnapshot', () => {
  it('shows zones with their nodes, Deployment and pods', () => {
    const snapshot = snapshotOf(
      pizzeriaWith(aNode(), aNode({ name: 'node-a2' }), aDeployment({ replicas: 1 }), aPod(), aBudget(), aService()),
    );
    assert.deepEqual(
      snapshot.zones.map(({ name, declared, state, nodes, pods }) => [name, declared, state, nodes.count, pods.length]),
      [['zone-a', true, 'live', 2, 1]],
    );
    const { deployment } = zoneOf(snapshot, 'zone-a');
    assert.ok(deployment.state === 'ours');
    assert.deepEqual([deployment.replicas, deployment.templateHash, deployment.maxSurge], [1, 'template-1', '25%']);
    assert.ok(snapshot.budget.state === 'ours');
    assert.deepEqual([snapshot.budget.minAvailable, snapshot.budget.currentHealthy], [6, 7]);
    assert.equal(snapshot.service.state, 'ours');
  });

  it('is the same whatever the order in which objects came', () => {
    const objects = [
      aNode(),
      aNode({ name: 'node-b1', zone: 'zone-b' }),
      aDeployment(),
      aPod(),
      aPod({ name: 'pizzeria-grill-zone-a-rs1-0' }),
    ];
    assert.deepEqual(snapshotOf(pizzeriaWith(...objects)), snapshotOf(pizzeriaWith(...objects.toReversed())));
  });

  const nothing: readonly (readonly [string, readonly object[]])[] = [
    ['without the Station', [aKitchen()]],
    ['for a Station being deleted', [aKitchen(), aStation({ metadata: { deletionTimestamp: at(1) } })]],
    ['for a Station whose Kitchen is not there', [aStation()]],
    ['for a Station of an earlier Kitchen of that name', [aKitchen({ metadata: { uid: 'another' } }), aStation()]],
    [
      'for a Station whose Kitchen is being deleted',
      [aKitchen({ metadata: { deletionTimestamp: at(1) } }), aStation()],
    ],
    ['for a Station without a controller', [aKitchen(), aStation({ metadata: { ownerReferences: [] } })]],
  ];
  for (const [what, objects] of nothing) {
    it(`takes none ${what}`, () => {
      assert.equal(takeSnapshot(key, storesWith(...objects), { memory: new FirstSeen(), nowMs: 0 }), undefined);
    });
  }

  it('leaves new nodes and nodes the template cannot use out of the zones', () => {
    const uninitialized = [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule' }];
    const reserved = [{ key: 'for', value: 'batch', effect: 'NoSchedule' }];
    const snapshot = snapshotOf(
      pizzeriaWith(
        aNode(),
        aNode({ name: 'node-a2', taints: uninitialized }),
        aNode({ name: 'node-b1', zone: 'zone-b', taints: reserved }),
      ),
    );
    assert.deepEqual(
      snapshot.zones.map(({ name, nodes }) => [name, nodes.count]),
      [['zone-a', 1]],
    );
  });

  it('judges a tainted node by what the pods there tolerate, and an empty one by the template', () => {
    const taints = [{ key: 'maintenance', effect: 'NoExecute' }];
    const forAMinute = { key: 'maintenance', operator: 'Exists', tolerationSeconds: 60 };
    const template = { spec: { tolerations: [forAMinute], containers: [{ name: 'grill', image: 'grill:1' }] } };
    const stores = storesWith(
      aKitchen(),
      aStation({ template }),
      ...['1', '2', '3'].map((number) => aNode({ name: `node-a${number}`, taints })),
      aDeployment(),
      aPod({ name: 'pizzeria-grill-zone-a-rs1-1', tolerations: [forAMinute] }),
      aPod({ name: 'pizzeria-grill-zone-a-rs1-2', node: 'node-a2', tolerations: [{ operator: 'Exists' }] }),
    );
    const { nodes, pods } = zoneOf(snapshotOf(stores), 'zone-a');
    assert.deepEqual([nodes.count, nodes.healthy], [3, 1]);
    assert.deepEqual(
      nodes.carrying.map(({ name, state }) => [name, state]),
      [
        ['node-a1', 'leaving'],
        ['node-a2', 'healthy'],
      ],
    );
    assert.deepEqual(
      pods.map(({ state, node }) => [state, node?.evictsInMs]),
      [
        ['leaving', 60_000],
        ['sure', undefined],
      ],
    );
  });

  it('knows a lost zone whose nodes are gone by its Deployment', () => {
    const noted = { annotations: { [annotations.zone]: 'zone-b', [annotations.zones]: '["zone-a","zone-b"]' } };
    const snapshot = snapshotOf(pizzeriaWith(aNode(), aDeployment({ zone: 'zone-b', metadata: noted })));
    assert.deepEqual([zoneOf(snapshot, 'zone-a').state, zoneOf(snapshot, 'zone-b').state], ['live', 'lost']);
  });

  it('puts zones where only a Deployment is left last', () => {
    const station = aStation({ zones: ['zone-b', 'zone-c'] });
    const snapshot = snapshotOf(
      pizzeriaWith(station, aNode(), aNode({ name: 'node-b1', zone: 'zone-b' }), aDeployment()),
    );
    assert.deepEqual([zoneOf(snapshot, 'zone-b').state, zoneOf(snapshot, 'zone-c').state], ['live', 'absent']);
    assert.deepEqual(
      snapshot.zones.slice(2).map(({ name, declared }) => [name, declared]),
      [['zone-a', false]],
    );
  });

  it('survives a note on a Deployment that a person broke', () => {
    const noted = {
      annotations: { [annotations.zone]: 'zone-a', [annotations.zones]: '["zone-a"', [annotations.demand]: 'six' },
    };
    assert.deepEqual(
      snapshotOf(pizzeriaWith(aNode(), aDeployment({ metadata: noted }))).zones.map(({ name }) => name),
      ['zone-a'],
    );
  });

  it('counts no pod that ran to its end', () => {
    const snapshot = snapshotOf(pizzeriaWith(aNode(), aDeployment(), aPod({ phase: 'Failed', readyAt: false })));
    assert.deepEqual([zoneOf(snapshot, 'zone-a').pods, snapshot.strangers], [[], []]);
  });

  it('asks to look again when a node of its pods that is not Ready turns into a lost one', () => {
    const pod = aPod({ readyAt: false });
    const stores = pizzeriaWith(aNode({ ready: 'False', readyAt: 500 }), aNode({ name: 'node-a2' }), pod);
    const memory = new FirstSeen();
    assert.equal(snapshotOf(stores, 0, memory).lookAgainMs, 10_000);
    assert.equal(snapshotOf(stores, 4_000, memory).lookAgainMs, 6_000);
    assert.equal(snapshotOf(stores, 10_000, memory).lookAgainMs, undefined);
  });
});

describe('the owner of a child', () => {
  const rows: readonly (readonly [string, object, string])[] = [
    ['ours when our Kitchen controls it', {}, 'ours'],
    ['ours when it has no controller and has our labels', { ownerReferences: [] }, 'ours'],
    ['taken when another owner controls it', { ownerReferences: [stranger] }, 'taken by Rollout other'],
    [
      'taken when an earlier Kitchen of that name controls it',
      { ownerReferences: [ownedByKitchen('pizzeria', 'an-earlier-one')] },
      'taken by Kitchen pizzeria',
    ],
    [
      'taken when another station of the Kitchen has it',
      { labels: { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill-zone' } },
      'taken by station grill-zone of Kitchen pizzeria',
    ],
    [
      'taken when it has no controller and no label of ours',
      { ownerReferences: [], labels: {} },
      'taken by an unknown owner (it has no owner reference)',
    ],
  ];
  for (const [what, metadata, whose] of rows) {
    it(`is ${what}`, () => {
      const stores = pizzeriaWith(aNode(), aDeployment({ metadata }), aBudget({ metadata }));
      const { zones, budget } = snapshotOf(stores);
      for (const child of [zones[0]!.deployment, budget]) {
        assert.equal(child.state === 'taken' ? `taken by ${child.by}` : child.state, whose);
      }
    });
  }

  it('takes no zones from a Deployment that is not ours', () => {
    const metadata = { ownerReferences: [stranger] };
    const stores = pizzeriaWith(aNode({ name: 'node-b1', zone: 'zone-b' }), aDeployment({ metadata }));
    assert.deepEqual(
      snapshotOf(stores).zones.map(({ name }) => name),
      ['zone-b'],
    );
  });
});

describe('what else a snapshot tells', () => {
  it('names budgets of others that select our pods', () => {
    const byApp = aStation({
      template: { metadata: { labels: { app: 'grill' } }, spec: { containers: [{ name: 'grill' }] } },
    });
    const foreign = (name: string, selector: object | undefined): object =>
      aBudget({ name, metadata: { labels: {}, ownerReferences: [] }, spec: { selector } });
    const snapshot = snapshotOf(
      pizzeriaWith(
        byApp,
        aBudget(),
        foreign('by-app', { matchLabels: { app: 'grill' } }),
        foreign('by-expression', { matchExpressions: [{ key: 'kitchen.dev/station', operator: 'Exists' }] }),
        foreign('of-everything', {}),
        foreign('of-nothing', undefined),
        foreign('of-others', { matchLabels: { app: 'oven' } }),
      ),
    );
    assert.deepEqual(snapshot.foreignBudgets, ['by-app', 'by-expression', 'of-everything']);
  });

  it('names a budget that has our labels and no owner, and looks at no budget of another station', () => {
    const copied = aBudget({ name: 'copied', metadata: { ownerReferences: [] }, spec: { selector: {} } });
    const stores = pizzeriaWith(aBudget(), copied, aBudget({ name: 'pizzeria-oven' }));
    assert.deepEqual(snapshotOf(stores).foreignBudgets, ['copied']);
    assert.deepEqual(
      partsOf(aKey('food/pizzeria-grill'), stores)
        ?.budgets.map(({ name }) => name)
        .toSorted(),
      ['copied', 'pizzeria-grill'],
    );
  });

  it('names autoscalers of the Station and of nothing else', () => {
    const snapshot = snapshotOf(
      pizzeriaWith(
        anAutoscaler(),
        anAutoscaler({ name: 'of-a-deployment', target: { apiVersion: 'apps/v1', kind: 'Deployment' } }),
        anAutoscaler({ name: 'of-another', target: { name: 'pizzeria-oven' } }),
      ),
    );
    assert.deepEqual(snapshot.autoscalers, [{ name: 'grill-by-cpu', metrics: [] }]);
  });

  it('names autoscalers of its Deployments, and which each scales', () => {
    const target = (name: string): object => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });
    const { scaledChildren, autoscalers } = snapshotOf(
      pizzeriaWith(
        aDeployment(),
        anAutoscaler({ name: 'of-a-child', target: target('pizzeria-grill-zone-a') }),
        anAutoscaler({ name: 'of-another', target: target('oven') }),
      ),
    );
    assert.deepEqual(scaledChildren, [{ autoscaler: 'of-a-child', deployment: 'pizzeria-grill-zone-a' }]);
    assert.deepEqual(autoscalers, []);
  });

  it('takes the newest restart, from the Station or kept on its Deployments', () => {
    const restart = (time: string): object => ({ annotations: { [annotations.restartedAt]: time } });
    const running = aDeployment({ spec: { template: { metadata: restart('2026-03-01T10:00:00+02:00'), spec: {} } } });
    const told = (time: string): Snapshot => snapshotOf(pizzeriaWith(aStation({ metadata: restart(time) }), running));
    assert.equal(snapshotOf(pizzeriaWith(running)).restartedAt, '2026-03-01T10:00:00+02:00');
    assert.equal(told('2026-03-01T08:30:00Z').restartedAt, '2026-03-01T08:30:00Z');
    assert.equal(told('2026-03-01T07:30:00Z').restartedAt, '2026-03-01T10:00:00+02:00');
    assert.equal(told('soon').restartedAt, '2026-03-01T10:00:00+02:00');
  });
});
