import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { checkScenarios } from './check.ts';
import { comesToRest, keepsItsPromise } from './laws.ts';
import { served } from '../../tools/simulate/scenario.ts';
import { changes, labellings, losses, mishaps, relabellings, scenarios } from './scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

const minuteMs = 60_000;
const seeds = Array.from({ length: 4 }, (_, index) => index + 1);

/** Demand 6, one zone of three may be lost: three pods in each. */
async function three(seed: number): Promise<World> {
  const survive = { pods: 1, nodes: 0, zones: 1 };
  return await served({ seed, nodes: [3, 3, 3], demand: 6, survive, roomPerNode: 40, startMs: 5000 });
}

function isWhole(world: World, what: string): void {
  assert.ok(world.truth.serving >= 9, `${world.truth.serving} of 9 serve ${what}`);
}

describe('labels that change', function () {
  this.timeout(0);

  it('make nothing go below demand, and all comes to rest', async () => {
    await checkScenarios(scenarios(labellings, 1), comesToRest);
    await checkScenarios(scenarios([...labellings, ...losses, ...changes], 3), comesToRest);
    await checkScenarios(scenarios([...labellings, ...mishaps, ...changes], 3), comesToRest);
  });

  it('are heard before a loss is said to be survived', async () => {
    const cases = fc.tuple(scenarios(losses, 1), scenarios(relabellings, 1));
    await checkScenarios(
      cases.map(([scenario, before]) => ({ ...scenario, events: [...before.events, ...scenario.events] })),
      keepsItsPromise,
    );
  });

  it('make good a lost node with what runs while the newest template fits nowhere', async () => {
    for (const seed of seeds) {
      for (const node of ['zone-a-1', 'zone-b-1', 'zone-c-1']) {
        const world = await three(seed);
        happen(world, { kind: 'selectPool', pool: 'frist' });
        await world.run(10_000);
        assert.equal(world.operator.lastPlan?.survival.lostZones.length, 0);
        happen(world, { kind: 'killNode', node });
        await world.run(75_000);
        isWhole(world, 'with a typo in the template');
        happen(world, { kind: 'selectPool', pool: 'first' });
        await world.settle(45 * minuteMs);
        assert.equal(steadyProblem(world), undefined);
      }
    }
  });

  it('let one pod of a template that fits nowhere wait for a node, and give up no zone for it', async () => {
    for (const seed of seeds) {
      const world = await three(seed);
      happen(world, { kind: 'selectPool', pool: 'second' });
      await world.run(5 * minuteMs);
      assert.deepEqual([world.truth.serving, world.truth.mostPods], [9, 10]);
      assert.equal(world.server.list('pod').filter((pod) => pod.unschedulable !== undefined).length, 1);
      // Nodes of that pool come to one zone after the other, as pods wait for them.
      for (const zone of ['zone-a', 'zone-b', 'zone-c']) happen(world, { kind: 'renamePool', zone, pool: 'second' });
      await world.settle(45 * minuteMs);
      assert.equal(steadyProblem(world), undefined);
      assert.deepEqual(world.operator.lastPlan?.outdated, []);
      assert.ok(world.truth.leastServing >= 6, `${world.truth.leastServing} of 6 served`);
    }
  });

  it('change nothing of what is wanted, however long a template fits nowhere', async () => {
    for (const seed of seeds) {
      const world = await three(seed);
      happen(world, { kind: 'selectPool', pool: 'frist' });
      await world.run(30 * minuteMs);
      assert.deepEqual([world.truth.leastServing, world.truth.mostPods], [9, 10]);
      assert.deepEqual([...(world.operator.lastPlan?.zoneTargets.values() ?? [])], [3, 3, 3]);
    }
  });

  it('move a node’s pods at once, and bring them home with one pod more at most', async () => {
    for (const seed of seeds) {
      const world = await three(seed);
      happen(world, { kind: 'relabel', node: 'zone-a-1', zone: 'zone-b' });
      await world.run(2000);
      assert.equal(world.operator.lastPlan?.survival.zones, 0);
      await world.run(30_000);
      assert.ok((world.operator.lastPlan?.survival.zones ?? 0) >= 1);
      assert.equal(world.truth.mostPods, 10);
      world.truth.forgetLeast();
      happen(world, { kind: 'killZone', zone: 'zone-b' });
      await world.run(2 * minuteMs);
      assert.ok(world.truth.leastServing >= 6, `${world.truth.leastServing} of 6 served`);
    }
  });

  it('keep new pods from a zone whose own run on, and what it loses is made good in the others', async () => {
    for (const seed of seeds) {
      const world = await three(seed);
      for (const node of ['zone-c-1', 'zone-c-2', 'zone-c-3']) happen(world, { kind: 'reserve', node });
      await world.run(10_000);
      const told = world.operator.lastPlan;
      assert.deepEqual([told?.survival.lostZones.length, told?.target], [0, 9]);
      assert.equal(world.truth.mostPods, 9, 'nothing is made for a taint');
      happen(world, { kind: 'killNode', node: 'zone-c-1' });
      await world.run(90_000);
      isWhole(world, 'beside a zone that takes no more');
      assert.ok((world.operator.lastPlan?.survival.zones ?? 0) >= 1);
    }
  });

  it('rename all zones, and losses are made good all the while', async () => {
    for (const seed of seeds) {
      const world = await three(seed);
      for (const zone of ['zone-a', 'zone-b', 'zone-c']) happen(world, { kind: 'renameZone', zone });
      await world.run(12_000);
      happen(world, { kind: 'killNode', node: 'zone-a-1' });
      await world.run(90_000);
      isWhole(world, 'after all zones were renamed');
      assert.ok(world.truth.leastServing >= 6, `${world.truth.leastServing} of 6 served`);
      assert.ok(world.truth.mostPods <= 18, `${world.truth.mostPods} pods at once`);
      await world.settle(45 * minuteMs);
      assert.equal(steadyProblem(world), undefined);
    }
  });
});
