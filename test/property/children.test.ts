import assert from 'node:assert/strict';
import { checkScenarios } from './check.ts';
import { comesToRest, keepsPodsReached } from './laws.ts';
import { served } from '../../tools/simulate/scenario.ts';
import { changes, childChanges, losses, scenarios } from './scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { reached } from '../../tools/simulate/sim/endpoints.ts';
import type { ContainerPort } from '../../tools/simulate/sim/endpoints.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

const seeds = Array.from({ length: 4 }, (_, index) => index + 1);
const minuteMs = 60_000;
const zones: Omit<Terms, 'seed'> = {
  nodes: [2, 2, 2],
  demand: 6,
  survive: { pods: 0, nodes: 0, zones: 1 },
  roomPerNode: 40,
  startMs: 5000,
};

describe('a Deployment that is deleted while a pod of it cannot end', function () {
  this.timeout(0);

  it('leaves its share to the others at once, is not written to, and gets it back when it is gone', async () => {
    for (const seed of seeds) {
      for (const survive of [zones.survive, { pods: 1, nodes: 0, zones: 0 }]) {
        const world = await served({ ...zones, seed, survive });
        const before = world.truth.serving;
        happen(world, { kind: 'deleteDeployment', zone: 'zone-a', forMs: 5 * minuteMs });
        await world.run(15_000);
        assert.ok(world.truth.serving >= 6, `${world.truth.serving} of 6 serve`);
        assert.equal(world.servingIn('zone-a'), 0);
        await world.run(4 * minuteMs);
        assert.deepEqual(told(world), ['ChildDeleting']);
        await world.settle(45 * minuteMs);
        assert.equal(steadyProblem(world), undefined);
        assert.deepEqual([world.truth.serving, told(world)], [before, []]);
        assert.ok(world.servingIn('zone-a') >= 2, 'the zone has its share again');
      }
    }
  });

  it('is none of many: with all zones’ Deployments in deletion they are made again, one after the other', async () => {
    for (const seed of seeds) {
      const world = await served({ ...zones, seed });
      for (const zone of world.zones) happen(world, { kind: 'deleteDeployment', zone, forMs: 2 * minuteMs });
      await world.run(minuteMs);
      assert.deepEqual(told(world), ['ChildDeleting', 'ChildDeleting', 'ChildDeleting']);
      await world.settle(45 * minuteMs);
      assert.equal(steadyProblem(world), undefined);
      assert.equal(world.truth.serving, 9);
    }
  });
});

describe('a Service whose target moves with the template', function () {
  this.timeout(0);
  const web = [{ name: 'web', containerPort: 8080 }];

  it('leads to as many as demanded all the time, by the number that both have', async () => {
    const least = await moved(
      { target: 'web', of: web },
      { target: 'http', of: [{ name: 'http', containerPort: 8080 }] },
    );
    assert.deepEqual(least, { least: 'enough', targets: ['web', 8080, 'http'], held: false });
  });

  it('leads there too where new pods have the old port for one rollout', async () => {
    const numbers = [{ containerPort: 8080 }, { containerPort: 9090 }];
    const least = await moved({ target: 8080, of: numbers.slice(0, 1) }, { target: 9090, of: numbers });
    assert.deepEqual(least, { least: 'enough', targets: [8080, 9090], held: false });
  });

  it('stays, and the template with it, where both cannot be led to', async () => {
    const least = await moved(
      { target: 8080, of: [{ containerPort: 8080 }] },
      { target: 9090, of: [{ containerPort: 9090 }] },
    );
    assert.deepEqual(least, { least: 'enough', targets: [8080], held: true });
  });

  it('stays where only one of the two is renamed', async () => {
    const http = [{ name: 'http', containerPort: 8080 }];
    assert.equal((await moved({ target: 'web', of: web }, { target: 'web', of: http })).held, true);
    assert.deepEqual((await moved({ target: 'web', of: web }, { target: 'http', of: web })).targets, ['web']);
  });
});

describe('a simulated cluster whose children are deleted and change together', function () {
  this.timeout(0);

  it('never goes below demand by itself and comes to rest', async () => {
    await checkScenarios(scenarios([...childChanges, ...changes, ...losses], 3), comesToRest);
  });

  it('leads to as many pods as demanded, whatever is asked for of ports one after the other', async () => {
    await checkScenarios(scenarios(childChanges, 4).map(portsAlone), keepsPodsReached);
  });
});

/** Nothing is lost, and pods listen at first where the Service leads. */
function portsAlone({ events, demand, survive, ...scenario }: Scenario): Scenario {
  return {
    ...scenario,
    demand: demand + 1,
    survive: { ...survive, pods: 2 },
    ports: { target: 'web', of: [{ name: 'web', containerPort: 8080 }] },
    // A number that no container declares is its user's word.
    events: events.filter(
      ({ event }) =>
        event.kind === 'ports' &&
        (typeof event.target === 'string' || event.of.some(({ containerPort }) => containerPort === event.target)),
    ),
  };
}

interface Listening {
  readonly target: number | string;
  readonly of: readonly ContainerPort[];
}

/** What the Service led to one after the other, and whether enough pods were reached all the time. */
async function moved(
  from: Listening,
  to: Listening,
): Promise<{ least: string; targets: readonly unknown[]; held: boolean }> {
  const seen: string[] = [];
  for (const seed of seeds) {
    const world = await served({ ...zones, seed, ports: from });
    const targets: unknown[] = [targetOf(world)];
    let least = Infinity;
    world.server.watch(() => {
      least = Math.min(least, reached(world));
      if (targetOf(world) !== targets.at(-1)) targets.push(targetOf(world));
    });
    happen(world, { kind: 'ports', ...to });
    await world.settle(45 * minuteMs);
    assert.equal(steadyProblem(world), undefined);
    const held = world.operator.lastPlan?.problems.some(({ reason }) => reason === 'HoldsRollout') === true;
    seen.push(JSON.stringify({ least: least >= 6 ? 'enough' : `${least} of 6`, targets, held }));
  }
  assert.equal(new Set(seen).size, 1, seen.join('\n'));
  return JSON.parse(seen[0] ?? '{}') as Awaited<ReturnType<typeof moved>>;
}

function targetOf(world: World): unknown {
  const [service] = world.server.list('service');
  const spec = service?.body['spec'] as { readonly ports: readonly { readonly targetPort?: unknown }[] } | undefined;
  return spec?.ports[0]?.targetPort;
}

function told(world: World): readonly string[] {
  return world.operator.lastPlan?.problems.map(({ kind }) => kind) ?? [];
}
