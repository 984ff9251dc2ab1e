import assert from 'node:assert/strict';
import { Untold } from '../../operator/report/untold.ts';

describe('what is untold', () => {
  const at = (nowMs: number, isBehind = false): { hurry: 'underWay'; isBehind: boolean; nowMs: number } => ({
    hurry: 'underWay',
    isBehind,
    nowMs,
  });

  /** This many objects have something untold since 0. */
  function untoldOf(objects: number): Untold<string> {
    const untold = new Untold<string>();
    for (let index = 0; index < objects; index++) untold.keep(`uid-${index}`, [], at(0));
    return untold;
  }

  it('waits 10 s; longer where very many wait, 30 s at most', () => {
    for (const [objects, mostMs] of [
      [1, 10_000],
      [200, 10_000],
      [300, 15_000],
      [900, 30_000],
    ] as const) {
      assert.equal(untoldOf(objects).patienceMs('uid-0', at(1_000)), mostMs - 1_000, `${objects} objects`);
    }
    assert.equal(untoldOf(1).patienceMs('uid-0', at(11_000)), 0);
  });

  it('waits for nothing where a person must know it, but for stations without a worker', () => {
    const urgent = { hurry: 'mustBeKnown', nowMs: 1_000 } as const;
    assert.equal(untoldOf(1).patienceMs('uid-0', { ...urgent, isBehind: false }), 0);
    assert.equal(untoldOf(1).patienceMs('uid-0', { ...urgent, isBehind: true }), 9_000);
  });

  it('waits a second more once it has settled, and begins anew where that was only for a moment', () => {
    const untold = untoldOf(1);
    const settled = (nowMs: number): number => untold.patienceMs('uid-0', { hurry: 'settled', isBehind: false, nowMs });
    assert.equal(settled(1_000), 1_000);
    untold.keep('uid-0', [], { hurry: 'settled', nowMs: 1_000 });
    assert.equal(settled(1_400), 600);
    untold.keep('uid-0', [], at(1_500));
    assert.equal(settled(2_000), 1_000);
    assert.equal(settled(9_700), 300, 'never longer than 10 s in all');
  });

  it('keeps the ten newest news, and forgets them when they are told', () => {
    const untold = untoldOf(1);
    untold.keep(
      'uid-0',
      Array.from({ length: 12 }, (_, index) => `news ${index}`),
      at(0),
    );
    assert.deepEqual([untold.newsOf('uid-0').length, untold.newsOf('uid-0')[0]], [10, 'news 2']);
    untold.forget('uid-0');
    assert.deepEqual([untold.newsOf('uid-0'), untold.size], [[], 0]);
  });
});
