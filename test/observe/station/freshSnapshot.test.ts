import { aKey } from '../../builders/aKey.ts';
import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import type { Moment } from '../../../operator/observe/moment.ts';
import { partsOf, withFresh } from '../../../operator/observe/station/parts.ts';
import type { FreshObjects } from '../../../operator/observe/station/parts.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { Stores } from '../../../operator/observe/stores.ts';
import { takeSnapshot, takeSnapshotFrom } from '../../../operator/observe/station/takeSnapshot.ts';
import { aBudget, aDeployment, anAutoscaler, anEndpointSlice } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { pizzeriaWith, put } from '../../builders/stores.ts';

const key = aKey('food/pizzeria-grill');

describe('a snapshot of fresh lists', () => {
  function fresh(
    stores: Stores,
    objects: FreshObjects,
    about: Moment = { memory: new FirstSeen(), nowMs: 0 },
  ): Snapshot {
    const parts = partsOf(key, stores);
    assert.ok(parts !== undefined);
    return takeSnapshotFrom(withFresh(parts, objects), about);
  }

  it('sees what the stores have not heard of yet, and goes on with their ages', () => {
    const stores = pizzeriaWith(aNode(), aDeployment(), aPod(), aBudget());
    const memory = new FirstSeen();
    takeSnapshot(key, stores, { memory, nowMs: 0 });
    const dead = aNode({ ready: 'Unknown', readyAt: 900 });
    const { zones, budget } = fresh(
      stores,
      {
        nodes: [dead],
        pods: [aPod()],
        deployments: [aDeployment({ replicas: 5 })],
        budget: aBudget({ status: { currentHealthy: 1 } }),
      },
      { memory, nowMs: 7_000 },
    );
    const [zone] = zones;
    assert.deepEqual([zone!.state, zone!.pods[0]!.state, zone!.pods[0]!.readyMs], ['lost', 'doubtful', 7_000]);
    assert.ok(zone!.deployment.state === 'ours' && budget.state === 'ours');
    assert.deepEqual([zone!.deployment.replicas, budget.currentHealthy], [5, 1]);
  });

  it('takes what a fresh list does not have for gone', () => {
    const stores = pizzeriaWith(aNode(), aDeployment(), aPod(), aBudget());
    const { zones, budget } = fresh(stores, { pods: [], deployments: [], budget: undefined });
    assert.deepEqual([zones[0]!.pods, zones[0]!.deployment.state, budget.state], [[], 'absent', 'absent']);
  });

  it('takes a node of the station’s pods that was not found for gone, and keeps those that were not asked for', () => {
    const names = ['node-a1', 'node-a2', 'node-a3'];
    const stores = pizzeriaWith(...names.map((name) => aNode({ name })), aDeployment());
    const pods = [1, 2].map((each) => aPod({ name: `pizzeria-grill-zone-a-rs1-${each}`, node: `node-a${each}` }));
    const { zones } = fresh(stores, { pods, nodes: [aNode({ name: 'node-a1', unschedulable: true })] });
    const { count, healthy, carrying } = zones[0]!.nodes;
    assert.deepEqual([count, healthy], [2, 1]);
    assert.deepEqual(
      carrying.map(({ name, state }) => `${name} ${state}`),
      ['node-a1 leaving'],
    );
    assert.deepEqual(
      zones[0]!.pods.map(({ node }) => node?.state),
      ['leaving', 'gone'],
    );
  });

  it('keeps what was not read again', () => {
    const stores = pizzeriaWith(
      aNode(),
      aDeployment(),
      aPod(),
      aBudget(),
      anEndpointSlice({ ready: ['uid-pizzeria-grill-zone-a-rs1-1'] }),
    );
    put(stores, anAutoscaler());
    assert.deepEqual(fresh(stores, {}), takeSnapshot(key, stores, { memory: new FirstSeen(), nowMs: 0 }));
  });
});
