import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { play } from './scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

/** Lags differ from seed to seed. */
const seeds = [1, 2, 3, 4];
const onePod = { pods: 1, nodes: 0, zones: 0 };
const nothing = { pods: 0, nodes: 0, zones: 0 };

function terms(seed: number, more: Pick<Terms, 'nodes' | 'demand' | 'survive'>): Terms {
  return { seed, roomPerNode: 40, startMs: 5000, ...more };
}

async function plays(scenario: Scenario): Promise<World> {
  const world = await play(scenario);
  assert.equal(steadyProblem(world), undefined);
  return world;
}

async function ends(world: World): Promise<void> {
  await world.settle(45 * 60_000);
  assert.equal(steadyProblem(world), undefined);
}

/** Own pods of a template that is not the newest of their Deployment. */
function oldPods({ server, truth }: World): readonly string[] {
  const newest = new Map(server.list('deployment').map(({ name, hash }) => [name, hash]));
  return truth.servingPods.filter((pod) => newest.get(pod.deployment) !== pod.hash).map(({ name }) => name);
}

describe('a station that people have their hands in', function () {
  this.timeout(0);

  it('is not kept from its budget’s floor by a stranger (D=6→3, p=1, {2,2}: a bare pod, then demand falls, then a drain)', async () => {
    for (const seed of seeds) {
      const world = await plays({
        ...terms(seed, { nodes: [2, 2], demand: 6, survive: onePod }),
        events: [
          { afterMs: 0, event: { kind: 'strangerComes', node: 'zone-b-1' } },
          { afterMs: 20_000, event: { kind: 'demand', to: 3 } },
          { afterMs: 60_000, event: { kind: 'drain', node: 'zone-a-1' } },
        ],
      });
      assert.equal(world.drains[0]?.isStuck, false);
      assert.ok(world.operator.lastPlan?.problems.some(({ kind }) => kind === 'ForeignPods'));
    }
  });

  it('evicts a stranger as well where nothing is spare (D=6, p=0, {3}: a pod is quarantined, then its node drained, and a rollout)', async () => {
    for (const seed of seeds) {
      for (const label of ['template', 'zone'] as const) {
        const world = await served(terms(seed, { nodes: [3], demand: 6, survive: nothing }));
        const index = world.server.list('pod').findIndex((pod) => pod.node === 'zone-a-1');
        happen(world, { kind: 'quarantine', index, label });
        await world.run(20_000);
        assert.equal(world.truth.serving, 6, 'its ReplicaSet made another');
        world.truth.forgetLeast();
        happen(world, { kind: 'drain', node: 'zone-a-1' });
        await ends(world);
        assert.deepEqual([world.truth.serving, world.truth.leastServing], [6, 6]);
        assert.equal(world.server.list('pod').length, 6);
        happen(world, { kind: 'quarantine', index: 0, label });
        happen(world, { kind: 'template' });
        await ends(world);
        assert.deepEqual(oldPods(world), []);
      }
    }
  });

  it('takes back a rollout that somebody paused (D=6, p=0, {2,2}: paused in a, new template, drain in a)', async () => {
    for (const seed of seeds) {
      for (const pausedFirst of [true, false]) {
        const paused = { afterMs: 500, event: { kind: 'pauseDeployment', zone: 'zone-a' } } as const;
        const changed = { afterMs: 500, event: { kind: 'template' } } as const;
        const world = await plays({
          ...terms(seed, { nodes: [2, 2], demand: 6, survive: nothing }),
          events: [
            ...(pausedFirst ? [paused, changed] : [changed, paused]),
            { afterMs: 30_000, event: { kind: 'drain', node: 'zone-a-1' } },
          ],
        });
        assert.equal(world.drains[0]?.isStuck, false);
        assert.deepEqual(oldPods(world), []);
      }
    }
  });
});
