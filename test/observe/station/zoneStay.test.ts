import assert from 'node:assert/strict';
import { aStation } from '../../builders/kitchen.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';
import { deploymentsIn, nodesOf, noting, setAt, silent, Watching } from '../../builders/watching.ts';

const hourMs = 3_600_000;
const newer = { resourceVersion: '2' };
const cordoned: NodeParts = { unschedulable: true };
const reserved: NodeParts = { taints: [{ key: 'for', value: 'batch', effect: 'NoSchedule' }] };

/** Zones a and b with a Deployment and so many nodes each. */
function aAndB(nodes: number, options: { readonly forgetZoneAfterMs?: number } = {}): Watching {
  const objects = [...deploymentsIn('a', 'b'), ...nodesOf('a', nodes), ...nodesOf('b', nodes)];
  return new Watching(objects, options);
}

describe('a zone that joins', () => {
  it('has had a healthy node for 10 min', () => {
    const watching = aAndB(1);
    watching.look(0);
    watching.put(...nodesOf('c', 1));
    assert.equal(setAt(watching, 5_000), 'ab|');
    assert.equal(watching.look(5_000).lookAgainMs, 600_000);
    assert.equal(setAt(watching, 604_999), 'ab|');
    assert.equal(setAt(watching, 605_000), 'abc|');
    assert.equal(watching.zone('c', 605_000).deployment.state, 'absent');
    assert.equal(setAt(watching.put(noting(['a', 'b', 'c'], 'c')), 605_001), 'abc|');
    assert.equal(watching.look(700_000).lookAgainMs, undefined);
  });

  const breaks: readonly (readonly [string, NodeParts])[] = [
    ['lost', silent],
    ['cordoned', cordoned],
    ['kept for others', reserved],
  ];
  for (const [what, parts] of breaks) {
    it(`counts from 0 again after its node was ${what}`, () => {
      const watching = aAndB(1).put(...nodesOf('c', 1));
      watching.look(0, 300_000);
      watching.put(...nodesOf('c', 1, parts)).look(400_000);
      watching.put(...nodesOf('c', 1));
      assert.equal(setAt(watching, 500_000, 1_099_999), 'ab|');
      assert.equal(setAt(watching, 1_100_000), 'abc|');
    });
  }

  it('counts on while one healthy node comes for another', () => {
    const watching = aAndB(1).put(...nodesOf('c', 1));
    watching.look(0);
    watching.drop(...nodesOf('c', 1)).put(aNode({ name: 'c-9', zone: 'c' }));
    assert.equal(setAt(watching, 300_000, 600_000), 'abc|');
  });

  it('counts from 0 again after a restart of the operator', () => {
    const watching = aAndB(1).put(...nodesOf('c', 1));
    watching.look(0, 599_999);
    assert.equal(setAt(watching.restart(), 600_000, 1_199_999), 'ab|');
    assert.equal(setAt(watching, 1_200_000), 'abc|');
  });

  it('is in the set at once when the station is new, or has had no zone', () => {
    assert.equal(setAt(new Watching([...nodesOf('a', 1), ...nodesOf('c', 1)]), 0), 'ac|');
    const anywhere = new Watching([noting(['(any)'], '(any)'), ...nodesOf('c', 1)]);
    assert.equal(setAt(anywhere, 0), 'c|(any)');
  });

  it('never joins against spec.zones', () => {
    const watching = aAndB(1).put(aStation({ zones: ['a'], metadata: newer }), ...nodesOf('c', 1));
    assert.equal(setAt(watching, 0, hourMs), 'a|b');
    assert.equal(watching.look(hourMs).lookAgainMs, undefined);
  });
});

describe('a zone that was scaled in', () => {
  it('leaves with its last node, when that was leaving before it went', () => {
    const watching = aAndB(2);
    watching.look(0);
    watching.put(aNode({ name: 'b-1', zone: 'b', ...cordoned })).look(1_000);
    watching.drop(aNode({ name: 'b-1' })).look(2_000);
    watching.put(aNode({ name: 'b-2', zone: 'b', ...cordoned }));
    assert.equal(setAt(watching, 3_000), 'ab|');
    watching.drop(aNode({ name: 'b-2' }));
    assert.equal(setAt(watching, 4_000), 'a|b');
    assert.equal(setAt(watching, 5_000, 30 * hourMs), 'a|b', 'and stays away while a Deployment still notes it');
  });

  it('is one whose machine was shut down before its node went', () => {
    const watching = aAndB(1).put(...nodesOf('b', 1, cordoned));
    watching.look(0);
    watching.put(...nodesOf('b', 1, { ...cordoned, ...silent }));
    assert.deepEqual([setAt(watching, 60_000), watching.zone('b', 60_000).state], ['ab|', 'lost']);
    assert.equal(setAt(watching.drop(...nodesOf('b', 1)), 61_000), 'a|b');
  });

  const stays: readonly (readonly [string, readonly (readonly NodeParts[])[]])[] = [
    ['had a healthy node beside', [[cordoned, {}]]],
    ['had a lost node beside', [[cordoned, silent]]],
    ['was lost and only then cordoned', [[silent], [{ ...silent, ...cordoned }]]],
    ['was uncordoned and then lost', [[cordoned], [{}], [{ ...silent, ...cordoned }]]],
    ['was healthy', [[{}]]],
  ];
  for (const [what, looks] of stays) {
    it(`is none that ${what}`, () => {
      const watching = new Watching([...deploymentsIn('a', 'b'), ...nodesOf('a', 1)]);
      const nodes = (parts: readonly NodeParts[]): object[] =>
        parts.map((each, index) => aNode({ name: `b-${index + 1}`, zone: 'b', ...each }));
      looks.forEach((parts, index) => watching.put(...nodes(parts)).look(index * 1_000));
      watching.drop(...nodes(looks.at(-1) ?? []));
      assert.equal(setAt(watching, 10_000), 'ab|');
      assert.equal(watching.zone('b', 10_000).state, 'lost');
    });
  }

  it('is none that the operator did not see leaving', () => {
    const watching = aAndB(1).put(...nodesOf('b', 1, cordoned));
    watching.look(0);
    watching.restart().drop(...nodesOf('b', 1));
    assert.equal(setAt(watching, 1_000, hourMs), 'ab|');
  });

  it('is in the set again when a node comes before every Deployment has forgotten it', () => {
    const watching = aAndB(1).put(...nodesOf('b', 1, cordoned));
    watching.look(0);
    watching.drop(...nodesOf('b', 1)).look(1_000);
    watching.put(...nodesOf('b', 1, { uid: 'another' }));
    assert.deepEqual([setAt(watching, 2_000), watching.zone('b', 2_000).state], ['ab|', 'returning']);
  });

  it('waits 10 min when they have', () => {
    const watching = aAndB(1).put(...nodesOf('b', 1, cordoned));
    watching.look(0);
    watching.drop(...nodesOf('b', 1)).look(1_000);
    watching.put(noting(['a'], 'a'), noting(['a'], 'b'), ...nodesOf('b', 1, { uid: 'another' }));
    assert.equal(setAt(watching, 2_000, 601_999), 'a|b');
    assert.equal(setAt(watching, 602_000), 'ab|');
  });

  it('stays when it was the last, until another zone joins', () => {
    const watching = new Watching([...deploymentsIn('a'), ...nodesOf('a', 1, cordoned)]);
    watching.look(0);
    watching.drop(...nodesOf('a', 1)).put(...nodesOf('c', 1));
    assert.equal(setAt(watching, 1_000, 600_999), 'a|');
    assert.equal(setAt(watching, 601_000), 'c|a');
  });
});

describe('a zone whose nodes vanished', () => {
  it('stays as a lost one for six hours, and is forgotten then', () => {
    const watching = aAndB(2);
    watching.look(0);
    watching.drop(...nodesOf('b', 2));
    assert.deepEqual([setAt(watching, 1_000), watching.zone('b', 1_000).state], ['ab|', 'lost']);
    assert.equal(watching.look(1_000).lookAgainMs, 6 * hourMs);
    assert.equal(setAt(watching, 6 * hourMs + 999), 'ab|');
    assert.equal(setAt(watching, 6 * hourMs + 1_000), 'a|b');
    assert.equal(watching.look(7 * hourMs).lookAgainMs, undefined);
  });

  it('is forgotten after the time that a flag sets, and counts from 0 again after a restart of the operator', () => {
    const watching = aAndB(1, { forgetZoneAfterMs: 90_000 }).drop(...nodesOf('b', 1));
    assert.equal(setAt(watching, 0, 89_999), 'ab|');
    assert.equal(setAt(watching, 90_000), 'a|b');
    assert.equal(setAt(watching.restart(), 91_000, 180_999), 'ab|');
    assert.equal(setAt(watching, 181_000), 'a|b');
  });

  it('is known again with its first node', () => {
    const watching = aAndB(1).drop(...nodesOf('b', 1));
    watching.look(0, 5 * hourMs);
    watching.put(...nodesOf('b', 1)).look(5 * hourMs + 1);
    assert.equal(setAt(watching.drop(...nodesOf('b', 1)), 6 * hourMs, 11 * hourMs), 'ab|');
  });

  it('never leaves spec.zones', () => {
    const watching = aAndB(1).put(aStation({ zones: ['a', 'b'], metadata: newer }));
    assert.equal(setAt(watching.drop(...nodesOf('b', 1)), 0, 30 * hourMs), 'ab|');
  });

  it('is not forgotten while its lost nodes are there', () => {
    const watching = aAndB(1).put(...nodesOf('b', 1, silent));
    assert.equal(setAt(watching, 0, 30 * hourMs), 'ab|');
  });
});

describe('a zone that a station may no longer use', () => {
  const pod = aPod({ zone: 'b', node: 'b-1', name: 'pizzeria-grill-b-rs1-1' });

  it('leaves after 10 min, though our pods still run there', () => {
    const watching = aAndB(1).put(pod);
    watching.look(0);
    watching.put(...nodesOf('b', 1, reserved));
    assert.equal(setAt(watching, 1_000, 600_999), 'ab|');
    assert.equal(setAt(watching, 601_000), 'a|b');
    assert.equal(setAt(watching.drop(pod), 602_000, 700_000), 'a|b');
  });

  it('stays when it is usable again before', () => {
    const watching = aAndB(1).put(pod, ...nodesOf('b', 1, reserved));
    watching.look(0, 500_000);
    assert.equal(setAt(watching.put(...nodesOf('b', 1)), 550_000, 700_000), 'ab|');
  });

  it('is none whose pods went with its nodes', () => {
    const watching = aAndB(1)
      .put(pod, aNode({ name: 'b-2', zone: 'b', ...reserved }))
      .drop(...nodesOf('b', 1));
    assert.equal(setAt(watching, 0, hourMs), 'ab|');
  });
});
