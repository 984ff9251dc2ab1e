import assert from 'node:assert/strict';
import { boundOf, steadyBound } from '../../operator/traffic/bound.ts';

describe('the most requests that one hub has open', () => {
  it('is 64 a pod, as a power of two, however many hubs there are', () => {
    assert.equal(boundOf(9), 1_024);
    assert.equal(boundOf(1), 64);
    assert.equal(boundOf(0), 64);
  });
  it('rises at once, and falls only to a quarter', () => {
    assert.equal(steadyBound(undefined, 128), 128);
    assert.equal(steadyBound(128, 256), 256);
    assert.equal(steadyBound(256, 128), 256);
    assert.equal(steadyBound(256, 64), 64);
  });
});
