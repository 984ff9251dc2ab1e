import assert from 'node:assert/strict';
import { Suspects } from '../../../operator/observe/suspects/suspects.ts';
import { afterMs, Fleet } from '../../builders/fleet.ts';

describe('a node is suspect', () => {
  it('when its Lease is not renewed for the time given while others are', () => {
    const fleet = new Fleet(10).run(60).silence('n1').run(24);
    assert.deepEqual(fleet.suspects, []);
    fleet.run(1);
    assert.deepEqual(fleet.suspects, ['n1']);
    assert.deepEqual(fleet.flips, [[85, 'n1']]);
  });

  it('with the moment of its last renewal', () => {
    const fleet = new Fleet(10).silence('n1').run(30);
    assert.deepEqual([...fleet.tracker.suspects], [['n1', 1]]);
  });

  it('no longer from the moment its Lease is renewed', () => {
    const fleet = new Fleet(10).silence('n1').run(40).renew('n1');
    assert.deepEqual(fleet.suspects, []);
    assert.deepEqual(fleet.flips, [
      [25, 'n1'],
      [40, 'n1'],
    ]);
  });

  it('no longer when its Lease is set back in time: any change is a renewal', () => {
    const fleet = new Fleet(10).renew('n1', '2026-01-02T00:00:00.000000Z').silence('n1').run(40);
    assert.deepEqual(fleet.suspects, ['n1']);
    assert.deepEqual(fleet.renew('n1', '2026-01-01T00:00:00.000000Z').suspects, []);
  });

  it('still when its Lease was touched but not renewed', () => {
    const fleet = new Fleet(10).renew('n1', 'same').silence('n1').run(20).renew('n1', 'same').run(10);
    assert.deepEqual(fleet.suspects, ['n1']);
  });

  it('no longer when its Lease is gone, and never without one', () => {
    const fleet = new Fleet(10).silence('n1').run(30);
    assert.deepEqual(fleet.tracker.gone('n1'), ['n1']);
    assert.deepEqual(fleet.run(60).suspects, []);
    const nodes = new Map([...fleet.all(), 'bare'].map((name) => [name, { zone: '', isReady: true }]));
    assert.deepEqual(fleet.tracker.judge(nodes, 1, 90_000), []);
  });

  it('only when there is a node of the Lease’s name', () => {
    const fleet = new Fleet(10);
    fleet.tracker.seen({ name: 'leftover', renewTime: '1', renewedAt: 1 }, 0);
    assert.deepEqual(fleet.run(60).suspects, []);
  });

  it('by what was seen alone: after a start every age is 0, however old the Lease', () => {
    const fleet = new Fleet(10).silence('n1').run(20);
    const anew = new Fleet(10, { tracker: new Suspects(afterMs) }).silence('n1');
    assert.deepEqual([fleet.run(4).suspects, anew.run(24).suspects], [[], []]);
    assert.deepEqual(anew.run(1).suspects, ['n1']);
  });
});

describe('of nodes that fall silent together', () => {
  it('a third is too many: none is suspect', () => {
    assert.deepEqual(new Fleet(9).run(30).silence('n1', 'n2', 'n3').run(90).suspects, []);
  });

  it('less than a third are suspect', () => {
    assert.deepEqual(new Fleet(10).run(30).silence('n1', 'n2', 'n3').run(90).suspects, ['n1', 'n2', 'n3']);
  });

  it('one of three is a third', () => {
    assert.deepEqual(new Fleet(3).run(30).silence('n1').run(90).suspects, []);
    assert.deepEqual(new Fleet(4).run(30).silence('n1').run(90).suspects, ['n1']);
  });

  it('those suspect first are no longer when it turns out that they are too many', () => {
    const fleet = new Fleet(9).run(30).silence('n1').run(10).silence('n2').run(12).silence('n3').run(15);
    assert.deepEqual(fleet.suspects, ['n1', 'n2']);
    assert.deepEqual(fleet.run(25).suspects, []);
  });

  it('those more than 25 s apart are each suspect', () => {
    const fleet = new Fleet(9);
    for (const name of ['n1', 'n2', 'n3', 'n4']) fleet.run(30).silence(name);
    assert.deepEqual(fleet.run(60).suspects, ['n1', 'n2', 'n3', 'n4']);
  });

  it('none is suspect before it was heard again, although the others spoke meanwhile', () => {
    const fleet = new Fleet(9);
    fleet
      .run(30)
      .silence(...fleet.all())
      .run(60);
    assert.deepEqual(fleet.suspects, []);
    fleet
      .wake(...fleet.all())
      .silence('n5')
      .run(60);
    assert.deepEqual(fleet.flips, []);
    fleet.wake('n5').run(15).silence('n5').run(40);
    assert.deepEqual(fleet.suspects, ['n5']);
  });
});

describe('while no Lease at all is renewed', () => {
  it('no node becomes suspect', () => {
    const fleet = new Fleet(12);
    fleet
      .run(60)
      .silence('n1', 'n2')
      .run(5)
      .silence(...fleet.all());
    assert.deepEqual(fleet.run(300).flips, []);
  });

  it('a suspect node stays suspect', () => {
    const fleet = new Fleet(12);
    fleet
      .run(60)
      .silence('n1')
      .run(40)
      .silence(...fleet.all());
    assert.deepEqual(fleet.run(300).suspects, ['n1']);
  });

  it('it looks again soon', () => {
    const fleet = new Fleet(12);
    fleet.silence(...fleet.all()).run(30);
    assert.equal(fleet.tracker.judgeAgainMs(30_000), 1_000);
  });
});

describe('how long a node is silent', () => {
  const seen = (tracker: Suspects, second: number, renewals: Readonly<Record<string, number>>): void => {
    for (const [name, renewedAt] of Object.entries(renewals))
      tracker.seen({ name, renewTime: String(renewedAt), renewedAt }, second * 1000);
  };

  it('is counted from the renewal that we saw last', () => {
    const fleet = new Fleet(4).run(60).silence('n1').run(14);
    const [silent = 0, other = 0] = ['n1', 'n2'].map((name) => fleet.tracker.silentMs(name, 74_000));
    assert.ok(silent >= 14_000 && silent < 24_000, `${silent} ms`);
    assert.ok(other < 10_000, `${other} ms`);
  });

  it('is counted from what its Lease tells, by the clock of the API server, until we saw it renewed', () => {
    const tracker = new Suspects(afterMs);
    seen(tracker, 0, { n1: 1_000, n2: 1_030 });
    assert.deepEqual(
      ['n1', 'n2'].map((name) => tracker.silentMs(name, 0)),
      [30_000, 0],
    );
    seen(tracker, 2, { n1: 1_032, n2: 1_100 });
    assert.equal(tracker.silentMs('n1', 5_000), 3_000, 'a fast clock somewhere does not matter any more');
  });

  it('is 0 without a Lease, and not known while no Lease at all is renewed', () => {
    const tracker = new Suspects(afterMs);
    assert.equal(tracker.silentMs('n1', 0), undefined);
    seen(tracker, 0, { n1: 1_000 });
    assert.deepEqual([tracker.silentMs('bare', 12_000), tracker.silentMs('n1', 12_000)], [0, 12_000]);
    assert.deepEqual([tracker.silentMs('bare', 12_001), tracker.silentMs('n1', 12_001)], [undefined, undefined]);
  });
});

describe('the next judgement', () => {
  it('is due when the Lease heard longest ago has had its time', () => {
    const tracker = new Suspects(afterMs);
    assert.equal(tracker.judgeAgainMs(0), afterMs);
    tracker.seen({ name: 'n1', renewTime: '1', renewedAt: 1 }, 0);
    tracker.seen({ name: 'n2', renewTime: '2', renewedAt: 1 }, 7_000);
    assert.equal(tracker.judgeAgainMs(9_000), 16_000);
    assert.equal(tracker.judgeAgainMs(26_000), 6_000);
  });
});
