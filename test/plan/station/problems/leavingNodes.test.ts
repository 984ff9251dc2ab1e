import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { leavingNodesTakePods } from '../../../../operator/plan/station/problems/leavingNodes.ts';
import { addPod, after, cordon, leaveOpen, loseZone } from '../../../builders/changes.ts';
import { served } from '../../../builders/served.ts';
import { aPodNode } from '../../../builders/snapshot.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } });
const stray = addPod('zone-a', {
  name: 'new',
  state: 'leaving',
  node: aPodNode({ name: 'zone-a-1', state: 'leaving', leavesWithIt: false }),
});

function said(snapshot: Snapshot): readonly string[] {
  return leavingNodesTakePods(pictureOf(snapshot)).map(({ message }) => message);
}

describe('a leaving node that takes pods', () => {
  it('is named when pods came there since, with the cure', () => {
    assert.deepEqual(said(after(whole, leaveOpen('zone-a-1'), stray)), [
      'pods still go to nodes that are about to go: zone-a-1 (1 pod came there since); cordon the nodes, or narrow the toleration that lets pods in',
    ]);
  });

  it('is named when its zone has no other', () => {
    const leaving = ['zone-a-1', 'zone-a-2', 'zone-a-3'].map((name) => leaveOpen(name));
    assert.deepEqual(said(after(whole, ...leaving)), [
      'pods still go to nodes that are about to go: zone-a-1, zone-a-2, zone-a-3 (their zone has no other node); cordon the nodes, or narrow the toleration that lets pods in',
    ]);
  });

  it('is none while no pod came, when it is closed, or in a zone that is left as it is', () => {
    assert.deepEqual(said(after(whole, leaveOpen('zone-a-1'))), []);
    assert.deepEqual(said(after(whole, cordon('zone-a-1'), stray)), []);
    assert.deepEqual(said(after(whole, leaveOpen('zone-a-1'), stray, loseZone('zone-a'))), []);
  });
});
