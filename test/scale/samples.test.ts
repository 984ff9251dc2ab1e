import assert from 'node:assert/strict';
import { endedBy, isStale, newerOf, seenNow, sortSamples } from '../../operator/scale/samples.ts';
import type { Sample, ServingPod } from '../../operator/scale/samples.ts';

const slow = { periodMs: 15_000, nowMs: 1_000_000, readMs: 1_000_000 };
const quick = { ...slow, periodMs: 5_000 };

function aPod(name: string, over: Partial<ServingPod> = {}): ServingPod {
  return { name, readyAt: 100, readyMs: 600_000, isOverdue: false, ...over };
}

function aSample(value: number, over: Partial<Sample> = {}): Sample {
  return { value, seenMs: slow.nowMs - 1_000, windowMs: 15_000, endedAt: 500, ...over };
}

describe('samples of pods', () => {
  it('count while they are fresh, and only if all of them is of a Ready pod', () => {
    const samples = new Map([
      ['a', aSample(1)],
      ['b', aSample(2, { seenMs: slow.nowMs - 61_000 })],
      ['c', aSample(4, { endedAt: 114 })],
      ['d', aSample(8, { endedAt: 115 })],
    ]);
    const sorted = sortSamples([aPod('a'), aPod('b'), aPod('c'), aPod('d')], samples, slow);
    assert.deepEqual(sorted, { valid: [1, 8], doubtful: 1, silent: 1, hasStale: true, ageMs: 1_000 });
  });

  it('are missed of a new pod after 60 s where they come every 15 s, and after 10 s where every 5 s', () => {
    for (const [readyMs, age, expected] of [
      [59_000, slow, [1, 0]],
      [60_000, slow, [0, 1]],
      [9_000, quick, [1, 0]],
      [10_000, quick, [0, 1]],
    ] as const) {
      const { doubtful, silent } = sortSamples([aPod('a', { readyMs })], new Map(), age);
      assert.deepEqual([doubtful, silent], expected);
    }
  });

  it('of a pod that was heard just now, or whose node is not heard, make it doubtful, not silent', () => {
    const heard = new Map([['a', aSample(3, { isGone: true })]]);
    assert.equal(sortSamples([aPod('a')], heard, slow).doubtful, 1);
    const long = new Map([['a', aSample(3, { isGone: true, seenMs: slow.nowMs - 61_000 })]]);
    assert.deepEqual(
      [sortSamples([aPod('a')], long, slow).silent, sortSamples([aPod('a')], long, slow).hasStale],
      [1, false],
    );
    assert.equal(sortSamples([aPod('a', { isOverdue: true })], long, slow).doubtful, 1);
  });

  it('that could not be read make no pod silent: it counts what was heard when they were read last', () => {
    const unread = { ...slow, readMs: slow.nowMs - 30_000 };
    assert.equal(sortSamples([aPod('a', { readyMs: 80_000 })], new Map(), unread).doubtful, 1);
    assert.equal(sortSamples([aPod('a', { readyMs: 90_000 })], new Map(), unread).silent, 1);
  });

  it('are good for longer where their own window is longer', () => {
    const minute = aSample(1, { windowMs: 60_000, seenMs: slow.nowMs - 149_000 });
    assert.equal(isStale(minute, slow), false);
    assert.equal(isStale(minute, { ...slow, nowMs: slow.nowMs + 2_000 }), true);
  });

  it('that are sent again are as old as when they were seen first: a frozen series is stale', () => {
    const first = seenNow([['a', aSample(1, { seenMs: 1_000 })]], undefined, 1_000);
    const again = seenNow([['a', aSample(1, { seenMs: 50_000 })]], first, 50_000);
    assert.equal(again.get('a')?.seenMs, 1_000);
    const newer = seenNow([['a', aSample(2, { seenMs: 60_000, endedAt: 515 })]], again, 60_000);
    assert.deepEqual([newer.get('a')?.seenMs, newer.get('a')?.value], [60_000, 2]);
  });

  it('of two servers that answer in turn are the newer one’s', () => {
    const known = aSample(1, { endedAt: 500 });
    assert.equal(newerOf(known, aSample(9, { endedAt: 490 })).value, 1);
    assert.equal(newerOf(known, aSample(9, { endedAt: 510 })).value, 9);
  });

  it('count again after a clock was put back, once they go on; the same old one again does not', () => {
    const known = aSample(1, { endedAt: 5_000 });
    const older = newerOf(known, aSample(2, { endedAt: 500 }));
    assert.equal(older.value, 1);
    const frozen = newerOf(older, aSample(2, { endedAt: 500 }));
    assert.equal(frozen.value, 1);
    assert.equal(newerOf(frozen, aSample(3, { endedAt: 515 })).value, 3);
    const renewed = newerOf(frozen, aSample(4, { endedAt: 5_015 }));
    assert.equal(newerOf(renewed, aSample(3, { endedAt: 515 })).value, 4);
  });

  it('end no later than now, whatever the clock of their source says', () => {
    const now = new Date('2026-01-01T00:00:30Z');
    assert.equal(endedBy('2026-01-01T00:00:20Z', now), now.getTime() / 1000 - 10);
    assert.equal(endedBy('2026-01-01T01:00:00Z', now), now.getTime() / 1000);
    assert.deepEqual([endedBy('today', now), endedBy(undefined, now)], [undefined, undefined]);
  });

  it('that are gone are remembered for 5 min, and count again when they come again', () => {
    const first = seenNow([['a', { value: 1, windowMs: 0, seenMs: 0 }]], undefined, 0);
    const gone = seenNow([], first, 10_000);
    assert.deepEqual([gone.get('a')?.isGone, gone.get('a')?.seenMs], [true, 0]);
    assert.equal(seenNow([], gone, 300_000).size, 0);
    assert.equal(seenNow([['a', { value: 1, windowMs: 0, seenMs: 15_000 }]], gone, 15_000).get('a')?.isGone, undefined);
  });
});
