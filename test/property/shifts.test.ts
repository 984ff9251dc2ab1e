import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import { planStation } from '../../operator/plan/station/planStation.ts';
import { served as servedAt } from '../../tools/simulate/scenario.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { World } from '../../tools/simulate/sim/world.ts';
import { after } from '../builders/changes.ts';
import { applied, converged, play as playPlans } from '../builders/play.ts';
import { served } from '../builders/served.ts';
import { behindHubs, endShift, left, shift } from '../builders/shifted.ts';
import { check, checkScenarios } from './check.ts';
import { comesToRest } from './laws.ts';
import { absences, changes, crowded, losses, pressures, scenarios } from './scenario.ts';
import type { Pick } from './scenario.ts';
import { shiftsToEnd } from './shiftsToEnd.ts';

const minuteMs = 60_000;

const shifting: Pick = ({ zone, number }) => ({ kind: 'shift', zone, forMs: 1000 + 900 * number });
/** Zones that requests are to leave for a time, ended early or not. */
const shifts: readonly Pick[] = [shifting, ({ zone }) => ({ kind: 'endShift', zone })];

describe('a shift in a simulated cluster', function () {
  this.timeout(0);

  it('never goes below demand by itself and comes to rest whatever else happens', async () => {
    await checkScenarios(scenarios([...shifts, ...changes, ...losses, ...absences], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest under stale leaders and evictions at the worst moments', async () => {
    await checkScenarios(scenarios([...shifts, ...changes, ...pressures], 4), comesToRest);
  });

  it('never goes below demand by itself and comes to rest where room is scarce', async () => {
    await checkScenarios(crowded([...shifts, ...changes, ...losses], 3), comesToRest);
  });

  it('lets drains of its nodes end, and has the others serve demand meanwhile', async () => {
    await checkScenarios(scenarios([() => ({ kind: 'drain', node: 'zone-a-1' })], 1), drainsEnd);
  });

  it('has the other zones serve demand, and leaves all as if it had never been', async () => {
    await checkScenarios(scenarios([shifting], 1), standsIn);
  });
});

/** Nodes of a zone are drained while it is shifted: each drain ends, and the others serve demand all through it. */
async function drainsEnd(scenario: Scenario): Promise<void> {
  const world = await servedAt(scenario);
  const [zone] = world.zones;
  if (zone === undefined || world.zones.length < 2) return;
  happen(world, { kind: 'shift', zone, forMs: 60 * minuteMs });
  await world.settle(15 * minuteMs, 2 * minuteMs);
  const others = world.zones.filter((each) => each !== zone);
  for (const node of world.nodesOf(zone).slice(0, 3)) {
    happen(world, { kind: 'drain', node });
    for (let ms = 0; ms < 4 * minuteMs; ms += 500) {
      await world.run(500);
      const serving = others.reduce((sum, each) => sum + world.servingIn(each), 0);
      assert.ok(serving >= world.demand, `${serving} of ${world.demand} serve outside ${zone}`);
    }
  }
  assert.deepEqual(
    world.drains.filter(({ isStuck }) => isStuck).map(({ node }) => node),
    [],
  );
}

/** The only event is a shift: while it lasts the others serve demand with what is declared, and then all is as before. */
async function standsIn(scenario: Scenario): Promise<void> {
  const world = await servedAt(scenario);
  const before = toldIn(world);
  for (const { afterMs, event } of scenario.events) {
    if (event.kind !== 'shift') continue;
    await world.run(afterMs);
    happen(world, { ...event, forMs: 20 * minuteMs });
    await world.settle(15 * minuteMs, 2 * minuteMs);
    const others = world.zones.filter((zone) => zone !== event.zone);
    const serving = others.reduce((sum, zone) => sum + world.servingIn(zone), 0);
    const { survive } = scenario;
    const spare = Math.max(survive.pods, survive.zones > 1 ? 1 : 0);
    if (others.length > 0) {
      const wanted = world.demand === 0 ? 0 : world.demand + spare;
      assert.ok(serving >= wanted, `${serving} of ${wanted} serve outside ${event.zone}`);
      assert.ok((toldIn(world).get(event.zone) ?? 0) >= (before.get(event.zone) ?? 0), 'its pods stay');
    } else assert.deepEqual(toldIn(world), before, 'there is no other zone');
  }
  await shiftsToEnd(world);
  await world.settle(45 * minuteMs);
  assert.deepEqual(toldIn(world), before);
}

function toldIn(world: World): ReadonlyMap<string, number> {
  return new Map(
    world.server.list('deployment').map(({ name, replicas }) => [name.replace(/^.*-(?=zone-)/, ''), replicas]),
  );
}

const placed = fc.record({
  perZone: fc.array(fc.nat(6), { minLength: 2, maxLength: 4 }),
  demand: fc.nat(12),
  survive: fc.record({ pods: fc.nat(2), nodes: fc.nat(1), zones: fc.nat(1) }, { noNullPrototype: true }),
});

describe('requests', () => {
  const names = ['zone-a', 'zone-b', 'zone-c', 'zone-d'];
  const stationOf = ({
    perZone,
    demand,
    survive,
  }: typeof placed extends fc.Arbitrary<infer T> ? T : never): Snapshot => {
    const zones = Object.fromEntries(perZone.map((pods, at) => [names[at], { nodes: 3, pods }]));
    return playPlans(behindHubs(served({ demand, survive, zones }))).end;
  };
  const outside = ({ zones }: Snapshot): number =>
    zones.flatMap(({ pods }) => pods).filter(({ state }) => state === 'sure').length;

  it('leave a zone only when the others serve demand, and always in the end', async () => {
    await check(placed, (terms) => {
      let now = after(stationOf(terms), shift('zone-a'));
      let isLeft = false;
      for (let pass = 0; pass < 60; pass += 1) {
        const { steps, shifts: plans } = planStation(now);
        if (!isLeft && plans[0]?.isLeft === true) {
          isLeft = true;
          assert.ok(outside(now) >= terms.demand, `they leave, and ${outside(now)} of ${terms.demand} are elsewhere`);
          now = after(now, left('zone-a'));
        }
        if (isLeft) assert.ok(plans[0]?.isLeft, 'they stay away');
        const next = converged(steps.reduce(applied, now));
        if (steps.length === 0 && JSON.stringify(next) === JSON.stringify(now)) break;
        now = next;
      }
      assert.ok(isLeft, 'they left');
      assert.ok(outside(now) >= terms.demand);
    });
  });

  it('come back to a station that ends as it began', async () => {
    await check(placed, (terms) => {
      const before = stationOf(terms);
      const during = playPlans(after(before, shift('zone-a'))).end;
      const { end } = playPlans(after(during, endShift('zone-a')));
      const told = ({ zones }: Snapshot): readonly number[] => zones.map(({ pods }) => pods.length);
      assert.deepEqual(told(end), told(before));
    });
  });
});
