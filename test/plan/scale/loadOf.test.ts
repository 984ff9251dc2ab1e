import assert from 'node:assert/strict';
import { loadOf } from '../../../operator/plan/scale/loadOf.ts';

describe('the load of pods', () => {
  const target = 8;

  it('is the sum of what they say, whether they are six or nine', () => {
    const total = 48;
    for (const pods of [6, 9]) {
      const valid = Array.from({ length: pods }, () => total / pods);
      const load = loadOf({ valid, doubtful: 0, silent: 0 }, target);
      assert.ok(load !== undefined);
      assert.ok(Math.abs(load.up - total) < 1e-9 && Math.abs(load.down - total) < 1e-9);
    }
  });

  it('takes a silent pod for one as the others before it rises, and for a full one before it falls', () => {
    assert.deepEqual(loadOf({ valid: [10, 10, 10, 10], doubtful: 1, silent: 1 }, target), { up: 50, down: 60 });
    assert.deepEqual(loadOf({ valid: [2, 2], doubtful: 0, silent: 1 }, target), { up: 6, down: 12 });
  });

  it('is not known where it is beyond what a double holds', () => {
    assert.equal(loadOf({ valid: [1e308, 1e308], doubtful: 0, silent: 0 }, target), undefined);
    assert.equal(loadOf({ valid: [1e308], doubtful: 0, silent: 1 }, target), undefined);
  });

  it('is not known while no pod says anything', () => {
    assert.equal(loadOf({ valid: [], doubtful: 0, silent: 0 }, target), undefined);
    assert.equal(loadOf({ valid: [], doubtful: 2, silent: 3 }, target), undefined);
  });
});
