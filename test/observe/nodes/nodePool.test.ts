import assert from 'node:assert/strict';
import { NodePool } from '../../../operator/observe/nodes/nodePool.ts';
import type { JudgedNode } from '../../../operator/observe/nodes/nodes.ts';
import { aJudgedNode } from '../../builders/judgedNode.ts';

const lost = (name: string, sinceMs: number): JudgedNode =>
  aJudgedNode(name, { state: 'lost', sinceMs, downSinceMs: sinceMs });

describe('a failing zone', () => {
  const rows: readonly (readonly [string, number, readonly number[], number | undefined])[] = [
    ['3 of 5 at once', 5, [600_000, 600_000, 600_000], 600_000],
    ['3 of 5 within 15 s', 5, [585_000, 600_000, 592_000], 585_000],
    ['3 of 5 within more than that', 5, [584_999, 600_000, 592_000], undefined],
    ['3 of 5 at once, long after another', 5, [0, 591_000, 595_000, 600_000], 591_000],
    ['2 of 5', 5, [600_000, 600_000], undefined],
    ['2 of 3', 3, [600_000, 585_000], 585_000],
    ['half of 4', 4, [600_000, 600_000], undefined],
    ['3 of 4', 4, [600_000, 600_000, 600_000], 600_000],
    ['1 of 2', 2, [600_000], undefined],
    ['both of 2', 2, [600_000, 600_000], undefined],
    ['the only one', 1, [600_000], undefined],
    ['none', 5, [], undefined],
  ];
  for (const [what, nodes, downSince, failing] of rows) {
    it(`is ${failing === undefined ? 'none' : 'one'} that lost ${what}`, () => {
      const pool = NodePool.of(Array.from({ length: nodes }, (_, index) => aJudgedNode(`n${index}`)));
      downSince.forEach((sinceMs, index) => pool.put(lost(`n${index}`, sinceMs)));
      assert.equal(pool.failingSinceMs(), failing);
    });
  }

  it('is judged again when nodes come and go', () => {
    const pool = NodePool.of([lost('a', 0), lost('b', 0), aJudgedNode('c')]);
    assert.equal(pool.failingSinceMs(), 0);
    pool.put(aJudgedNode('d'));
    assert.equal(pool.failingSinceMs(), undefined);
    pool.drop('d');
    assert.equal(pool.failingSinceMs(), 0);
    pool.put(aJudgedNode('a', { sinceMs: 50 }));
    assert.equal(pool.failingSinceMs(), undefined);
  });
});

describe('a pool of nodes', () => {
  it('counts them by what they are, as they change', () => {
    const leaving = { state: 'leaving', sinceMs: 7, isOutgoing: true, leaving: { at: 1, isOpen: true } } as const;
    const pool = NodePool.of([aJudgedNode('a'), aJudgedNode('b', leaving), lost('c', 5), lost('d', 4)]);
    const told = (): readonly unknown[] => [pool.count, pool.healthy, pool.leaving, pool.down, pool.changedAtMs];
    assert.deepEqual(told(), [4, 1, 1, 2, 7]);
    assert.deepEqual([pool.healthyAtMs, pool.downAtMs, pool.firstDown?.object.name], [0, 5, 'c']);
    assert.deepEqual(
      pool.open(10).map(({ object }) => object.name),
      ['b'],
    );
    pool.put(aJudgedNode('c', { sinceMs: 9 }));
    pool.drop('b');
    assert.deepEqual(told(), [3, 2, 0, 1, 9]);
    assert.deepEqual([pool.healthyAtMs, pool.downAtMs, pool.firstDown?.object.name], [9, 4, 'd']);
    assert.deepEqual(pool.open(10), []);
  });

  it('does not count nodes that are not in service yet', () => {
    const pool = NodePool.of([aJudgedNode('a', { isNew: true })]);
    assert.deepEqual([pool.count, pool.size, pool.get('a'), pool.find('a')?.isNew], [0, 1, undefined, true]);
    pool.put(aJudgedNode('a'));
    assert.deepEqual([pool.count, pool.size, pool.get('a')?.isNew], [1, 1, false]);
  });

  it('names the leaving nodes that have been open longest, and so many at most', () => {
    const leaving = { state: 'leaving', leaving: { at: 1, isOpen: true } } as const;
    const pool = NodePool.of(['a', 'b', 'c'].map((name) => aJudgedNode(name, leaving)));
    assert.deepEqual(
      pool.open(2).map(({ object }) => object.name),
      ['a', 'b'],
    );
  });

  it('is on its way out when all its nodes are', () => {
    const out = { state: 'leaving', isOutgoing: true } as const;
    const pool = NodePool.of([aJudgedNode('a', out), aJudgedNode('b')]);
    assert.equal(pool.isOutgoing, false);
    pool.put(aJudgedNode('b', { ...lost('b', 1), isOutgoing: true }));
    assert.equal(pool.isOutgoing, true);
    assert.equal(new NodePool().isOutgoing, false);
  });

  it('remembers the three nodes that left it last, and one that was made again under its name', () => {
    const pool = NodePool.of(['a', 'b', 'c', 'd'].map((name) => aJudgedNode(name)));
    for (const name of ['a', 'b', 'c', 'd', 'never']) pool.drop(name);
    assert.deepEqual(
      pool.lastLeft.map(({ object }) => object.name),
      ['b', 'c', 'd'],
    );
    pool.put(aJudgedNode('e'));
    pool.put(aJudgedNode('e', { object: { ...aJudgedNode('e').object, uid: 'another' } }));
    assert.equal(pool.lastLeft.at(-1)?.object.uid, 'uid-e');
  });

  it('can be seen otherwise by one station, and stays as it is for the others', () => {
    const pool = NodePool.of([aJudgedNode('a'), aJudgedNode('b'), aJudgedNode('c')]);
    const own = pool.with(
      new Map([
        ['a', undefined],
        ['b', lost('b', 3)],
      ] as const),
    );
    assert.deepEqual([own.count, own.healthy, own.down], [2, 1, 1]);
    assert.deepEqual([pool.count, pool.healthy, pool.down], [3, 3, 0]);
  });
});
