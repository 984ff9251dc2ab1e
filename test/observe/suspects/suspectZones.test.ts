import assert from 'node:assert/strict';
import { Suspects } from '../../../operator/observe/suspects/suspects.ts';
import type { NodePlace } from '../../../operator/observe/suspects/suspects.ts';
import { afterMs, Fleet } from '../../builders/fleet.ts';

describe('a third or more that is all nodes of one zone', () => {
  /** When each node first became suspect, in seconds. */
  const flippedAt = ({ flips }: Fleet): readonly number[] => [...new Set(flips.map(([seconds]) => seconds))];

  for (const [nodes, zones] of [
    [3, 3],
    [9, 3],
    [500, 3],
    [10, 2],
  ] as const) {
    it(`is believed when the others are heard all along, of ${nodes} nodes in ${zones} zones, in one step`, () => {
      const fleet = new Fleet(nodes, { zones }).run(60);
      fleet.silence(...fleet.zone(1)).run(26);
      assert.deepEqual(fleet.suspects, fleet.zone(1).toSorted());
      assert.equal(flippedAt(fleet).length, 1);
      fleet.run(120).wake(...fleet.zone(1));
      assert.deepEqual(fleet.run(10).suspects, []);
    });
  }

  it('is not believed while one of few others was not heard meanwhile', () => {
    const fleet = new Fleet(9, { zones: 3 }).run(60);
    fleet.silence(...fleet.zone(1), 'n2').run(60);
    assert.deepEqual(fleet.suspects, []);
  });

  it('is believed when that one is known to be lost, and is one of ten others or more', () => {
    const fleet = new Fleet(9, { zones: 3 }).run(60).silence('n2').run(60);
    fleet.silence(...fleet.zone(1)).run(30);
    assert.deepEqual(fleet.suspects, [...fleet.zone(1), 'n2'].toSorted());
    const large = new Fleet(30, { zones: 3 }).run(60);
    large.silence(...large.zone(1), 'n2').run(30);
    assert.deepEqual(large.suspects, [...large.zone(1), 'n2'].toSorted());
  });

  it('is not believed after an outage that broke the renewals of all', () => {
    const fleet = new Fleet(9, { zones: 3 }).run(60);
    fleet.silence(...fleet.all()).run(20);
    fleet.wake(...fleet.zone(2), ...fleet.zone(3)).run(60);
    assert.deepEqual(fleet.suspects, []);
  });

  it('is not believed when one node of it is heard', () => {
    const fleet = new Fleet(12, { zones: 2 }).run(60);
    fleet.silence(...fleet.zone(1).slice(1)).run(60);
    assert.deepEqual(fleet.suspects, []);
  });

  it('is believed of as many zones at once as stations declare', () => {
    for (const most of [1, 2]) {
      const fleet = new Fleet(9, { zones: 3, most }).run(60);
      const both = [...fleet.zone(1), ...fleet.zone(2)];
      fleet.silence(...both).run(60);
      assert.deepEqual(fleet.suspects, most === 1 ? [] : both.toSorted());
    }
  });

  it('is believed of a second zone later', () => {
    const fleet = new Fleet(9, { zones: 3 }).run(60);
    fleet.silence(...fleet.zone(1)).run(60);
    fleet.silence(...fleet.zone(2)).run(30);
    assert.deepEqual(fleet.suspects, [...fleet.zone(1), ...fleet.zone(2)].toSorted());
  });

  it('is believed although a zone is lost that was lost when the operator started', () => {
    const fleet = new Fleet(9, { zones: 3 }).lose('n1', 'n4', 'n7');
    fleet.silence(...fleet.zone(1), ...fleet.zone(2)).run(30);
    assert.deepEqual(fleet.suspects, [...fleet.zone(1), ...fleet.zone(2)].toSorted());
  });

  it('is believed although one node of it was gone before', () => {
    const fleet = new Fleet(9, { zones: 3 }).run(60).silence('n1').run(60).lose('n1').run(60);
    fleet.silence(...fleet.zone(1)).run(30);
    assert.deepEqual(fleet.suspects, [...fleet.zone(1)].toSorted());
  });

  it('leaves the others to be judged by themselves', () => {
    const fleet = new Fleet(12, { zones: 3 }).run(60);
    fleet.silence(...fleet.zone(1)).run(40);
    fleet.silence('n2').run(30);
    assert.deepEqual(fleet.suspects, [...fleet.zone(1), 'n2'].toSorted());
  });

  it('excuses no other node when it comes back', () => {
    const fleet = new Fleet(12, { zones: 3 }).run(60);
    fleet.silence(...fleet.zone(1)).run(26);
    fleet
      .wake(...fleet.zone(1))
      .silence('n2')
      .run(30);
    assert.deepEqual(fleet.suspects, ['n2']);
  });

  it('is all nodes without a zone label, unless these are all', () => {
    const places = new Map<string, NodePlace>(
      ['a', 'b', 'c', 'x', 'y', 'z'].map((name, index) => [name, { zone: index < 3 ? '' : 'zone-1', isReady: true }]),
    );
    const tracker = new Suspects(afterMs);
    const renew = (second: number, ...names: readonly string[]): void => {
      for (const name of names)
        tracker.seen({ name, renewTime: `${name} ${second}`, renewedAt: second }, second * 1000);
    };
    renew(0, ...places.keys());
    for (const second of [10, 20]) renew(second, 'x', 'y', 'z');
    tracker.judge(places, 1, 25_000);
    assert.deepEqual([...tracker.suspects.keys()], ['a', 'b', 'c']);
  });

  it('is looked at again soon while the last of its nodes has yet to be silent for long enough', () => {
    const fleet = new Fleet(9, { zones: 3 }).run(60);
    fleet.silence(...fleet.zone(1)).run(21);
    assert.deepEqual([fleet.suspects, fleet.tracker.judgeAgainMs(81_000)], [[], 1_000]);
  });
});
