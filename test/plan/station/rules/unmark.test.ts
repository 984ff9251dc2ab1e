import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { unmarkSteps } from '../../../../operator/plan/station/rules/unmark.ts';
import { addPod, after, cordon, deployment, loseNode, mark, named } from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } });
const marked = after(whole, mark('zone-a-pod-1', 'zone-a-pod-2', 'zone-b-pod-1'));

function steps(snapshot: Snapshot, ...victims: readonly string[]): readonly string[] {
  const all = snapshot.zones.flatMap((zone) => zone.pods);
  return unmarkSteps(pictureOf(snapshot), all.filter(named(...victims))).map(inShort);
}

describe('taking marks off', () => {
  it('has nothing to do without marks', () => assert.deepEqual(steps(whole), []));

  it('is done zone by zone for pods that will stay after all', () => {
    assert.deepEqual(steps(marked), ['unmark zone-a-pod-1 zone-a-pod-2', 'unmark zone-b-pod-1']);
    assert.equal(unmarkSteps(pictureOf(marked), [])[0]?.why, '2 pods in zone-a will stay after all');
  });

  it('is not done for the victims of a planned shrink', () => {
    assert.deepEqual(steps(marked, 'zone-a-pod-1', 'zone-b-pod-1'), ['unmark zone-a-pod-2']);
  });

  it('is not done for owed pods', () => {
    assert.deepEqual(steps(after(marked, loseNode('zone-a-1'), cordon('zone-b-1'))), ['unmark zone-a-pod-2']);
  });

  it('is not done while the ReplicaSet has a pod to delete: it would take another', () => {
    assert.deepEqual(steps(after(marked, deployment('zone-a', { replicas: 2 }))), ['unmark zone-b-pod-1']);
  });

  it('is done beside the surge of a rollout that can go no further', () => {
    const noRoom = { message: 'no node fits', ageMs: 15_000 };
    const surge = (unschedulable?: typeof noRoom): Snapshot =>
      after(
        marked,
        addPod('zone-a', { name: 'new', replicaSet: 'rs2', state: 'starting', node: undefined, unschedulable }),
        deployment('zone-a', { madeReplicas: 4, updatedReplicas: 1 }),
      );
    assert.deepEqual(steps(surge()), ['unmark zone-b-pod-1']);
    assert.deepEqual(steps(surge(noRoom)), ['unmark zone-a-pod-1 zone-a-pod-2', 'unmark zone-b-pod-1']);
  });
});
