import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { steadyProblem } from './steady.ts';

const minuteMs = 60_000;

const terms = { seed: 11, roomPerNode: 40, startMs: 5000 };
const spare = { ...terms, nodes: [2, 2, 2], demand: 6, survive: { pods: 1, nodes: 0, zones: 0 } };
const bare = { ...terms, nodes: [3], demand: 6, survive: { pods: 0, nodes: 0, zones: 0 } };
const zonal = { ...terms, nodes: [2, 2, 2], demand: 6, survive: { pods: 1, nodes: 0, zones: 1 } };

const at =
  (...events: readonly (readonly [number, Event])[]) =>
  (start: Omit<Scenario, 'events'>): Scenario => ({
    ...start,
    events: events.map(([afterMs, event]) => ({ afterMs, event })),
  });

const bases: readonly (readonly [string, Scenario])[] = [
  ['the demand rises', at([0, { kind: 'demand', to: 11 }])(spare)],
  ['the demand falls', at([0, { kind: 'demand', to: 2 }])(spare)],
  ['there is a new template', at([0, { kind: 'template' }])(spare)],
  ['a node dies', at([0, { kind: 'killNode', node: 'zone-a-1' }])(spare)],
  [
    'a node dies and heals',
    at([0, { kind: 'killNode', node: 'zone-a-1' }], [90_000, { kind: 'healNode', node: 'zone-a-1' }])(bare),
  ],
  ['a node is removed', at([0, { kind: 'removeNode', node: 'zone-a-1' }])(spare)],
  ['a node is drained where nothing is spare', at([0, { kind: 'drain', node: 'zone-a-1' }])(bare)],
  [
    'a drain is taken back',
    at(
      [0, { kind: 'drain', node: 'zone-a-1' }],
      [60_000, { kind: 'uncordon', node: 'zone-a-1' }],
    )({
      ...bare,
      survive: { pods: 0, nodes: 1, zones: 0 },
    }),
  ],
  [
    'a zone dies and heals',
    at([0, { kind: 'killZone', zone: 'zone-a' }], [400_000, { kind: 'healZone', zone: 'zone-a' }])(zonal),
  ],
  [
    'a zone dies that nobody planned for',
    at([0, { kind: 'killZone', zone: 'zone-a' }], [400_000, { kind: 'healZone', zone: 'zone-a' }])(spare),
  ],
  ['a drain meets a rollout', at([0, { kind: 'template' }], [1500, { kind: 'drain', node: 'zone-b-1' }])(zonal)],
];

/** Crashes after so many writes, if there are as many; undefined: it does not. */
async function playCrashing(scenario: Scenario, afterWrites: number | undefined): Promise<World> {
  const world = await served(scenario);
  if (afterWrites !== undefined) happen(world, { kind: 'crashOperator', afterWrites });
  for (const { afterMs, event } of scenario.events) {
    await world.run(afterMs);
    happen(world, event);
  }
  await world.settle(45 * minuteMs);
  return world;
}

/** What is left in the end, but for which pod is where within a zone. */
function endOf(world: World): unknown {
  const deployments = world.server.list('deployment').map(({ name, replicas, hash }) => ({ name, replicas, hash }));
  return {
    deployments: deployments.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    serving: world.zones.map((zone) => world.servingIn(zone)),
    keeps: world.server.list('budget').map(({ minAvailable }) => minAvailable),
    marked: world.server.list('pod').filter(({ cost, deletingMs }) => cost !== undefined && deletingMs === undefined)
      .length,
  };
}

describe('an operator that crashes after any one of its writes comes to the same end, when', function () {
  this.timeout(0);

  for (const [what, scenario] of bases) {
    it(what, async () => {
      const straight = await playCrashing(scenario, undefined);
      const end = endOf(straight);
      const writes = straight.operator.writes - (await served(scenario)).operator.writes;
      for (let afterWrites = 1; afterWrites <= writes; afterWrites += 1) {
        const world = await playCrashing(scenario, afterWrites);
        assert.equal(steadyProblem(world), undefined, `after write ${afterWrites}`);
        assert.deepEqual(endOf(world), end, `after write ${afterWrites}`);
      }
    });
  }
});
