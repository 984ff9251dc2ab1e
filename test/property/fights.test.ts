import type { Event } from '../../tools/simulate/sim/events.ts';
import { fightsSlowly, isSoonMade, makesGoodInAFight } from './fights.ts';
import type { Scenario } from '../../tools/simulate/scenario.ts';

const seeds = Array.from({ length: 2 }, (_, index) => index + 1);
const minuteMs = 60_000;

/** Demand 6 in three zones, one of which may be lost: three pods in each. */
function scenariosOf(...events: readonly (readonly [number, Event])[]): readonly Scenario[] {
  return seeds.map((seed) => ({
    seed,
    nodes: [3, 3, 3],
    roomPerNode: 40,
    startMs: 2000,
    demand: 6,
    survive: { pods: 0, nodes: 0, zones: 1 },
    events: events.map(([afterMs, event]) => ({ afterMs, event })),
  }));
}

const unlimited = Number.POSITIVE_INFINITY;
const autoscaler = { kind: 'contest', zone: 'zone-a', most: 2, everyMs: 15_000, forMs: 30 * minuteMs } as const;

describe('what others do to a station’s children', function () {
  this.timeout(0);

  for (const minutes of [3, 9]) {
    it(`is made good half a minute after a quota was raised that was full for ${minutes} min`, async () => {
      for (const scenario of scenariosOf(
        [0, { kind: 'quota', pods: 7 }],
        [0, { kind: 'deletePod', index: 0 }],
        [0, { kind: 'deletePod', index: 0 }],
        [minutes * minuteMs, { kind: 'quota', pods: unlimited }],
      )) {
        await isSoonMade(scenario);
      }
    });
  }

  it('costs few writes when an autoscaler takes a pod from a zone every 15 s', async () => {
    for (const scenario of scenariosOf([0, autoscaler])) await fightsSlowly(scenario);
  });

  it('costs few writes when somebody takes a pod from a zone as soon as it is back', async () => {
    for (const scenario of scenariosOf([0, { ...autoscaler, everyMs: 200 }])) await fightsSlowly(scenario);
  });

  it('costs few writes when admission keeps each zone at 3 and demand asks for more', async () => {
    for (const scenario of scenariosOf([0, { kind: 'capReplicas', most: 3 }], [0, { kind: 'demand', to: 9 }])) {
      await fightsSlowly(scenario);
    }
  });

  it('holds up no growth after a loss that demand cannot do without, right after a fight', async () => {
    for (const quarters of [4, 16, 24]) {
      const fight = { ...autoscaler, forMs: quarters * 15_000 };
      for (const scenario of scenariosOf([0, fight], [fight.forMs, { kind: 'killZone', zone: 'zone-b' }])) {
        await makesGoodInAFight(scenario);
      }
    }
  });
});
