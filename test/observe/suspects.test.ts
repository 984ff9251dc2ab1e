import assert from 'node:assert/strict';
import { Suspects } from '../../operator/observe/suspects.ts';
import type { NodePlace } from '../../operator/observe/suspects.ts';

const afterMs = 25_000;

/** Nodes `n1`, `n2`, … that renew every 10 s, evenly apart, seen second by second. */
class Fleet {
  readonly tracker: Suspects;
  readonly #names: readonly string[];
  readonly #places: Map<string, NodePlace>;
  readonly #most: number;
  readonly #silent = new Set<string>();
  #renewals = 0;
  #nowMs = 0;
  /** Every flip so far: second and name. */
  readonly flips: (readonly [atSeconds: number, name: string])[] = [];

  /** Node by node over so many zones, `zone-1` and so on; without zones no node has a label. */
  constructor(nodes: number, { tracker = new Suspects(afterMs), zones = 0, most = 1 } = {}) {
    this.tracker = tracker;
    this.#most = most;
    this.#names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const zoneOf = (index: number): string => (zones === 0 ? '' : `zone-${(index % zones) + 1}`);
    this.#places = new Map(this.#names.map((name, index) => [name, { zone: zoneOf(index), isReady: true }]));
    for (const name of this.#names) this.renew(name);
  }

  get suspects(): readonly string[] {
    return [...this.tracker.suspects.keys()].toSorted();
  }

  /** Lets the seconds pass; every renewal is another text. */
  run(seconds: number): this {
    for (const untilMs = this.#nowMs + seconds * 1000; this.#nowMs < untilMs;) {
      this.#nowMs += 1000;
      for (const [index, name] of this.#names.entries()) {
        const due = Math.floor((index * 10) / this.#names.length) === (this.#nowMs / 1000) % 10;
        if (due && !this.#silent.has(name)) this.renew(name);
      }
      this.#note(this.tracker.judge(this.#places, this.#most, this.#nowMs));
    }
    return this;
  }

  silence(...names: readonly string[]): this {
    for (const name of names) this.#silent.add(name);
    return this;
  }

  wake(...names: readonly string[]): this {
    for (const name of names) this.#silent.delete(name);
    return this;
  }

  /** The cluster calls these lost. */
  lose(...names: readonly string[]): this {
    for (const name of names) this.#places.set(name, { zone: this.#places.get(name)?.zone ?? '', isReady: false });
    return this;
  }

  zone(number: number): readonly string[] {
    return this.#names.filter((name) => this.#places.get(name)?.zone === `zone-${number}`);
  }

  /** `renewTime` need not be later than before. */
  renew(name: string, renewTime = String((this.#renewals += 1))): this {
    this.#note(this.tracker.seen({ name, renewTime, renewedAt: this.#renewals }, this.#nowMs));
    return this;
  }

  all(): readonly string[] {
    return this.#names;
  }

  #note(names: readonly string[]): void {
    for (const name of names) this.flips.push([this.#nowMs / 1000, name]);
  }
}

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

  it('no more from the moment its Lease is renewed', () => {
    const fleet = new Fleet(10).silence('n1').run(40).renew('n1');
    assert.deepEqual(fleet.suspects, []);
    assert.deepEqual(fleet.flips, [
      [25, 'n1'],
      [40, 'n1'],
    ]);
  });

  it('no more when its Lease is set back in time: any change is a renewal', () => {
    const fleet = new Fleet(10).renew('n1', '2026-01-02T00:00:00.000000Z').silence('n1').run(40);
    assert.deepEqual(fleet.suspects, ['n1']);
    assert.deepEqual(fleet.renew('n1', '2026-01-01T00:00:00.000000Z').suspects, []);
  });

  it('still when its Lease was touched but not renewed', () => {
    const fleet = new Fleet(10).renew('n1', 'same').silence('n1').run(20).renew('n1', 'same').run(10);
    assert.deepEqual(fleet.suspects, ['n1']);
  });

  it('no more when its Lease is gone, and never without one', () => {
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

describe('while no Lease at all is renewed', () => {
  it('nobody becomes suspect', () => {
    const fleet = new Fleet(12);
    fleet
      .run(60)
      .silence('n1', 'n2')
      .run(5)
      .silence(...fleet.all());
    assert.deepEqual(fleet.run(300).flips, []);
  });

  it('who is suspect stays so', () => {
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
