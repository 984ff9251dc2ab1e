import assert from 'node:assert/strict';
import { podsToDelete } from '../../tools/simulate/sim/deletionorder.ts';
import type { SimPod } from '../../tools/simulate/sim/objects.ts';

const nowMs = 1_000_000;

function aPod(name: string, over: Partial<SimPod> = {}): SimPod {
  return {
    name,
    uid: name,
    version: 1,
    createdMs: 0,
    replicaSetUid: 'set-1',
    replicaSet: 'rs',
    deployment: 'grill',
    hash: 'h',
    labels: {},
    containers: [],
    node: name,
    boundMs: 0,
    running: true,
    ready: true,
    readySinceMs: 0,
    deletingMs: undefined,
    cost: undefined,
    unschedulable: undefined,
    waiting: undefined,
    ...over,
  };
}

describe('a simulated ReplicaSet deletes', () => {
  const stays = aPod('stays');
  const cases: readonly (readonly [string, SimPod])[] = [
    ['a pod without a node', aPod('goes', { node: undefined, cost: 5 })],
    ['a pending pod', aPod('goes', { running: false, ready: false, cost: 5 })],
    ['a pod that is not ready', aPod('goes', { ready: false, cost: 5 })],
    ['a pod of lower cost', aPod('goes', { cost: -1 })],
    ['a pod that has been ready for shorter', aPod('goes', { readySinceMs: nowMs - 2000 })],
    ['a newer pod', aPod('goes', { createdMs: nowMs - 2000 })],
  ];
  for (const [what, goes] of cases) {
    it(`${what} before another`, async () => {
      assert.deepEqual(podsToDelete([stays, goes], [stays, goes], { surplus: 1, nowMs }), [goes]);
    });
  }

  it('a pod that shares its node before one that is alone', async () => {
    const pods = [aPod('alone'), aPod('one', { node: 'n' }), aPod('two', { node: 'n' })];
    assert.equal(podsToDelete(pods, pods, { surplus: 1, nowMs })[0]?.node, 'n');
  });

  it('by cost before age, and by readiness before cost', async () => {
    const marked = aPod('marked', { cost: -9 });
    const unready = aPod('unready', { ready: false });
    const young = aPod('young', { readySinceMs: nowMs });
    assert.deepEqual(podsToDelete([young, marked, unready], [], { surplus: 2, nowMs }), [unready, marked]);
  });
});
