import assert from 'node:assert/strict';
import { planStation } from '../../operator/plan/planStation.ts';
import { served } from '../build/served.ts';

const threeZones = {
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 }, 'zone-c': { nodes: 3, pods: 3 } },
};

describe('planStation', () => {
  it('plans nothing when all is as it should be', () => {
    const plan = planStation(served(threeZones));
    assert.deepEqual(plan.steps, []);
    assert.deepEqual(plan.waits, []);
    assert.deepEqual(plan.problems, []);
    assert.equal(plan.target, 9);
  });
});
