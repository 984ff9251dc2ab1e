import assert from 'node:assert/strict';
import { median } from '../../../tools/bench/scale/median.ts';

describe('the median', () => {
  it('is the value in the middle, or between the two there', () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1]), median([7])], [2, 2.5, 7]);
  });

  it('leaves out what is unknown, and counts what never ended as longest', () => {
    assert.equal(median([null, 3, undefined]), 3);
    assert.equal(median([Infinity, 1, 2]), 2);
    assert.equal(median([Infinity, 1, Infinity]), Infinity);
    assert.equal(median([]), undefined);
  });
});
