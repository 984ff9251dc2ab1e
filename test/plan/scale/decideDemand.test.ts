import assert from 'node:assert/strict';
import { podsFor } from '../../../operator/plan/scale/decideDemand.ts';
import { aMetric, DemandPlay, demandRules } from '../../builders/demand.ts';

describe('demand that follows load', () => {
  it('is the load over what one pod carries, rounded up, and exact in spite of doubles', () => {
    assert.equal(podsFor(4.4 / 0.49), 9);
    assert.equal(podsFor(4.9 / 0.49), 10);
    assert.equal(podsFor(0), 0);
  });

  it('follows 8.1 pods’ worth although nine run: an HPA on the nine would stay at six', () => {
    const play = new DemandPlay(6);
    play.tick([aMetric(6, { isSlow: true })]);
    assert.equal(play.tick([aMetric(8.1, { isSlow: true })]).demand, 9);
  });

  it('rises when load grows by half, by the 10 s average', () => {
    const play = new DemandPlay(6);
    play.hold(6, 60);
    const seen = Array.from({ length: 5 }, () => play.tick([aMetric(9.5)]).demand);
    assert.deepEqual(seen, [7, 8, 8, 9, 10]);
  });

  it('rises at once by a metric that comes seldom', () => {
    const play = new DemandPlay(6);
    play.tick([aMetric(6, { isSlow: true })]);
    assert.equal(play.tick([aMetric(9.5, { isSlow: true })]).demand, 10);
  });

  it('stays within 5 % above and 10 % below', () => {
    const play = new DemandPlay(20);
    assert.equal(play.hold(21, 60).demand, 20);
    assert.equal(play.hold(18, 900).demand, 20);
    assert.equal(play.hold(17.9, 302).demand, 18);
    assert.equal(play.hold(19, 60).demand, 19);
  });

  it('rises by four or twice within 15 s, whichever is more', () => {
    const play = new DemandPlay(2);
    const first = play.tick([aMetric(35)]);
    assert.deepEqual([first.demand, first.limitedBy], [6, 'Rate']);
    assert.equal(play.hold(35, 12).demand, 6);
    assert.equal(play.hold(35, 4).demand, 12);
    assert.equal(play.hold(35, 16).demand, 24);
    assert.deepEqual([play.hold(35, 16).demand, play.last?.limitedBy], [35, undefined]);
  });

  it('falls when the window has passed, to the most that load asked for within it', () => {
    const play = new DemandPlay(11);
    play.hold(11, 10);
    const dip = play.hold(5, 288);
    assert.deepEqual([dip.demand, dip.limitedBy, dip.heldMs], [11, 'Window', 12_000]);
    play.hold(7, 10);
    assert.equal(play.demand, 11);
    assert.equal(play.hold(5, 4).demand, 7);
    assert.equal(play.hold(5, 298).demand, 5);
  });

  it('is held by a window that begins with what is there: after a restart, nothing falls for 300 s', () => {
    const play = new DemandPlay(12);
    play.hold(12, 60);
    play.restart();
    assert.equal(play.hold(3, 298).demand, 12);
    assert.equal(play.hold(3, 4).demand, 3);
  });

  it('does not flap without a window: it falls no further than the averages ask', () => {
    const play = new DemandPlay(10, demandRules({ windowMs: 0 }));
    play.hold(10, 60);
    const seen = Array.from({ length: 60 }, () => play.tick([aMetric(4)]).demand);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => b - a),
    );
    assert.equal(play.demand, 4);
  });

  it('is what it was while load is not known, and for a window after it is known again', () => {
    const play = new DemandPlay(9);
    play.hold(9, 60);
    assert.equal(play.hold(undefined, 900).demand, 9);
    assert.equal(play.hold(2, 298).demand, 9);
    assert.equal(play.hold(2, 4).demand, 2);
  });

  it('is at least the fallback once so many reads have failed, and falls from there by the window', () => {
    const play = new DemandPlay(3, demandRules({ fallback: { failureThreshold: 3, replicas: 6 } }));
    play.hold(3, 10);
    assert.equal(play.tick([aMetric(undefined, { failedReads: 2 })]).demand, 3);
    const fell = play.tick([aMetric(undefined, { failedReads: 3 })]);
    assert.deepEqual([fell.demand, fell.limitedBy], [6, 'Fallback']);
    assert.equal(play.hold(3, 298).demand, 6);
    assert.equal(play.hold(3, 4).demand, 3);
  });

  it('is the most that any metric asks for, and falls only when all are known', () => {
    const play = new DemandPlay(4);
    const both = (a: number | undefined, b: number | undefined): number =>
      play.tick([aMetric(a, { id: 'a', isSlow: true }), aMetric(b, { id: 'b', isSlow: true })]).demand;
    assert.equal(both(3, 7), 7);
    assert.equal(both(8, undefined), 8);
    for (let ticks = 0; ticks < 200; ticks += 1) both(1, undefined);
    assert.equal(play.demand, 8);
    for (let ticks = 0; ticks < 152; ticks += 1) both(1, 2);
    assert.equal(play.demand, 2);
  });

  it('stays within its bounds, says which, and follows an edit of them at once', () => {
    const play = new DemandPlay(6);
    assert.deepEqual([play.hold(1_000, 600).demand, play.last?.limitedBy], [40, 'Max']);
    play.hold(1, 600);
    assert.deepEqual([play.demand, play.last?.limitedBy], [2, 'Min']);
    assert.equal(play.tick([aMetric(1)], { rules: demandRules({ minReplicas: 5 }) }).demand, 5);
    assert.equal(play.tick([aMetric(1)]).demand, 2);
  });

  it('takes what is not finite, or below 0, for a load that is not known, and forgets it', () => {
    for (const odd of [NaN, Infinity, -1, -Infinity]) {
      const play = new DemandPlay(9);
      play.hold(9, 60);
      for (const load of [
        { up: odd, down: 9 },
        { up: 9, down: odd },
      ]) {
        const { demand, asked } = play.tick([aMetric(undefined, { load })]);
        assert.deepEqual([demand, asked], [9, undefined], String(odd));
      }
      assert.equal(play.hold(12, 60).demand, 12);
    }
  });

  it('is right for loads whose sum is beyond what a double holds', () => {
    const play = new DemandPlay(9);
    assert.equal(play.hold(1e308, 60).demand, 40);
    assert.equal(play.hold(20, 400).demand, 20);
  });

  it('rises from 0 at least where it fell within the time that rises are counted', () => {
    const play = new DemandPlay(2, demandRules({ windowMs: 0, minReplicas: 1 }));
    play.tick([aMetric(6, { isSlow: true })]);
    play.hold(0, 2);
    const slow = (load: number): number => play.tick([aMetric(load, { isSlow: true })]).demand;
    for (let ticks = 0; ticks < 3; ticks += 1) slow(0);
    assert.ok(slow(30) >= 4);
  });

  it('has floors that begin and end to the moment', () => {
    const play = new DemandPlay(4);
    play.hold(4, 600);
    assert.equal(play.hold(4, 60, { floor: 20 }).demand, 20);
    assert.equal(play.hold(4, 2).demand, 4);
  });
});
