import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { settlesInMs, TRUST_AT_ONCE, trustedPods } from '../../../../operator/plan/station/rules/trust.ts';
import { addPod, after, deployment, healNode, mark, named, pods, spec } from '../../../builders/changes.ts';
import { served } from '../../../builders/served.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 2, pods: 4 }, 'zone-b': { nodes: 2, pods: 4 } } });

function trusted(snapshot: Snapshot, trust = TRUST_AT_ONCE): readonly number[] {
  const all = trustedPods(pictureOf(snapshot), trust);
  return ['zone-a', 'zone-b'].map((zone) => all.filter((pod) => pod.zone === zone).length);
}

describe('the pods that may be counted on', () => {
  it('are all sure ones of a settled station, with their node', () => {
    assert.deepEqual(trusted(whole), [4, 4]);
    assert.deepEqual(trustedPods(pictureOf(whole), TRUST_AT_ONCE)[1], {
      uid: 'uid-zone-a-pod-2',
      zone: 'zone-a',
      node: 'zone-a-2',
    });
  });

  it('are no more than the zone is told to have', () => {
    assert.deepEqual(trusted(after(whole, deployment('zone-a', { replicas: 3 }))), [3, 4]);
    assert.deepEqual(trusted(after(whole, deployment('zone-a', { replicas: 0 }))), [0, 4]);
  });

  it('are fewer by what is still to be deleted and has no pod that dies before', () => {
    // A = 5, r = 3: two go; one of them is marked, so that one of the four others goes too.
    const shrinking = after(whole, addPod('zone-a', { name: 'extra', servedMs: undefined }), mark('zone-a-pod-1'));
    assert.deepEqual(trusted(after(shrinking, deployment('zone-a', { replicas: 3 }))), [2, 4]);
    assert.deepEqual(trusted(after(shrinking, mark('extra'), deployment('zone-a', { replicas: 3 }))), [3, 4]);
  });

  it('are without marked ones, unless their shrink is the one being judged', () => {
    const marked = after(whole, mark('zone-a-pod-1'));
    const evenIfMarked = marked.zones.flatMap((zone) => zone.pods).filter(named('zone-a-pod-1'));
    assert.deepEqual(trusted(marked), [3, 4]);
    assert.deepEqual(trusted(marked, { ...TRUST_AT_ONCE, evenIfMarked }), [4, 4]);
  });

  it('are without those of a node that has only just come back, when that is asked', () => {
    const healed = after(whole, healNode('zone-a-1', 60_000));
    assert.deepEqual(trusted(healed), [4, 4]);
    assert.deepEqual(trusted(healed, { ...TRUST_AT_ONCE, healedMs: 120_000 }), [2, 4]);
    assert.deepEqual(trusted(healed, { ...TRUST_AT_ONCE, healedMs: 60_000 }), [4, 4]);
  });
});

describe('when the next pod begins to count', () => {
  it('is never, by age alone, when all count already', () => {
    assert.equal(settlesInMs(pictureOf(whole), 120_000), undefined);
  });

  it('is when it has been served for long enough, or Ready, or its node healed, whatever comes last', () => {
    const young = after(whole, pods(named('zone-a-pod-2'), { servedMs: 1_000 }));
    assert.equal(settlesInMs(pictureOf(young), 0), 2_000);
    assert.equal(settlesInMs(pictureOf(after(young, spec({ ports: [] }))), 0), undefined);
    const healed = after(whole, healNode('zone-b-1', 20_000));
    assert.equal(settlesInMs(pictureOf(healed), 120_000), 100_000);
    assert.equal(settlesInMs(pictureOf(after(healed, pods(named('zone-b-pod-1'), { servedMs: 0 }))), 21_000), 1_000);
  });

  it('ignores marks: a marked pod begins to count like any other', () => {
    assert.equal(
      settlesInMs(pictureOf(after(whole, pods(named('zone-a-pod-1'), { marked: true, servedMs: 0 }))), 0),
      3_000,
    );
  });

  it('is never for a pod that starts', () => {
    assert.equal(
      settlesInMs(pictureOf(after(whole, addPod('zone-a', { name: 'new', state: 'starting' }))), 0),
      undefined,
    );
  });
});
