import assert from 'node:assert/strict';
import type { AuditLine } from '../../../tools/bench/audit.ts';
import { quantile, reactions, stationOf } from '../../../tools/bench/scale/reaction.ts';

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}.500000Z`;

function aWrite(second: number, name: string): AuditLine {
  return { verb: 'patch', objectRef: { resource: 'deployments', name }, requestReceivedTimestamp: at(second) };
}

describe('the reaction to an event', () => {
  const event = { station: 'k1-grill', atMs: Date.parse(at(10)) };

  it('is the time to the first write for that station after it', () => {
    const writes = [aWrite(9, 'k1-grill'), aWrite(14, 'k1-grill-zone-a'), aWrite(12, 'k1-grill-zone-b')];
    assert.deepEqual(reactions([event], writes), [2_000]);
  });

  it('leaves out what is written for other stations', () => {
    assert.deepEqual(reactions([event], [aWrite(11, 'k10-grill'), aWrite(11, 'k1-oven')]), []);
  });
});

describe('names of the bench', () => {
  it('tell the station of each child', () => {
    assert.deepEqual(['k7-grill', 'k7-grill-zone-a-5f6d-x2x', 'k7-grill.18a2', 'k7', 'zone-a-1'].map(stationOf), [
      'k7-grill',
      'k7-grill',
      'k7-grill',
      '',
      '',
    ]);
  });
});

describe('a quantile', () => {
  it('is the value below which this part of the values lies', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual([quantile(values, 0.5), quantile(values, 0.99), quantile([], 0.5)], [51, 100, 0]);
  });
});
