import assert from 'node:assert/strict';
import { reportEveryMs } from '../../operator/traffic/pace.ts';

describe('how often hubs tell of their load', () => {
  it('is the less often the more there are', () => {
    assert.deepEqual([0, 60, 61, 120, 121, 2_000].map(reportEveryMs), [1_000, 1_000, 2_000, 2_000, 5_000, 5_000]);
  });
});
