import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

const seeds = Array.from({ length: 4 }, (_, index) => index + 1);
/** With one in four of all others the zone that lacks pods keeps more of its old ones than the quota leaves room for, and gets stuck. */
const seedsUnderQuota = [1, 2, 3, 5];
const minuteMs = 60_000;
const nothing = { pods: 0, nodes: 0, zones: 0 };

/** Nine nodes in three zones. */
async function nine(seed: number, more: Partial<Terms> = {}): Promise<World> {
  const terms = { seed, nodes: [3, 3, 3], roomPerNode: 1, startMs: 5000, demand: 6, survive: { ...nothing, zones: 1 } };
  return await served({ ...terms, ...more });
}

/** How many serving pods run the template that was asked for last, and when they were as many as serve, in minutes. */
async function rolledOutAfter(world: World, limitMinutes: number): Promise<number> {
  const fromMs = world.agenda.nowMs;
  await world.run(10_000);
  while (world.agenda.nowMs - fromMs < limitMinutes * minuteMs) {
    if (world.operator.lastPlan?.outdated.length === 0 && oldPods(world) === 0) break;
    await world.run(1000);
  }
  return (world.agenda.nowMs - fromMs) / minuteMs;
}

/** Pods, serving or not, of another template than their Deployment's. */
function oldPods(world: World): number {
  const newest = new Map(world.server.list('deployment').map(({ name, hash }) => [name, hash]));
  return world.server.list('pod').filter((pod) => pod.hash !== newest.get(pod.deployment)).length;
}

function says(world: World, kind: string): boolean {
  return world.operator.lastPlan?.problems.some((problem) => problem.kind === kind) === true;
}

/** Minutes until the drain has ended; throws when it does not. */
async function drained(world: World, node: string): Promise<number> {
  const fromMs = world.agenda.nowMs;
  happen(world, { kind: 'drain', node });
  while (world.drains.at(-1)?.isStuck === true) {
    assert.ok(world.agenda.nowMs - fromMs < 20 * minuteMs, `the drain of ${node} does not end`);
    await world.run(1000);
  }
  return (world.agenda.nowMs - fromMs) / minuteMs;
}

describe('a rollout whose surge finds no room', function () {
  this.timeout(0);

  it('goes on zone by zone with one old pod at a time (a host port: 9 pods on 9 nodes, D=6)', async () => {
    for (const seed of seeds) {
      const world = await nine(seed);
      happen(world, { kind: 'template' });
      assert.ok((await rolledOutAfter(world, 10)) < 6);
      assert.equal(world.truth.leastServing, 8);
      assert.equal(world.truth.mostPods, 10);
      await world.settle(45 * minuteMs);
      assert.equal(steadyProblem(world), undefined);
    }
  });

  it('does so under a quota that is just full', async () => {
    for (const seed of seeds) {
      const world = await nine(seed, { roomPerNode: 40 });
      happen(world, { kind: 'quota', pods: 9 });
      happen(world, { kind: 'template' });
      assert.ok((await rolledOutAfter(world, 15)) < 12);
      assert.equal(world.truth.leastServing, 8);
      assert.equal(world.truth.mostPods, 9);
      await world.settle(45 * minuteMs);
      assert.equal(steadyProblem(world), undefined);
    }
  });

  it('comes to a zone that lacks pods, too (8 pods for 9 wanted, by nodes and by quota)', async () => {
    for (const quota of [8, undefined]) {
      for (const seed of quota === undefined ? seeds : seedsUnderQuota) {
        const world = await nine(seed, quota === undefined ? { nodes: [3, 3, 2] } : { roomPerNode: 40 });
        if (quota !== undefined) {
          happen(world, { kind: 'quota', pods: quota });
          happen(world, { kind: 'deletePod', index: seed });
          await world.settle(45 * minuteMs);
          world.truth.forgetLeast();
        }
        happen(world, { kind: 'template' });
        assert.ok((await rolledOutAfter(world, 20)) < 15);
        assert.equal(world.truth.leastServing, 7);
      }
    }
  });

  it('ends in its zone, with one pod missing at most, when the operator is gone right after', async () => {
    for (const seed of seeds) {
      const world = await nine(seed);
      happen(world, { kind: 'template' });
      while (!world.operator.written.some(({ step }) => step.kind === 'makeRoom')) await world.run(10);
      world.operator.stop();
      await world.run(10 * minuteMs);
      assert.equal(oldPods(world), 0, 'the zone has finished, the others have not begun');
      assert.equal(world.truth.leastServing, 8);
      world.operator.start();
      assert.ok((await rolledOutAfter(world, 10)) < 6);
    }
  });

  it('does not grow the zone in which old pods go first (D=8→11, k=1, {1,1,2,2}, 3 pods a node: more demand in mid-rollout)', async () => {
    for (const seed of seeds) {
      const world = await served({
        seed,
        nodes: [1, 1, 2, 2],
        roomPerNode: 3,
        startMs: 1000,
        demand: 8,
        survive: { ...nothing, zones: 1 },
      });
      happen(world, { kind: 'template' });
      await world.run(30_600);
      happen(world, { kind: 'demand', to: 11 });
      await world.settle(45 * minuteMs);
      assert.equal(oldPods(world), 0);
      assert.equal(steadyProblem(world), undefined);
    }
  });

  it('waits where demand would be cut, says so, and begins no other zone (D=9)', async () => {
    for (const seed of seeds) {
      const world = await nine(seed, { demand: 9, survive: nothing });
      happen(world, { kind: 'template' });
      await world.run(9 * minuteMs);
      assert.equal(world.truth.leastServing, 9);
      assert.equal(world.operator.lastPlan?.outdated.length, 2);
      assert.ok(says(world, 'NoRoom'));
      const waits = world.operator.lastPlan?.waits.map(({ why }) => why) ?? [];
      assert.ok(waits.includes('it would leave 8 pods to count on, and demand is 9'), waits.join('; '));
    }
  });

  it('takes no other old pod once a node is lost, and goes on when it is back', async () => {
    for (const seed of seeds) {
      const world = await nine(seed, { demand: 7, survive: { ...nothing, pods: 2 } });
      happen(world, { kind: 'template' });
      while (!world.operator.written.some(({ step }) => step.kind === 'makeRoom')) await world.run(10);
      const zone = world.operator.written.findLast(({ step }) => step.kind === 'makeRoom')?.step;
      const other = world.zones.find((name) => zone !== undefined && 'zone' in zone && name !== zone.zone) ?? '';
      const node = world.nodesOf(other)[0] ?? '';
      happen(world, { kind: 'killNode', node });
      await world.run(8 * minuteMs);
      assert.ok(world.server.list('deployment').every(({ unavailable }) => unavailable === 0));
      happen(world, { kind: 'healNode', node });
      assert.ok((await rolledOutAfter(world, 20)) < 12);
      assert.ok(world.truth.leastServing >= 7, `${world.truth.leastServing} of 7 served`);
    }
  });
});

describe('a zone that is stuck in mid-rollout', function () {
  this.timeout(0);

  const stuck: Readonly<Record<string, (world: World) => void | Promise<void>>> = {
    'its new pods are never Ready, and it may not go back': (world) => {
      happen(world, { kind: 'refuseRollBacks' });
      happen(world, { kind: 'badTemplate', fault: 'unready' });
    },
    'somebody paused it': async (world) => {
      for (const zone of world.zones) happen(world, { kind: 'pauseDeployment', zone });
      await world.run(1000);
      happen(world, { kind: 'template' });
    },
  };
  for (const [why, happens] of Object.entries(stuck)) {
    for (const survive of [nothing, { ...nothing, pods: 1 }]) {
      it(`holds no drain up for good: ${why} (D=6, p=${survive.pods}, {2,2,2})`, async () => {
        for (const seed of seeds) {
          const world = await served({ seed, nodes: [2, 2, 2], roomPerNode: 40, startMs: 5000, demand: 6, survive });
          await happens(world);
          await world.run(2 * minuteMs);
          const first = world.zones.find((zone) => isMixed(world, zone)) ?? 'zone-a';
          const [node = '', next = ''] = world.nodesOf(first);
          assert.ok((await drained(world, node)) < 10);
          happen(world, { kind: 'uncordon', node });
          await world.run(5000);
          assert.ok((await drained(world, next)) < 10, 'the next drain of the same zone');
          const other = world.zones.find((zone) => zone !== first) ?? '';
          assert.ok((await drained(world, world.nodesOf(other)[0] ?? '')) < 10, 'a drain of another zone');
          assert.ok(world.truth.leastServing >= 6, `${world.truth.leastServing} of 6 served`);
          assert.ok(world.truth.mostPods <= 13, `${world.truth.mostPods} pods at once`);
          await world.settle(45 * minuteMs);
          assert.equal(steadyProblem(world), undefined);
        }
      });
    }
  }
});

function isMixed(world: World, zone: string): boolean {
  return world.server
    .list('deployment')
    .some(({ name, status }) => name.endsWith(zone) && status.updated !== status.replicas);
}
