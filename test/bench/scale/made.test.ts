import assert from 'node:assert/strict';
import { countMade } from '../../../tools/bench/scale/made.ts';

const lost = new Map([
  ['k0-grill', 1],
  ['k0-oven', 2],
]);
const dead = new Set(['zone-a-1']);

describe('pods that are made', () => {
  it('are made twice when a station made more than it lost', () => {
    const made = [
      { station: 'k0-grill', node: 'zone-b-1' },
      { station: 'k0-grill', node: 'zone-c-1' },
      { station: 'k0-grill', node: '' },
      { station: 'k0-oven', node: 'zone-b-1' },
      { station: 'k1-oven', node: 'zone-b-1' },
    ];
    assert.deepEqual(countMade(made, { lost, dead }), { podsMade: 5, intoDyingZone: 0, madeTwice: 3 });
  });

  it('are sent into the dying zone when they are bound to one of its nodes', () => {
    const made = [
      { station: 'k0-grill', node: 'zone-a-1' },
      { station: 'k0-oven', node: 'zone-b-1' },
    ];
    assert.deepEqual(countMade(made, { lost, dead }), { podsMade: 2, intoDyingZone: 1, madeTwice: 0 });
  });
});
