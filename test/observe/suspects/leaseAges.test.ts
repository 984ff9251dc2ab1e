import assert from 'node:assert/strict';
import { LeaseAges } from '../../../operator/observe/suspects/leaseAges.ts';

describe('the ages of Leases', () => {
  let ages: LeaseAges;
  beforeEach(() => (ages = new LeaseAges()));

  /** Lets time pass up to this moment, without a renewal; returns who has come to another step. */
  const at = (nowMs: number): unknown => {
    ages.turn(nowMs);
    return ages.takeTurned();
  };
  /** These are renewed at this moment, by the clock of the API server too. */
  const renewed = (nowMs: number, ...names: readonly string[]): unknown => {
    for (const name of names) ages.renewed({ name, renewTime: '', renewedAt: 1_000 + nowMs / 1_000 }, nowMs);
    return ages.takeTurned();
  };

  it('say nothing new of Leases that are renewed in time', () => {
    assert.equal(renewed(0, 'a', 'b'), 'all', 'they begin to tell');
    for (let nowMs = 10_000; nowMs < 60_000; nowMs += 10_000) assert.deepEqual(renewed(nowMs, 'a', 'b'), []);
    assert.deepEqual(at(61_999), []);
  });

  it('turn at 12 s and at 15 s, each told once, and with the renewal', () => {
    renewed(0, 'a', 'b');
    renewed(8_000, 'b');
    assert.deepEqual([at(11_999), at(12_000), at(14_999), at(15_000), at(17_000)], [[], ['a'], [], ['a'], []]);
    assert.equal(ages.silentMs('a', 17_000), 17_000);
    assert.deepEqual([renewed(18_000, 'a'), at(18_000)], [['a'], []]);
  });

  it('tell when something is due next', () => {
    assert.equal(ages.turnsAtMs, Infinity);
    renewed(0, 'a', 'b');
    renewed(9_000, 'b');
    assert.equal(ages.turnsAtMs, 12_000);
    at(12_000);
    assert.equal(ages.turnsAtMs, 15_000);
    at(15_000);
    assert.equal(ages.turnsAtMs, 21_000);
    at(21_000);
    assert.equal(ages.turnsAtMs, 21_001, 'nobody is heard any more');
    at(21_001);
    assert.equal(ages.turnsAtMs, 24_000);
    at(24_000);
    assert.equal(ages.turnsAtMs, Infinity);
  });

  it('say of all nodes that Leases tell no more while none is renewed, and that they tell again', () => {
    renewed(0, 'a', 'b');
    assert.deepEqual(at(12_000), ['a', 'b']);
    assert.deepEqual([at(12_001), ages.silentMs('a', 12_001)], ['all', undefined]);
    assert.equal(renewed(30_000, 'b'), 'all');
    assert.deepEqual([ages.silentMs('a', 30_000), ages.silentMs('b', 30_000)], [30_000, 0]);
  });

  it('count a Lease from what it tells until it is seen renewed, as others are renewed', () => {
    ages.renewed({ name: 'a', renewTime: '', renewedAt: 990 }, 0);
    assert.equal(ages.takeTurned(), 'all');
    assert.deepEqual([renewed(0, 'b'), renewed(2_000, 'b'), renewed(3_000, 'b')], [[], ['a'], []]);
    assert.deepEqual([renewed(5_000, 'b'), renewed(9_000, 'b'), at(15_000)], [['a'], [], []]);
    assert.deepEqual(renewed(16_000, 'a'), ['a']);
  });

  it('end with the Lease', () => {
    renewed(0, 'a', 'b');
    renewed(10_000, 'b');
    at(12_000);
    ages.gone('a');
    assert.deepEqual([ages.takeTurned(), ages.silentMs('a', 12_000)], [['a'], 0]);
    ages.gone('b');
    assert.deepEqual(ages.takeTurned(), []);
  });
});
