import assert from 'node:assert/strict';
import { boundOf, steadyBound } from '../../operator/traffic/bound.ts';

describe('the most requests that one hub has open', () => {
  it('is its part of 64 a pod, as a power of two, and 16 at the least', () => {
    assert.equal(boundOf({ pods: 9, hubs: 7 }), 128);
    assert.equal(boundOf({ pods: 9, hubs: 0 }), 1_024);
    assert.equal(boundOf({ pods: 1, hubs: 50 }), 16);
  });
  it('rises at once, and falls only to a quarter', () => {
    assert.equal(steadyBound(undefined, 128), 128);
    assert.equal(steadyBound(128, 256), 256);
    assert.equal(steadyBound(256, 128), 256);
    assert.equal(steadyBound(256, 64), 64);
  });
});
