import assert from 'node:assert/strict';
import { play, served } from './scenario.ts';
import { happen } from './sim/events.ts';
import type { Event } from './sim/events.ts';
import { strayPods } from './sim/stray.ts';
import type { Terms, World } from './sim/world.ts';
import { steadyProblem } from './steady.ts';

/** Each of these broke an earlier version of the rules; several runs of each, since lags differ. */
const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

const minuteMs = 60_000;

function terms(seed: number, more: Pick<Terms, 'nodes' | 'demand' | 'survive'> & Partial<Terms>): Terms {
  return { seed, roomPerNode: 40, startMs: 5000, ...more };
}

function ends(world: World): void {
  world.settle(45 * minuteMs);
  assert.equal(steadyProblem(world), undefined);
}

/** The node that holds most pods. */
function fullest(world: World): string {
  const nodes = world.zones.flatMap((zone) => world.nodesOf(zone));
  return nodes.toSorted((a, b) => world.servingOn(b) - world.servingOn(a))[0] ?? '';
}

describe('a trace that broke an earlier version', function () {
  this.timeout(0);

  it('owes for replacements that had landed on the next node to die (D=6, p=0, {3}: a node, 46 s later another)', () => {
    for (const seed of seeds) {
      const world = served(terms(seed, { nodes: [3], demand: 6, survive: { pods: 0, nodes: 0, zones: 0 } }));
      happen(world, { kind: 'killNode', node: 'a1' });
      world.run(46_000);
      happen(world, { kind: 'killNode', node: 'a2' });
      world.run(2 * minuteMs);
      assert.equal(world.truth.serving, 6);
      ends(world);
    }
  });

  it('owes more than a zone is to have (D=12, p=0, 26 pods, 14 of them leaving: drain)', () => {
    for (const seed of seeds) {
      const world = served(terms(seed, { nodes: [4], demand: 26, survive: { pods: 0, nodes: 0, zones: 0 } }));
      happen(world, { kind: 'demand', to: 12 });
      happen(world, { kind: 'drain', node: 'a1' });
      happen(world, { kind: 'drain', node: 'a2' });
      ends(world);
    }
  });

  it('makes a zone whole on the one node that heals (D=12, {5}: all die, one heals after 70 s)', () => {
    for (const seed of seeds) {
      const world = served(terms(seed, { nodes: [5], demand: 12, survive: { pods: 1, nodes: 0, zones: 0 } }));
      happen(world, { kind: 'killZone', zone: 'zone-a' });
      world.run(70_000);
      happen(world, { kind: 'healNode', node: 'a3' });
      world.run(2 * minuteMs);
      assert.ok(world.truth.serving >= 12, `${world.truth.serving} of 12 serve`);
    }
  });

  it('does not hold the budget up for a shrink that the guard refuses (D=8, k=1, {5,2,1}: two drains)', () => {
    for (const seed of seeds) {
      for (const [first, second] of [
        ['a1', 'a2'],
        ['a1', 'b1'],
        ['b1', 'a4'],
      ] as const) {
        plays(terms(seed, { nodes: [5, 2, 1], demand: 8, survive: { pods: 1, nodes: 0, zones: 1 } }), [
          [0, { kind: 'drain', node: first }],
          [1000, { kind: 'drain', node: second }],
        ]);
      }
    }
  });

  it('lets a lost zone in mid-rollout block no shrink (D=6, k=1, {2,3,3}: rollout, 1 s later zone a dies, drain in b)', () => {
    for (const seed of seeds) {
      plays(terms(seed, { nodes: [2, 3, 3], demand: 6, survive: { pods: 1, nodes: 0, zones: 1 } }), [
        [0, { kind: 'template' }],
        [1000, { kind: 'killZone', zone: 'zone-a' }],
        [0, { kind: 'drain', node: 'b1' }],
      ]);
    }
  });

  it('takes at most one pod too many in a rollout without a spare one (any, p=0)', () => {
    for (const seed of seeds) {
      plays(terms(seed, { nodes: [3, 2], demand: 9, survive: { pods: 0, nodes: 0, zones: 0 } }), [
        [0, { kind: 'template' }],
      ]);
    }
  });

  it('replaces each pod of a drained node once where nothing is spare (D=6, p=0, {3}: drain of the fullest node)', () => {
    for (const seed of seeds) {
      const world = served(terms(seed, { nodes: [3], demand: 6, survive: { pods: 0, nodes: 0, zones: 0 } }));
      const node = fullest(world);
      const pods = world.servingOn(node);
      happen(world, { kind: 'drain', node });
      ends(world);
      assert.equal(world.truth.podsMade, pods);
      assert.equal(world.truth.leastServing, 6);
    }
  });

  it('makes two pods for two lost and no third when their deletion comes (D=6, p=1, {2,2}: the fullest node dies)', () => {
    for (const seed of seeds) {
      const world = served(terms(seed, { nodes: [2, 2], demand: 6, survive: { pods: 1, nodes: 0, zones: 0 } }));
      const node = fullest(world);
      const pods = world.servingOn(node);
      const stray = strayPods(world);
      happen(world, { kind: 'killNode', node });
      world.run(70_000);
      assert.equal(world.truth.serving, 7);
      ends(world);
      assert.equal(world.truth.podsMade, pods + stray.size);
    }
  });

  it('never runs away from a target (3 pods, every node but one dead for ten minutes)', () => {
    for (const seed of seeds) {
      const world = served(terms(seed, { nodes: [3], demand: 3, survive: { pods: 0, nodes: 0, zones: 0 } }));
      happen(world, { kind: 'killNode', node: 'a1' });
      happen(world, { kind: 'killNode', node: 'a2' });
      world.run(10 * minuteMs);
      assert.ok(world.truth.mostPods <= 9, `${world.truth.mostPods} pods at once for 3`);
    }
  });
});

function plays(start: Terms, events: readonly (readonly [number, Event])[]): void {
  const world = play({ ...start, events: events.map(([afterMs, event]) => ({ afterMs, event })) });
  assert.equal(steadyProblem(world), undefined);
}
