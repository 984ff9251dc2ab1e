import assert from 'node:assert/strict';
import { check } from './check.ts';
import { absences, changes, crowded, crowds, losses, mishaps, play, pressures, scenarios, served } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { happen } from './sim/events.ts';
import { steadyProblem } from './steady.ts';

/**
 * While a scenario plays, the truth is looked at after everything that happens: a pod that goes voluntarily, or an eviction
 * that the budget would allow, must leave as many serving as demanded. Here it is asked where the cluster comes to rest.
 */
function comesToRest(scenario: Scenario): void {
  const world = play(scenario);
  assert.equal(steadyProblem(world), undefined);
  const writes = world.operator.written.length;
  world.run(600_000);
  assert.equal(world.operator.written.length, writes, 'it writes although nothing happens');
}

describe('a simulated cluster', function () {
  this.timeout(0);

  it('never goes below demand by itself and comes to rest after one change', () => {
    check(scenarios(changes, 1), comesToRest);
  });

  it('never goes below demand by itself and comes to rest after one loss', () => {
    check(scenarios(losses, 1), comesToRest);
  });

  it('never goes below demand by itself and comes to rest after two events close together or far apart', () => {
    check(scenarios([...changes, ...losses], 2), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whenever the operator stops, starts, is paused or crashes after a write', () => {
    check(scenarios([...changes, ...losses, ...absences], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest whatever happens to machines, quietly or not', () => {
    check(scenarios([...changes, ...losses, ...mishaps], 3), comesToRest);
  });

  it('never goes below demand by itself and comes to rest with events lost, stale leaders and evictions at the worst moments', () => {
    check(scenarios([...changes, ...losses, ...absences, ...mishaps, ...pressures], 5), comesToRest);
  });

  it('never goes below demand by itself and comes to rest where room is scarce, comes and goes', () => {
    check(crowded([...changes, ...losses, ...crowds], 3), comesToRest);
  });

  it('serves demand all through any loss that it says it survives', () => {
    check(scenarios(losses, 1), keepsItsPromise);
  });
});

function keepsItsPromise(scenario: Scenario): void {
  const world = served(scenario);
  const { survival } = world.operator.lastPlan ?? {};
  const [first] = scenario.events;
  if (survival === undefined || first === undefined) return;
  const { event } = first;
  const promised = {
    killNode: survival.nodes,
    removeNode: survival.nodes,
    killZone: survival.zones,
    deletePod: survival.pods,
  };
  if (!(event.kind in promised) || promised[event.kind as keyof typeof promised] === 0) return;
  happen(world, event);
  world.settle(45 * 60_000);
  assert.ok(
    world.truth.leastServing >= world.demand,
    `${world.truth.leastServing} of ${world.demand} served after ${event.kind}`,
  );
}
