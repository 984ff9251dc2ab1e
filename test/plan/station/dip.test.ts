import assert from 'node:assert/strict';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { ours, pictureOf } from '../../../operator/plan/station/picture.ts';
import { minAvailableFor, protectStep } from '../../../operator/plan/station/rules/protect.ts';
import { addPod, after, cordon, deployment, healNode, pods, recounted, remove, spec } from '../../builders/changes.ts';
import type { Change } from '../../builders/changes.ts';
import { play } from '../../builders/play.ts';
import { healthy, served } from '../../builders/served.ts';
import { aPodNode } from '../../builders/snapshot.ts';

const two = { nodes: 1, pods: 2 };
const whole = served({ demand: 4, zones: { 'zone-a': two, 'zone-b': two } });
const dips = spec({ whenNoRoom: 'Dip' });
const leaving = after(whole, cordon('zone-a-1'));

/** So many replacements that have found no room for so long. */
function pending(many: number, ageMs = 15_000): Change {
  const unschedulable = { message: '0/2 nodes are available', ageMs };
  const names = Array.from({ length: many }, (_, index) => `pending-${index + 1}`);
  return (snapshot) =>
    after(
      snapshot,
      ...names.map((name) => addPod('zone-a', { name, state: 'starting', node: undefined, unschedulable })),
    );
}

/** How many evictions of Ready pods the budget lets through, once it keeps what is planned. */
function allowed(snapshot: Snapshot): number {
  return healthy(snapshot) - minAvailableFor(pictureOf(snapshot), undefined);
}

/** Evicts the pods of a node as `kubectl drain` does, whenever the budget allows; gives the fewest that were ever Ready. */
function drain(snapshot: Snapshot, node: string): { readonly end: Snapshot; readonly least: number } {
  let { end } = play(snapshot);
  let least = healthy(end);
  for (;;) {
    const next = end.zones.flatMap((zone) => zone.pods).find((pod) => pod.node?.name === node);
    const { minAvailable = 0, currentHealthy = 0 } = ours(end.budget) ?? {};
    if (next === undefined) return { end, least };
    assert.ok(
      currentHealthy - minAvailable >= 1,
      `${next.name} cannot be evicted: ${currentHealthy} of ${minAvailable}`,
    );
    end = after(end, remove(next.name));
    least = Math.min(least, healthy(end));
    ({ end } = play(end));
  }
}

describe('a station that would rather dip', () => {
  it('gives up as many as found no room, so that all of the leaving pods may be evicted', () => {
    assert.equal(allowed(after(leaving, dips, pending(2))), 2);
    assert.equal(allowed(after(leaving, dips, pending(1))), 1);
  });

  it('never gives up more than the leaving pods, however many find no room', () => {
    assert.equal(allowed(after(leaving, dips, pending(7))), 2);
    const more = after(leaving, dips, spec({ replicas: 9, whenNoRoom: 'Dip' }), pending(7));
    assert.equal(allowed(more), 2, 'pods that a new demand is short of are not given up, and hold up no drain');
  });

  it('gives up nothing for the first 15 s, without a leaving pod, or when others serve demand', () => {
    assert.equal(allowed(after(leaving, dips, pending(2, 14_999))), -2);
    assert.equal(allowed(after(whole, dips, pending(2))), 0);
    const grown = deployment('zone-b', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 });
    const ready = after(leaving, dips, grown, addPod('zone-b', { name: 'b1' }), addPod('zone-b', { name: 'b2' }));
    assert.equal(allowed(after(ready, pending(2))), 0, 'they are handed over');
  });

  it('counts pods that the API server does not let it make', () => {
    const quota = deployment('zone-a', { replicas: 4, replicaFailure: 'exceeded quota' });
    assert.equal(allowed(after(leaving, dips, quota)), 2);
  });

  it('says what it gives up', () => {
    const step = protectStep(pictureOf(after(leaving, dips, pending(2))), 2);
    assert.equal(step?.why, 'keeps 2 ready: demand 4 less 2 whose replacements find no room (whenNoRoom: Dip)');
  });

  it('lets a drain end without room, and keeps all that is left at once', () => {
    const { end, least } = drain(after(whole, dips, cordon('zone-a-1')), 'zone-a-1');
    assert.equal(least, 2);
    assert.equal(ours(end.budget)?.minAvailable, 4);
  });

  it('is whole again, and no larger than that, when there is room again', () => {
    const { end } = drain(after(whole, dips, cordon('zone-a-1')), 'zone-a-1');
    const placed = pods((pod) => pod.node === undefined, {
      node: aPodNode({ name: 'zone-a-1' }),
      unschedulable: undefined,
    });
    const { end: healed } = play(recounted(after(end, healNode('zone-a-1', undefined), placed)));
    assert.equal(healthy(healed), 4);
    assert.equal(ours(healed.budget)?.minAvailable, 4);
  });

  it('waits where it would rather block', () => {
    assert.throws(() => drain(leaving, 'zone-a-1'), /cannot be evicted: 4 of 6/);
  });
});
