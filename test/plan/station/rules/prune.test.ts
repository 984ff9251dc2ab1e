import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { tryPrune } from '../../../../operator/plan/station/rules/prune.ts';
import { addPod, after, deployment, pods, zone } from '../../../builders/changes.ts';
import { served } from '../../../builders/served.ts';

const whole = served({ demand: 3, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 1, pods: 0 } } });
const left = after(
  whole,
  zone('zone-b', (each) => ({ ...each, declared: false })),
);

function pruned(snapshot: Snapshot): unknown {
  return tryPrune(pictureOf(snapshot)).attempt?.next(3);
}

describe('pruning', () => {
  it('takes the empty Deployment of a zone that is no longer declared, this very one', () => {
    assert.deepEqual(pruned(left), {
      kind: 'prune',
      zone: 'zone-b',
      name: 'pizzeria-grill-zone-b',
      uid: 'uid-pizzeria-grill-zone-b',
      resourceVersion: '1',
      why: 'zone-b is not a zone of this station any more, and its Deployment is empty',
    });
  });

  it('leaves a declared zone without pods', () => assert.equal(pruned(whole), undefined));

  it('leaves a zone that is told to have pods, or has one', () => {
    assert.equal(pruned(after(left, deployment('zone-b', { replicas: 1 }))), undefined);
    assert.equal(pruned(after(left, addPod('zone-b', { name: 'last', state: 'starting' }))), undefined);
  });

  it('does not wait for pods that are being deleted already', () => {
    const deleting = after(
      left,
      addPod('zone-b', { name: 'last' }),
      pods(({ name }) => name === 'last', { state: 'deleting' }),
    );
    assert.notEqual(pruned(deleting), undefined);
  });

  it('has nothing to do where there is no Deployment of ours', () => {
    assert.equal(
      pruned(
        after(
          left,
          zone('zone-b', (each) => ({ ...each, deployment: { state: 'absent' } })),
        ),
      ),
      undefined,
    );
  });
});
