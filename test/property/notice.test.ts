import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

const seeds = Array.from({ length: 6 }, (_, index) => index + 1);
const minuteMs = 60_000;

const shapes: readonly Pick<Terms, 'nodes' | 'demand' | 'survive' | 'noticeMs'>[] = [
  { nodes: [3], demand: 6, survive: { pods: 1, nodes: 0, zones: 0 }, noticeMs: 60_000 },
  { nodes: [3, 3, 3], demand: 9, survive: { pods: 1, nodes: 0, zones: 0 }, noticeMs: 30_000 },
  { nodes: [3, 3, 3], demand: 6, survive: { pods: 1, nodes: 1, zones: 1 }, noticeMs: 120_000 },
];

/** Uids of the pods that serve on a node. */
function onNode(world: World, node: string): ReadonlySet<string> {
  return new Set(world.truth.servingPods.filter((pod) => pod.node === node).map(({ uid }) => uid));
}

describe('a node that gives notice by a taint that pods tolerate for a while', function () {
  this.timeout(0);

  for (const shape of shapes) {
    const { demand, noticeMs = 0 } = shape;
    it(`loses no pod that demand needs (${JSON.stringify(shape)})`, async () => {
      for (const seed of seeds) {
        const world = await served({ seed, roomPerNode: 40, startMs: 5000, ...shape });
        const node = world.nodesOf('zone-a').toSorted((a, b) => world.servingOn(b) - world.servingOn(a))[0] ?? '';
        const there = onNode(world, node);
        const before = world.truth.serving;
        happen(world, { kind: 'notice', node });
        await world.run(noticeMs - 2000);
        const left = [...onNode(world, node)].filter((uid) => there.has(uid));
        const beyond = before - there.size >= demand;
        assert.ok(beyond || left.length === 0, `${left.length} of ${there.size} are still there`);
        await world.run(10_000);
        assert.ok(world.truth.leastServing >= demand, `${world.truth.leastServing} of ${demand} served`);
        assert.ok(world.truth.mostPods <= before + 2 * there.size, `${world.truth.mostPods} pods for ${before}`);
        happen(world, { kind: 'uncordon', node });
        await world.settle(45 * minuteMs);
        assert.equal(steadyProblem(world), undefined);
      }
    });
  }
});
