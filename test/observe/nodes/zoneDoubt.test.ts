import assert from 'node:assert/strict';
import type { ZoneDoubt } from '../../../operator/model/zone.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { deploymentsIn, nodesOf, silent, Watching } from '../../builders/watching.ts';

/** Zone a with so many nodes, of which these are lost; zone b has one. */
function zoneA(nodes: number, ...lost: readonly number[]): Watching {
  const watching = new Watching([...deploymentsIn('a', 'b'), ...nodesOf('a', nodes), ...nodesOf('b', 1)]);
  return watching.put(...lost.map((each) => aNode({ name: `a-${each}`, zone: 'a', ...silent })));
}

const doubtAt = (watching: Watching, ...momentsMs: readonly number[]): ZoneDoubt | undefined =>
  watching.zone('a', ...momentsMs).doubt;

/** Zone a's doubt while the Leases of its nodes have not been renewed for so many seconds, node by node. */
function doubtBy(seconds: readonly number[], ...lost: readonly number[]): ZoneDoubt | undefined {
  const watching = zoneA(seconds.length, ...lost);
  watching.silence = new Map(seconds.map((each, index) => [`a-${index + 1}`, each * 1000]));
  return doubtAt(watching, 0);
}

describe('a zone that may be dying', () => {
  const rows: readonly (readonly [string, readonly number[], readonly number[], boolean])[] = [
    ['one of two is lost, and the other overdue', [60, 12], [1], true],
    ['one of two is lost, and the other heard', [60, 11.9], [1], false],
    ['one of seven is lost, and all others are overdue', [60, 12, 12, 12, 12, 12, 12], [1], true],
    ['one of seven is lost, and three others are overdue', [60, 12, 12, 12, 1, 1, 1], [1], true],
    ['one of seven is lost, and two others are overdue', [60, 12, 12, 1, 1, 1, 1], [1], false],
    ['four of seven are lost, and the others heard', [60, 60, 60, 60, 1, 1, 1], [1, 2, 3, 4], false],
    ['none is lost, and all are silent for 15 s', [15, 15, 15], [], true],
    ['none is lost, and one was heard since', [20, 20, 14.9], [], false],
    ['all are lost: it is lost itself', [60, 60], [1, 2], false],
  ];
  for (const [what, seconds, lost, isDoubtful] of rows) {
    it(`is ${isDoubtful ? 'one' : 'none'} of which ${what}`, () =>
      assert.equal(doubtBy(seconds, ...lost), isDoubtful ? 'overdue' : undefined));
  }

  it('is one with a suspect node, too', () => {
    const watching = zoneA(2);
    watching.suspects.set('a-1', 400);
    watching.silence = new Map([['a-2', 12_000]]);
    assert.equal(doubtAt(watching, 0), 'overdue');
  });

  it('is none that has been back for less than 2 min: it gets no pods as it is', () => {
    const watching = zoneA(2, 1, 2);
    assert.equal(watching.zone('a', 0).state, 'lost');
    watching.put(aNode({ name: 'a-1', zone: 'a', readyAt: 900 }));
    watching.silence = new Map([['a-1', 12_000]]);
    const { state, doubt } = watching.zone('a', 5_000);
    assert.deepEqual([state, doubt], ['returning', undefined]);
  });

  it('is looked at again after 10 s, then after as long as the doubt has lasted', () => {
    const watching = zoneA(2, 1);
    watching.silence = new Map([['a-2', 12_000]]);
    const looks = [0, 10_000, 20_000, 80_000].map((nowMs) => watching.look(nowMs).lookAgainMs);
    assert.deepEqual(looks, [10_000, 10_000, 20_000, 80_000]);
    watching.silence = new Map();
    assert.equal(watching.look(90_000).lookAgainMs, undefined);
  });

  describe('where no Lease tells', () => {
    const ready = aPod({ name: 'other-1', node: 'a-1', station: 'oven' });

    it('is one while the API calls pods of any station on a lost node Ready', () => {
      assert.equal(doubtAt(zoneA(3), 0), undefined);
      assert.equal(doubtAt(zoneA(3, 1), 0), undefined, 'nobody is there to be told');
      const watching = zoneA(3, 1).put(ready);
      assert.equal(doubtAt(watching, 0), 'untold');
      assert.equal(doubtAt(watching.drop(ready), 1_000), undefined);
    });

    it('is one for 6 s more, when telling the pods took longer than 2 s', () => {
      const watching = zoneA(3, 1).put(ready);
      assert.equal(doubtAt(watching, 0, 2_000), 'untold');
      assert.equal(doubtAt(watching.drop(ready), 3_000, 8_999), 'untold');
      assert.equal(doubtAt(watching, 9_000), undefined);
      assert.equal(doubtAt(watching, 60_000), undefined);
    });

    it('begins again with the next node that is lost', () => {
      const watching = zoneA(3, 1).put(ready);
      assert.equal(doubtAt(watching, 0, 2_000), 'untold');
      assert.equal(doubtAt(watching.drop(ready), 3_000, 60_000), undefined);
      watching.put(
        aNode({ name: 'a-2', zone: 'a', ...silent }),
        aPod({ name: 'other-2', node: 'a-2', station: 'oven' }),
      );
      assert.equal(doubtAt(watching, 61_000), 'untold');
    });
  });
});
