import assert from 'node:assert/strict';
import { newSize, oldSizes, proportional, surgePods } from '../../tools/simulate/sim/rolling.ts';
import type { Sized } from '../../tools/simulate/sim/rolling.ts';

function aSet(name: string, over: Partial<Sized> = {}): Sized {
  const replicas = over.replicas ?? 3;
  return { name, createdMs: 0, replicas, available: replicas, most: 12, ...over };
}

describe('the simulated Deployment controller', () => {
  it('rounds a surge in per cent up', async () => {
    assert.equal(surgePods('25%', 9), 3);
    assert.equal(surgePods(2, 9), 2);
  });

  it('scales a rollout under way in proportion, what is left over by the largest (9 → 8 with 9 old and 3 new)', async () => {
    const sizes = proportional([aSet('old', { replicas: 9 }), aSet('new', { replicas: 3, createdMs: 1 })], 8, 2);
    assert.deepEqual(Object.fromEntries(sizes), { old: 7, new: 3 });
  });

  it('grows the new ReplicaSet by no more than the surge leaves', async () => {
    assert.equal(newSize([aSet('old', { replicas: 9 })], 0, { replicas: 9, surge: 3 }), 3);
    assert.equal(
      newSize([aSet('old', { replicas: 9 }), aSet('new', { replicas: 3 })], 3, { replicas: 9, surge: 3 }),
      3,
    );
  });

  it('takes old pods only for new ones that are available', async () => {
    const fresh = aSet('new', { replicas: 3, available: 1 });
    assert.deepEqual(Object.fromEntries(oldSizes([aSet('old', { replicas: 9 })], fresh, 9)), { old: 8 });
  });

  it('takes old pods that are not available first', async () => {
    const fresh = aSet('new', { replicas: 3, available: 3 });
    assert.deepEqual(Object.fromEntries(oldSizes([aSet('old', { replicas: 9, available: 7 })], fresh, 9)), { old: 6 });
  });

  it('waits for a status that has seen its last step', async () => {
    const fresh = aSet('new', { replicas: 5, available: 5 });
    assert.deepEqual(Object.fromEntries(oldSizes([aSet('old', { replicas: 4, available: 6 })], fresh, 9)), { old: 4 });
  });
});
