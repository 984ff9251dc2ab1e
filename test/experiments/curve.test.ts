import assert from 'node:assert/strict';
import { Curve } from '../../tools/experiments/curve.ts';

/** Six promised, nine in all, counted every second. */
function curveOf(...counts: readonly number[]): Curve {
  const curve = new Curve(6, 9);
  for (const [second, pods] of counts.entries()) curve.count(pods, second * 1000);
  return curve;
}

describe('the curve of a service', () => {
  it('that misses nothing is whole from the beginning', () => {
    const curve = curveOf(9, 9, 9);
    assert.deepEqual(curve.figures(), { least: 9, shortMs: 0, wholeAfterMs: 0 });
    assert.ok(curve.isSteady(2000) && !curve.isSteady(2001));
  });

  it('is whole again from the last time that it became so', () => {
    assert.deepEqual(curveOf(9, 8, 9, 7, 9, 9).figures(), { least: 7, shortMs: 0, wholeAfterMs: 4000 });
  });

  it('is short as long as fewer run than were promised', () => {
    assert.deepEqual(curveOf(9, 5, 4, 6).figures(), { least: 4, shortMs: 2000, wholeAfterMs: undefined });
    assert.ok(!curveOf(9, 5).isSteady(0));
  });

  it('has a step where the count changes, and an end', () => {
    assert.deepEqual(curveOf(9, 9, 8, 8).steps(), [
      { atMs: 0, pods: 9 },
      { atMs: 2000, pods: 8 },
      { atMs: 3000, pods: 8 },
    ]);
  });
});
