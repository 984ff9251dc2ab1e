import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import { faults } from '../../tools/simulate/sim/images.ts';
import { zonesReached } from './badTemplates.ts';
import { ends, minuteMs, nothing, onePod, oldPods, seeds, terms } from './traced.ts';

describe('a trace of a bad template that broke an earlier version', function () {
  this.timeout(0);

  it('goes back to the good template in its first zone, tries the bad one no more, and grows with the good one', async () => {
    for (const seed of seeds.slice(0, 4)) {
      for (const fault of faults) {
        const world = await served(terms(seed, { nodes: [2, 2], demand: 6, survive: onePod }));
        const reached = zonesReached(world, fault);
        happen(world, { kind: 'badTemplate', fault });
        await world.run(20 * minuteMs);
        happen(world, { kind: 'demand', to: 9 });
        await ends(world);
        assert.equal(reached.size, 1, `${fault} reached ${[...reached].join(', ')}`);
        assert.ok(world.truth.leastServing >= 6, `${world.truth.leastServing} of 6 served`);
        assert.equal(new Set(world.truth.servingPods.map(({ deployment, hash }) => `${deployment} ${hash}`)).size, 2);
        assert.ok(world.operator.lastPlan?.problems.some(({ kind }) => kind === 'RolloutFailed'));
      }
    }
  });

  it('tries again when the template changes, and lets a good one start for as long as its probe allows', async () => {
    for (const seed of seeds.slice(0, 3)) {
      for (const fault of ['refuse', 'reject', 'scheduler'] as const) {
        const world = await served(terms(seed, { nodes: [2, 2], demand: 4, survive: onePod }));
        happen(world, { kind: 'badTemplate', fault });
        await world.run(20 * minuteMs);
        happen(world, { kind: 'slowTemplate' });
        await world.run(3 * 60 * minuteMs);
        await ends(world);
        assert.deepEqual(oldPods(world), []);
        assert.deepEqual(
          world.operator.lastPlan?.problems.filter(({ kind }) => kind === 'RolloutFailed'),
          [],
        );
      }
    }
  });

  it('makes good a node that is lost while a rollout is stuck: none of its pods stands in (D=6, {3,3}: bad template, a node dies)', async () => {
    for (const seed of seeds.slice(0, 4)) {
      for (const fault of ['unready', 'scheduler', 'big'] as const) {
        const world = await served(terms(seed, { nodes: [3, 3], demand: 6, survive: nothing }));
        happen(world, { kind: 'badTemplate', fault });
        await world.run(4 * minuteMs);
        happen(world, { kind: 'killNode', node: 'zone-a-1' });
        await world.run(2 * minuteMs);
        assert.ok(world.truth.serving >= 6, `${world.truth.serving} of 6 serve`);
        await ends(world);
      }
    }
  });
});
