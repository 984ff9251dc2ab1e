import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { HEALED_MS, tryShrink, victimsOf } from '../../../../operator/plan/station/rules/shrink.ts';
import {
  addPod,
  after,
  deployment,
  healNode,
  loseNode,
  loseZone,
  mark,
  named,
  pods,
  remove,
  spec,
  zone,
} from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';
import { aPodNode } from '../../../builders/snapshot.ts';

const one = (many: number, demand = 6, nodes = 3): Snapshot =>
  served({ demand, zones: { 'zone-a': { nodes, pods: many } } });

/** Pods of zone-a on the nodes with these numbers, in turn. */
function on(snapshot: Snapshot, numbers: readonly number[]): Snapshot {
  return numbers.reduce(
    (sofar, number, index) =>
      after(sofar, pods(named(`zone-a-pod-${index + 1}`), { node: aPodNode({ name: `zone-a-${number}` }) })),
    snapshot,
  );
}

function victims(snapshot: Snapshot, by: number): readonly string[] {
  return victimsOf(pictureOf(snapshot).zones[0]!, by).map(({ name }) => name.replace('zone-a-pod-', ''));
}

function next(snapshot: Snapshot, minAvailable = 6): string | undefined {
  const step = tryShrink(pictureOf(snapshot)).attempt?.next(minAvailable);
  return step === undefined ? undefined : isStep(step) ? inShort(step) : `${step.what}: ${step.why}`;
}

function waits(snapshot: Snapshot): readonly string[] {
  return tryShrink(pictureOf(snapshot)).waits.map(({ what, why }) => `${what}: ${why}`);
}

describe('the pods that go', () => {
  it('are those of the fullest node, one after the other', () => {
    assert.deepEqual(victims(on(one(6), [1, 1, 1, 2, 2, 3]), 1), ['1']);
    assert.deepEqual(victims(on(one(6), [3, 1, 1, 1, 2, 2]), 2), ['2', '3']);
    assert.deepEqual(victims(on(one(6), [3, 1, 1, 1, 1, 2]), 3), ['2', '3', '4']);
    assert.deepEqual(victims(on(one(6), [1, 1, 1, 2, 2, 2]), 2), ['1', '4']);
  });

  it('are the youngest of equals, then those that come first by name', () => {
    assert.deepEqual(victims(after(one(3), pods(named('zone-a-pod-3'), { readyMs: 5_000 })), 1), ['3']);
    assert.deepEqual(
      victims({ ...one(3), zones: one(3).zones.map((each) => ({ ...each, pods: each.pods.toReversed() })) }, 1),
      ['1'],
    );
  });

  it('are pods that are not counted on before sure ones', () => {
    const doubtful = { state: 'doubtful', node: aPodNode({ name: 'zone-a-9', state: 'gone' }) } as const;
    assert.deepEqual(victims(after(on(one(4), [1, 1, 1, 2]), pods(named('zone-a-pod-4'), doubtful)), 1), ['4']);
  });

  it('are none while those that a quota did not let be made are enough', () => {
    const refused = after(one(4), deployment('zone-a', { replicas: 6, replicaFailure: 'exceeded quota' }));
    assert.deepEqual(victims(refused, 2), []);
    assert.deepEqual(victims(refused, 3), ['1']);
  });

  it('are those that were chosen before, while they are marked', () => {
    assert.deepEqual(victims(after(on(one(4), [1, 1, 1, 2]), mark('zone-a-pod-4')), 2), ['4', '1']);
  });

  it('are fewer by pods that are not Ready, which go before them', () => {
    assert.deepEqual(victims(after(one(3), addPod('zone-a', { name: 'slow', state: 'starting' })), 1), []);
    assert.deepEqual(victims(after(one(3), addPod('zone-a', { name: 'slow', state: 'starting' })), 2), ['1']);
  });

  it('are never owed ones, and no more than there are', () => {
    const gone = { state: 'doubtful', node: aPodNode({ name: 'zone-a-9', state: 'gone', lostWithIt: true }) } as const;
    assert.deepEqual(victims(after(one(3), pods(named('zone-a-pod-1'), gone)), 9), ['2', '3']);
  });
});

describe('shrinking', () => {
  it('has nothing to do in a zone without a surplus, or without a Deployment', () => {
    assert.deepEqual(tryShrink(pictureOf(one(6))), { attempt: undefined, waits: [] });
    const bare = after(
      one(7),
      zone('zone-a', (each) => ({ ...each, deployment: { state: 'absent' } })),
    );
    assert.deepEqual(tryShrink(pictureOf(bare)), { attempt: undefined, waits: [] });
  });

  it('marks and reserves, then lowers the count, tied to the version it was decided on', () => {
    const { attempt } = tryShrink(pictureOf(one(8)));
    assert.deepEqual(
      attempt?.reserved.map(({ name }) => name),
      ['zone-a-pod-1', 'zone-a-pod-2'],
    );
    assert.equal(attempt?.surge, 0);
    assert.equal(next(one(8)), 'mark zone-a-pod-1 zone-a-pod-2');
    const marked = after(one(8), mark('zone-a-pod-1', 'zone-a-pod-2'));
    assert.equal(next(marked, 8), 'shrink zone-a by 2: the budget does not keep 8 ready yet');
    const step = tryShrink(pictureOf(marked)).attempt?.next(6);
    assert.ok(step !== undefined && 'victims' in step);
    assert.deepEqual([step.from, step.to, step.intent.resourceVersion], [8, 6, '1']);
    assert.deepEqual(step.victims, ['uid-zone-a-pod-1', 'uid-zone-a-pod-2']);
    assert.equal(step.why, 'it needs 6; target 6, demand 6');
  });

  it('lets the marks be taken off when the pod is marked but the shrink is refused', () => {
    const flying = after(one(7), mark('zone-a-pod-1'), deployment('zone-a', { generation: 2 }));
    assert.equal(tryShrink(pictureOf(flying)).attempt, undefined);
    assert.deepEqual(waits(flying), ['shrink zone-a by 1: the Deployment in zone-a has not seen its newest spec']);
  });

  it('keeps the pods that stand in for owed ones', () => {
    const standing = after(one(7), loseNode('zone-a-3'));
    assert.deepEqual(tryShrink(pictureOf(standing)), { attempt: undefined, waits: [] });
  });

  it('waits while a pod starts on a healthy node: the ReplicaSet would take that one', () => {
    const starting = after(
      one(7),
      addPod('zone-a', { name: 'new', state: 'starting', node: aPodNode({ name: 'zone-a-1' }) }),
      deployment('zone-a', { replicas: 8 }),
    );
    assert.equal(next(starting), undefined);
    assert.deepEqual(waits(starting), [
      'shrink zone-a by 2: a pod is starting there, and the ReplicaSet would delete that one',
    ]);
  });

  it('waits for a pod that the scheduler has yet to look at, not for one that found no node or never gets Ready', () => {
    const withPod = (over: Partial<PodView>): Snapshot =>
      after(
        one(7),
        addPod('zone-a', { name: 'new', state: 'starting', ...over }),
        deployment('zone-a', { replicas: 8 }),
      );
    const unschedulable = { message: '0/3 nodes are available', ageMs: 60_000 };
    assert.equal(next(withPod({ node: undefined })), undefined);
    assert.equal(next(withPod({ node: undefined, unschedulable })), 'mark zone-a-pod-1');
    assert.equal(next(withPod({ node: aPodNode({ name: 'zone-a-1' }), slow: true })), 'mark zone-a-pod-1');
    assert.equal(next(withPod({ node: aPodNode({ name: 'zone-a-1', state: 'lost' }) })), 'mark zone-a-pod-1');
  });

  it('waits until the same zones have been full for a minute', () => {
    const changed = { ...one(7), fullMs: 45_000 };
    assert.equal(next(changed), undefined);
    assert.equal(tryShrink(pictureOf(changed)).waits[0]?.lookAgainMs, 15_000);
    assert.equal(next({ ...changed, fullMs: 60_000 }), 'mark zone-a-pod-1');
  });

  it('takes the largest part that the guard lets pass', () => {
    const zones = { 'zone-a': { nodes: 3, pods: 6 }, 'zone-b': { nodes: 3, pods: 3 } };
    const uneven = served({ demand: 6, zones });
    // zone-b's pods have been served for a moment only: 6 are sure in zone-a, and none can go before they are in zone-b.
    const young = after(uneven, pods(named('zone-b-pod-1'), { servedMs: 0 }));
    assert.equal(next(uneven), 'mark zone-a-pod-1 zone-a-pod-2 zone-a-pod-3');
    assert.equal(next(young), 'mark zone-a-pod-1 zone-a-pod-2');
  });

  it('says why not even one may go, and when to look again', () => {
    const young = after(one(7), pods(named('zone-a-pod-2'), { servedMs: 1_000 }));
    assert.deepEqual(tryShrink(pictureOf(young)).waits, [
      { what: 'shrink zone-a by 1', why: 'it would leave 5 pods to count on, and demand is 6', lookAgainMs: 2_000 },
    ]);
  });

  it('counts the pods of a node that came back after two minutes', () => {
    const healed = (ms: number): Snapshot => after(one(7), healNode('zone-a-3', ms));
    assert.equal(HEALED_MS, 120_000);
    assert.deepEqual(tryShrink(pictureOf(healed(110_000))).waits, [
      { what: 'shrink zone-a by 1', why: 'it would leave 4 pods to count on, and demand is 6', lookAgainMs: 10_000 },
    ]);
    assert.notEqual(next(healed(120_000)), undefined);
  });

  it('goes on to the next zone when nothing may go from the first', () => {
    const zones = { 'zone-a': { nodes: 3, pods: 4 }, 'zone-b': { nodes: 3, pods: 4 } };
    const flying = after(served({ demand: 6, zones }), deployment('zone-a', { generation: 2 }));
    assert.equal(next(flying), 'mark zone-b-pod-1');
    assert.equal(waits(flying).length, 1);
  });

  it('leaves a lost zone as it is and empties one that is no longer declared', () => {
    const zones = { 'zone-a': { nodes: 3, pods: 6 }, 'zone-b': { nodes: 3, pods: 4 } };
    const two = after(served({ demand: 6, zones }));
    assert.equal(tryShrink(pictureOf(after(two, loseZone('zone-b')))).attempt, undefined);
    const left = after(
      two,
      zone('zone-b', (each) => ({ ...each, declared: false })),
    );
    assert.equal(next(left), 'mark zone-b-pod-1 zone-b-pod-2 zone-b-pod-3 zone-b-pod-4');
  });

  it('gives back what falling demand leaves, as far as what is declared is still survived', () => {
    const zones = { 'zone-a': { nodes: 3, pods: 4 }, 'zone-b': { nodes: 3, pods: 4 }, 'zone-c': { nodes: 3, pods: 4 } };
    const fallen = after(served({ demand: 8, survive: { zones: 1 }, zones }), spec({ replicas: 6 }));
    assert.equal(next(fallen), 'mark zone-a-pod-1');
    const short = after(fallen, remove('zone-b-pod-1', 'zone-b-pod-2'));
    assert.equal(next(short), undefined);
    assert.equal(waits(short)[0], 'shrink zone-a by 1: it would survive the loss of 0 zones instead of 1');
  });
});
