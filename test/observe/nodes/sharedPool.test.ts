import assert from 'node:assert/strict';
import { ANYWHERE } from '../../../operator/api/zone.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import type { JudgedNode } from '../../../operator/observe/nodes/nodes.ts';
import { SharedPool } from '../../../operator/observe/nodes/sharedPool.ts';
import type { PoolReading } from '../../../operator/observe/nodes/sharedPool.ts';
import { aKey } from '../../builders/aKey.ts';
import { aJudgedNode } from '../../builders/judgedNode.ts';

const kind = { key: 'all', takes: () => true, tenants: { template: { spec: { containers: [] } }, tolerations: [] } };
const names = ['calm', 'waiting', 'rolling', 'crowded', 'growing'] as const;
const all = names.map((name) => `food/${name}`);
const nowMs = 100_000;

type State = Pick<JudgedNode, 'state' | 'sinceMs'> & Partial<JudgedNode>;
const healthy: State = { state: 'healthy', sinceMs: 0 };
const suspect: State = { state: 'suspect', sinceMs: nowMs, downSinceMs: nowMs };
const lost: State = { state: 'lost', sinceMs: nowMs, downSinceMs: nowMs };
const cordoned: State = { state: 'leaving', sinceMs: nowMs, isOutgoing: true, leaving: { at: 1, isOpen: false } };
const announced: State = { ...cordoned, isOutgoing: false, leaving: { at: 1, isOpen: true } };

const reading: PoolReading = {
  enoughNodes: 3,
  waitsForRoom: false,
  mayTakeRisk: false,
  isCrowded: false,
  heedsDoubt: false,
};

/** A pool of so many nodes that five stations have looked at, for each of which three nodes are enough. */
function looked(...states: readonly State[]): SharedPool {
  const pool = new SharedPool('zone-a' as ZoneName, kind);
  states.forEach((state, index) => pool.nodes.put(aJudgedNode(`n${index}`, state)));
  pool.read(aKey('food/calm'), reading);
  pool.read(aKey('food/waiting'), { ...reading, waitsForRoom: true });
  pool.read(aKey('food/rolling'), { ...reading, mayTakeRisk: true });
  pool.read(aKey('food/crowded'), { ...reading, isCrowded: true });
  pool.read(aKey('food/growing'), { ...reading, heedsDoubt: true });
  return pool;
}

const many = (state: State, times: number): readonly State[] => Array.from({ length: times }, () => state);
const ten = many(healthy, 10);

describe('a change of a shared pool concerns', () => {
  const rows: readonly (readonly [
    what: string,
    before: readonly State[],
    after: readonly (State | undefined)[],
    whom: readonly string[],
  ])[] = [
    ['nobody, when one of many nodes goes', ten, [undefined], []],
    ['nobody, when a node is cordoned', ten, [cordoned], []],
    ['whose pods are crowded, when hardly enough are left healthy', [lost, ...ten.slice(7)], [lost, lost], [all[3]!]],
    ['all, when hardly enough nodes are left', ten.slice(7), [undefined], all],
    ['all, when the zone fails', ten, many(lost, 6), all],
    ['nobody, when one more node of a failing zone is lost', [...ten, ...many(lost, 11)], [lost], []],
    ['all, when the last node of a zone is lost', [healthy], [lost], all],
    ['all, when the last leaving node is lost', [cordoned], [{ ...lost, isOutgoing: true }], all],
    ['all, when all others are about to go as well', [cordoned, lost], [cordoned, { ...lost, isOutgoing: true }], all],
    ['all, when the last leaving node gets open', [cordoned], [{ ...announced, isOutgoing: true }], all],
    ['all, when the first node registers', [], [{ ...healthy, isNew: true }], all],
    ['who waits for room, when a node comes back', [lost, lost, ...ten], [{ ...healthy, sinceMs: nowMs }], [all[1]!]],
    ['who may take a risk, when the first of many nodes is lost', ten, [lost], [all[2]!]],
    ['who may take a risk, when none is lost any more', [lost, ...ten], [healthy], [all[2]!]],
    ['nobody, when a second of many nodes is lost', [lost, ...ten], [lost, lost], []],
    ['who makes pods, when the last suspect node of a lost zone is lost', [suspect, lost], [lost], [all[4]!]],
  ];
  for (const [what, before, after, whom] of rows) {
    it(what, () => {
      const pool = looked(...before);
      after.forEach((state, index) => {
        if (state === undefined) pool.nodes.drop(`n${index}`);
        else pool.nodes.put(aJudgedNode(`n${index}`, state));
      });
      assert.deepEqual([...pool.shifted(nowMs)], whom);
      assert.deepEqual([...pool.shifted(nowMs)], [], 'and it is told once');
    });
  }

  it('who waits for room once for all nodes that come within 15 s, and when none is new any more', () => {
    const pool = looked(...ten);
    const comes = (atMs: number): readonly string[] => {
      pool.nodes.put(aJudgedNode(`at-${atMs}`, { sinceMs: atMs }));
      return [...pool.shifted(atMs)];
    };
    assert.deepEqual([comes(20_000), comes(30_000), comes(44_999)], [['food/waiting'], [], []]);
    assert.deepEqual(comes(59_999), ['food/waiting']);
    for (const atMs of [44_999, 59_999]) pool.nodes.drop(`at-${atMs}`);
    assert.deepEqual([...pool.shifted(60_000)], ['food/waiting']);
  });

  it('who has looked, and nobody who looks no more', () => {
    const pool = looked(...ten.slice(7));
    pool.leave(aKey('food/calm'));
    pool.nodes.drop('n0');
    assert.deepEqual([...pool.shifted(nowMs)], ['food/waiting', 'food/rolling', 'food/crowded', 'food/growing']);
    for (const name of names) pool.leave(aKey(`food/${name}`));
    assert.equal(pool.isIdle, true);
    pool.nodes.drop('n1');
    assert.deepEqual([...pool.shifted(nowMs)], []);
  });

  it('the one that needs more nodes than the zone has', () => {
    const pool = looked(...ten);
    pool.read(aKey('food/big'), { ...reading, enoughNodes: 50 });
    assert.deepEqual([...pool.shifted(nowMs)], [], 'a look changes nothing');
    pool.nodes.drop('n0');
    assert.deepEqual([...pool.shifted(nowMs)], ['food/big']);
  });
});

describe('a doubt about the zone of a shared pool concerns', () => {
  const heard: State = { ...healthy, lease: 'timely' };
  const overdue: State = { ...healthy, lease: 'overdue' };
  const silent: State = { ...healthy, lease: 'silent' };
  const telling: State = { ...lost, isTelling: true };
  let pool: SharedPool;
  let memory: FirstSeen;

  beforeEach(() => {
    memory = new FirstSeen();
    pool = looked(heard, heard, heard);
  });

  /** Its nodes are so now; returns whom that concerns. */
  const become = (atMs: number, ...states: readonly State[]): readonly string[] => {
    states.forEach((state, index) => pool.nodes.put(aJudgedNode(`n${index}`, state)));
    return [...pool.doubted(memory, atMs)];
  };

  it('who makes pods, when it begins and when it ends', () => {
    assert.deepEqual(become(0, silent, silent, overdue), []);
    assert.deepEqual(become(0, silent, silent, silent), ['food/growing']);
    assert.deepEqual(become(0, { ...suspect, lease: 'silent' }, silent, silent), []);
    assert.deepEqual(become(0, heard, silent, silent), ['food/growing']);
    assert.deepEqual(become(0, silent, silent, silent), ['food/growing']);
    assert.deepEqual(become(0, lost, lost, lost), ['food/growing'], 'the zone is lost');
  });

  it('who makes pods, also when Leases begin or end to tell', () => {
    assert.deepEqual(become(0, silent, silent, silent), ['food/growing']);
    assert.deepEqual(become(0, healthy, healthy, healthy), ['food/growing']);
    assert.deepEqual(become(0, silent, silent, silent), ['food/growing']);
  });

  it('who makes pods, each time that pods on lost nodes are told', () => {
    assert.deepEqual(become(0, telling, healthy, healthy), ['food/growing']);
    assert.deepEqual(become(1_999, lost, healthy, healthy), ['food/growing']);
    assert.deepEqual(become(10_000, telling, healthy, healthy), ['food/growing']);
    assert.deepEqual(
      become(12_000, lost, healthy, healthy),
      [],
      'it took long, so Kubernetes has yet to look at the others',
    );
    // It has ended after 6 s, and those who saw it have looked at that moment.
    assert.deepEqual(become(20_000, telling, healthy, healthy), ['food/growing']);
    assert.deepEqual(become(21_000, healthy, healthy, healthy), ['food/growing']);
  });

  it('nobody without a zone', () => {
    pool = new SharedPool(ANYWHERE, kind);
    pool.read(aKey('food/growing'), { ...reading, heedsDoubt: true });
    assert.deepEqual(become(0, silent, silent, silent), []);
  });

  it('nobody any more, and the memory forgets it, when no station looks', () => {
    become(0, telling, healthy, healthy);
    assert.equal(memory.size, 1);
    pool.forget(memory);
    assert.equal(memory.size, 0);
    for (const name of names) pool.leave(aKey(`food/${name}`));
    assert.deepEqual(become(0, healthy, healthy, healthy), []);
  });
});
