import assert from 'node:assert/strict';
import type { BackendLoad } from '../../operator/balance/reports.ts';
import { shiftExcess, zonesToLeave } from '../../operator/hub/shiftExcess.ts';
import { aKey } from '../builders/aKey.ts';
import { aStation } from '../builders/kitchen.ts';
import { pizzeriaWith } from '../builders/stores.ts';

const zones = ['a', 'b', 'c'];
const toLeave = new Set(['b']);

/** Two hub zones that send half each: by the pods' zone, requests a second and those in flight. */
function load(sent: Readonly<Record<string, readonly [number, number]>>): BackendLoad {
  return {
    hubZones: ['a', 'b'],
    between: (_, zone) => {
      const [issued, inFlight] = sent[zone] ?? [0, 0];
      return { issued: issued / 2, done: issued / 2, failed: 0, inFlight: inFlight / 2 };
    },
  };
}

describe('requests that are under way only because a zone is slow that is to be left', () => {
  it('are what it has beyond what its requests would be elsewhere', () => {
    const slow = load({ a: [100, 24], b: [100, 240], c: [100, 24] });
    assert.equal(shiftExcess(slow, zones, toLeave), 216);
    assert.equal(
      shiftExcess(load({ a: [150, 36], b: [100, 240], c: [50, 12] }), zones, toLeave),
      216,
      'unevenly spread',
    );
  });

  it('are all that it has once requests have left it', () => {
    assert.equal(shiftExcess(load({ a: [150, 36], b: [0, 40], c: [150, 36] }), zones, toLeave), 40);
  });

  it('are none where no zone is to be left, or it is as fast as the others', () => {
    const slow = load({ a: [100, 24], b: [100, 240], c: [100, 24] });
    assert.equal(shiftExcess(slow, zones, new Set()), 0);
    assert.equal(shiftExcess(load({ a: [100, 24], b: [100, 20], c: [100, 24] }), zones, toLeave), 0);
  });

  it('are none where the others tell too little: they are not asked, or are to be left as well', () => {
    assert.equal(shiftExcess(load({ a: [0, 0], b: [100, 240] }), zones, toLeave), 0);
    assert.equal(shiftExcess(load({ a: [49, 0], b: [100, 240] }), zones, toLeave), 0);
    assert.equal(shiftExcess(load({ a: [100, 24], b: [100, 240] }), zones, new Set(zones)), 0);
  });
});

describe('zones that are to be left', () => {
  it('are those whose shift is on now', () => {
    const shifts = [
      { zone: 'a', until: '2026-12-01T12:00:00Z' },
      { zone: 'b', until: '2026-12-01T13:00:00Z' },
      { zone: 'c', until: '2026-12-24T12:00:00Z' },
    ];
    const station = pizzeriaWith(aStation({ shifts })).stations.get(aKey('food/pizzeria-grill'));
    assert.ok(station !== undefined);
    assert.deepEqual([...zonesToLeave(station, Date.parse('2026-12-01T12:00:00Z'))], ['b']);
  });
});
