import assert from 'node:assert/strict';
import { served } from './scenario.ts';
import { happen } from './sim/events.ts';
import { steadyProblem } from './steady.ts';

const seeds = Array.from({ length: 4 }, (_, index) => index + 1);
const minuteMs = 60_000;
const threeZones = { nodes: [3, 3, 3], demand: 6, survive: { pods: 0, nodes: 0, zones: 1 } };

describe('what others do to a station’s children', function () {
  this.timeout(0);

  it('is whole half a minute after a quota was raised, however long it was full (D=6, k=1: 3 min, 30 min)', () => {
    for (const seed of seeds) {
      for (const minutes of [3, 30]) {
        const world = served({ seed, roomPerNode: 40, startMs: 2000, ...threeZones });
        const pods = world.truth.serving;
        happen(world, { kind: 'quota', pods: pods - 2 });
        happen(world, { kind: 'deletePod', index: 0 });
        happen(world, { kind: 'deletePod', index: 0 });
        world.run(minutes * minuteMs);
        assert.equal(world.truth.serving, pods - 2);
        happen(world, { kind: 'quota', pods: Number.POSITIVE_INFINITY });
        world.run((minutes < 10 ? 30_000 : minuteMs) + 5000);
        assert.ok(world.truth.serving >= pods, `${world.truth.serving} of ${pods}, seed ${seed}, ${minutes} min`);
        world.settle(45 * minuteMs);
        assert.equal(steadyProblem(world), undefined);
      }
    }
  });
});
