import { aKey } from '../../builders/aKey.ts';
import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import type { ObjectMeta } from '../../../operator/api/kubernetes/object.ts';
import { takeKitchenSnapshot } from '../../../operator/observe/kitchen/takeKitchenSnapshot.ts';
import { projectPod } from '../../../operator/observe/project.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { takeSnapshot } from '../../../operator/observe/station/takeSnapshot.ts';
import { aKitchen, aStation } from '../../builders/kitchen.ts';
import { aBudget, aDeployment, aService } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { at } from '../../builders/objects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { pizzeriaWith, storesWith } from '../../builders/stores.ts';

const going = (...finalizers: readonly string[]): Partial<ObjectMeta> => ({ deletionTimestamp: at(30), finalizers });

function snapshotOf(...objects: readonly object[]): Snapshot {
  const snapshot = takeSnapshot(aKey('food/pizzeria-grill'), pizzeriaWith(aNode(), ...objects), {
    memory: new FirstSeen(),
    nowMs: 0,
  });
  assert.ok(snapshot !== undefined);
  return snapshot;
}

describe('what is being deleted', () => {
  it('is no child, and names the finalizers that hold it', () => {
    const { service, budget, zones } = snapshotOf(
      aDeployment({ metadata: going('foregroundDeletion') }),
      aService({ metadata: going('service.kubernetes.io/load-balancer-cleanup') }),
      aBudget({ metadata: going('example.org/keep') }),
    );
    const deployment = { state: 'deleting', name: 'pizzeria-grill-zone-a', finalizers: ['foregroundDeletion'] };
    assert.deepEqual(zones[0]?.deployment, deployment);
    const balanced = ['service.kubernetes.io/load-balancer-cleanup'];
    assert.deepEqual(service, { state: 'deleting', name: 'pizzeria-grill', finalizers: balanced });
    assert.deepEqual(budget, { state: 'deleting', name: 'pizzeria-grill', finalizers: ['example.org/keep'] });
  });

  it('makes its zone full, and leaves it a zone', () => {
    const [zone] = snapshotOf(aDeployment({ metadata: going('foregroundDeletion') }), aPod()).zones;
    assert.equal(zone?.full, 'Deployment pizzeria-grill-zone-a is being deleted');
    assert.deepEqual([zone?.declared, zone?.state, zone?.pods.length], [true, 'live', 1]);
  });

  it('is not our business when another owner has it', () => {
    const theirs = { apiVersion: 'v1', kind: 'Rollout', name: 'other', uid: 'uid-other', controller: true };
    const { service } = snapshotOf(aService({ metadata: { ...going('x'), ownerReferences: [theirs] } }));
    assert.equal(service.state, 'taken');
  });

  it('is a Station that its Kitchen waits for', () => {
    const station = aStation({ metadata: going('example.org/keep') });
    const snapshot = takeKitchenSnapshot(aKey('food/pizzeria'), storesWith(aKitchen(), station));
    assert.equal(snapshot?.stations[0]?.object.state, 'deleting');
  });

  it('is shown also when it is a pod that ran to its end and that a finalizer holds', () => {
    const ended = { deleting: true, phase: 'Succeeded', readyAt: false } as const;
    assert.deepEqual(projectPod(aPod({ ...ended, finalizers: ['example.org/never'] }))?.finalizers, [
      'example.org/never',
    ]);
    assert.equal(projectPod(aPod(ended)), undefined);
    assert.deepEqual(projectPod(aPod({ finalizers: ['batch.kubernetes.io/x'] }))?.finalizers, []);
  });

  it('is the namespace of the station', () => {
    const namespace = (metadata: object): object => ({ kind: 'Namespace', metadata: { name: 'food', ...metadata } });
    assert.equal(snapshotOf(namespace(going('kubernetes'))).namespaceTerminating, true);
    assert.equal(snapshotOf(namespace({})).namespaceTerminating, undefined);
  });
});
