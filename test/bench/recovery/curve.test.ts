import assert from 'node:assert/strict';
import { dipOf, isWhole } from '../../../tools/bench/recovery/curve.ts';
import type { Point } from '../../../tools/bench/recovery/curve.ts';

const steps = (...counts: readonly (readonly [number, number])[]): readonly Point[] =>
  counts.map(([atMs, running]) => ({ atMs, running, wanted: 12 }));

describe('the dip of a curve', () => {
  it('has the least, the area below demand, the time there, and when all ran again', () => {
    const dip = dipOf(steps([0, 12], [100, 10], [1_100, 11], [3_100, 12]), 12, 60_000);
    assert.deepEqual(dip, { least: 10, podSeconds: 4, belowMs: 3_000, wholeAfterMs: 3_100 });
  });

  it('is none where nothing was missing', () => {
    assert.deepEqual(dipOf(steps([0, 14], [200, 12]), 12, 1_000), {
      least: 12,
      podSeconds: 0,
      belowMs: 0,
      wholeAfterMs: 0,
    });
  });

  it('goes on to the end for a subject that is still short', () => {
    const dip = dipOf(steps([0, 12], [1_000, 9]), 12, 11_000);
    assert.deepEqual([dip.podSeconds, dip.wholeAfterMs], [30, undefined]);
  });

  it('tells fewer than wanted from fewer than demanded', () => {
    const surplus = [
      { atMs: 0, running: 18, wanted: 18 },
      { atMs: 10, running: 17, wanted: 18 },
      { atMs: 50_010, running: 18, wanted: 18 },
    ];
    assert.deepEqual(dipOf(surplus, 12, 60_000), { least: 17, podSeconds: 0, belowMs: 0, wholeAfterMs: 50_010 });
  });
});

describe('whole', () => {
  it('is a subject that has missed no pod for the given time', () => {
    const again = steps([0, 12], [100, 11], [2_000, 12]);
    assert.deepEqual([isWhole(again, 4_000, 3_000), isWhole(again, 5_000, 3_000)], [false, true]);
    assert.equal(isWhole(steps([0, 12], [100, 11]), 90_000, 3_000), false);
    assert.equal(isWhole(steps([0, 12]), 0, 3_000), true);
  });
});
