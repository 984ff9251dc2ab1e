import assert from 'node:assert/strict';
import type { Change } from '../../../builders/changes.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { markLeavingSteps, tryHandOver } from '../../../../operator/plan/station/rules/handOver.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  loseNode,
  mark,
  named,
  pods,
  recounted,
  spec,
} from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';
import { aBudgetView, aPodNode } from '../../../builders/snapshot.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } });

/** zone-a has one more pod, as told. */
const replaced: Change = (snapshot) =>
  after(
    snapshot,
    deployment('zone-a', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 }),
    addPod('zone-a', { name: 'new-1' }),
  );
const lost = after(whole, loseNode('zone-a-1'));
const ready = after(lost, replaced);

function next(snapshot: Snapshot, minAvailable = 6): string | undefined {
  const step = tryHandOver(pictureOf(snapshot)).attempt?.next(minAvailable);
  return step === undefined ? undefined : isStep(step) ? inShort(step) : `${step.what}: ${step.why}`;
}

function waits(snapshot: Snapshot): readonly string[] {
  return tryHandOver(pictureOf(snapshot)).waits.map(({ what, why }) => `${what}: ${why}`);
}

describe('handing over', () => {
  it('has nothing to do where nothing is owed', () => {
    assert.deepEqual(tryHandOver(pictureOf(whole)), { attempt: undefined, waits: [] });
  });

  it('waits until as many as wanted may be counted on', () => {
    assert.equal(next(lost), undefined);
    assert.deepEqual(waits(lost), [
      'hand over: 5 of 6 pods may be counted on; when all 6 may, 1 pod can go (zone-a-1 is lost)',
    ]);
  });

  it('does not wait for replacements that went astray onto leaving nodes, if demand is met without them', () => {
    const leavers = served({ demand: 5, survive: { pods: 2 }, zones: { 'zone-a': { nodes: 3, pods: 7 } } });
    const node = aPodNode({ name: 'zone-a-1', state: 'leaving', stateMs: 5_000, leavesWithIt: false });
    const astray = (demand: number): Snapshot =>
      after(
        leavers,
        spec({ replicas: demand }),
        cordon('zone-a-1'),
        deployment('zone-a', { replicas: 10, madeReplicas: 10, updatedReplicas: 10 }),
        addPod('zone-a', { name: 'new-1' }),
        addPod('zone-a', { name: 'new-2' }),
        addPod('zone-a', { name: 'new-3', state: 'leaving', node }),
      );
    const owed = pictureOf(astray(5)).zones[0]?.owed.length;
    assert.equal(owed, 3);
    assert.deepEqual(waits(astray(5)), []);
    assert.match(waits(astray(7))[0] ?? '', /^hand over: 6 of 8 pods may be counted on/);
  });

  it('never lets go of pods on a node that is only suspected', () => {
    const suspect = after(
      ready,
      pods(named('zone-a-pod-1'), { node: aPodNode({ state: 'suspect', lostWithIt: true }) }),
    );
    assert.deepEqual(tryHandOver(pictureOf(suspect)), { attempt: undefined, waits: [] });
  });

  it('takes the owed from those there are where a quota lets no more be made', () => {
    const refused = after(
      served({ demand: 2, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } }),
      loseNode('zone-a-1'),
      pods(named('zone-a-pod-1'), { state: 'starting', ready: false, marked: true, markedMs: 5_000 }),
      deployment('zone-a', { replicas: 4, replicaFailure: 'exceeded quota' }),
    );
    assert.equal(next(refused, 2), 'shrink zone-a 4→2');
  });

  it('waits for R, not only for demand', () => {
    const spare = served({
      demand: 5,
      survive: { pods: 1 },
      zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } },
    });
    assert.equal(next(after(spare, loseNode('zone-a-1'))), undefined);
    assert.equal(next(after(spare, loseNode('zone-a-1'), replaced)), 'mark zone-a-pod-1');
  });

  it('looks again when the last of the replacing pods has been served for long enough', () => {
    const young = after(ready, pods(named('new-1'), { servedMs: 1_200 }));
    assert.equal(tryHandOver(pictureOf(young)).waits[0]?.lookAgainMs, 1_800);
  });

  it('counts replacing pods wherever they are', () => {
    const elsewhere = after(
      lost,
      deployment('zone-b', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 }),
      addPod('zone-b', { name: 'new-1' }),
    );
    assert.equal(next(elsewhere), 'mark zone-a-pod-1');
  });

  it('marks first, then shrinks once the marks and the budget are seen', () => {
    assert.equal(next(ready), 'mark zone-a-pod-1');
    const marked = after(ready, mark('zone-a-pod-1'));
    assert.equal(next(marked), 'shrink zone-a 4→3');
    const unkept = recounted({ ...marked, budget: aBudgetView({ minAvailable: 6 }) });
    assert.equal(next(unkept, 7), 'hand over in zone-a: the budget does not keep 7 ready yet');
  });

  it('waits a second for the ReplicaSet to see the marks of Ready pods', () => {
    const leaving = after(
      whole,
      cordon('zone-a-1'),
      replaced,
      pods(named('zone-a-pod-1'), { marked: true, markedMs: 400 }),
    );
    const wait = tryHandOver(pictureOf(leaving)).attempt?.next(6);
    assert.deepEqual(wait, {
      what: 'hand over in zone-a',
      why: 'the ReplicaSet may not have seen the marks yet',
      lookAgainMs: 600,
    });
  });

  it('is refused by the API server when the Deployment has changed since', () => {
    const step = tryHandOver(pictureOf(after(ready, mark('zone-a-pod-1')))).attempt?.next(6);
    assert.ok(step !== undefined && 'intent' in step);
    assert.equal(step.intent.resourceVersion, '1');
    assert.equal(step.why, '1 pod will not stay (zone-a-1 is lost), and 6 may be counted on without them');
  });

  it('shrinks by the zone’s other pods that are not Ready too, which the ReplicaSet takes first', () => {
    const stuck = after(
      ready,
      deployment('zone-a', { replicas: 5, madeReplicas: 5, updatedReplicas: 5 }),
      addPod('zone-a', { name: 'stuck', state: 'starting', node: undefined }),
      mark('zone-a-pod-1'),
    );
    assert.equal(next(stuck), 'shrink zone-a 5→3');
  });

  it('reserves the Ready ones among the owed', () => {
    const leaving = after(whole, cordon('zone-a-1'), replaced);
    assert.deepEqual(
      tryHandOver(pictureOf(leaving)).attempt?.reserved.map(({ name }) => name),
      ['zone-a-pod-1'],
    );
    assert.deepEqual(tryHandOver(pictureOf(ready)).attempt?.reserved, []);
  });

  it('goes on to the next zone when the guard refuses the first', () => {
    const two = after(ready, loseNode('zone-b-1'), addPod('zone-b', { name: 'new-2' }));
    const both = after(two, deployment('zone-b', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 }));
    const flying = after(both, deployment('zone-a', { generation: 2 }));
    assert.equal(next(flying), 'mark zone-b-pod-1');
    assert.deepEqual(waits(flying), ['hand over in zone-a: the Deployment in zone-a has not seen its newest spec']);
    assert.deepEqual(waits(after(flying, deployment('zone-b', { generation: 2 }))).length, 2);
  });
});

describe('marking leaving pods', () => {
  const steps = (snapshot: Snapshot, ...reserved: readonly string[]): readonly string[] => {
    const all = snapshot.zones.flatMap((zone) => zone.pods);
    return markLeavingSteps(pictureOf(snapshot), all.filter(named(...reserved))).map(inShort);
  };
  const leaving = after(whole, cordon('zone-a-1'), cordon('zone-b-2'));

  it('is done at once, before anything replaces them', () => {
    assert.deepEqual(steps(leaving), ['mark zone-a-pod-1', 'mark zone-b-pod-2']);
  });

  it('is done once', () => assert.deepEqual(steps(after(leaving, mark('zone-a-pod-1'))), ['mark zone-b-pod-2']));

  it('is left to the rule that takes them', () =>
    assert.deepEqual(steps(leaving, 'zone-a-pod-1'), ['mark zone-b-pod-2']));

  it('is not for pods of lost nodes, which no eviction is about to take', () => assert.deepEqual(steps(lost), []));
});
