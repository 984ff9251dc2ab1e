import assert from 'node:assert/strict';
import { served } from '../../tools/simulate/scenario.ts';
import { happen } from '../../tools/simulate/sim/events.ts';
import type { Event } from '../../tools/simulate/sim/events.ts';
import type { Terms } from '../../tools/simulate/sim/terms.ts';

const seeds = Array.from({ length: 6 }, (_, index) => index + 1);
const minuteMs = 60_000;
const nothing = { pods: 0, nodes: 0, zones: 0 };

interface Case {
  readonly what: string;
  readonly terms: Pick<Terms, 'nodes' | 'demand' | 'survive'>;
  readonly event: Event;
  /** At most, on the average of all seeds: looks at Station and Kitchen, statuses of both, events. */
  readonly most: { readonly looks: number; readonly statuses: number; readonly events: number };
}

/** With each of these the pods start within 2 s, which is before a status may not wait any longer. */
const cases: readonly Case[] = [
  {
    what: 'a zone dies, and demand is met without it',
    terms: { nodes: [5, 5, 5], demand: 2, survive: { ...nothing, pods: 1 } },
    event: { kind: 'killZone', zone: 'zone-a' },
    most: { looks: 10, statuses: 2.5, events: 1.5 },
  },
  {
    what: 'a node dies, is made good and handed over',
    terms: { nodes: [3, 3, 3], demand: 6, survive: { ...nothing, zones: 1 } },
    event: { kind: 'killNode', node: 'zone-a-1' },
    most: { looks: 20, statuses: 3.5, events: 2.5 },
  },
  {
    what: 'a pod is deleted',
    terms: { nodes: [3, 3, 3], demand: 6, survive: { ...nothing, pods: 1 } },
    event: { kind: 'deletePod', index: 1 },
    most: { looks: 7, statuses: 0, events: 0 },
  },
];

describe('looks and words', function () {
  this.timeout(0);

  for (const { what, terms, event, most } of cases) {
    it(`are few when ${what}`, async () => {
      const spent = { looks: 0, statuses: 0, events: 0 };
      for (const seed of seeds) {
        const world = await served({ seed, roomPerNode: 40, startMs: 2_000, ...terms });
        const before = { ...world.operator.spent };
        happen(world, event);
        await world.run(4 * minuteMs);
        for (const kind of ['looks', 'statuses', 'events'] as const)
          spent[kind] += (world.operator.spent[kind] - before[kind]) / seeds.length;
      }
      for (const kind of ['looks', 'statuses', 'events'] as const)
        assert.ok(spent[kind] <= most[kind], `${spent[kind]} ${kind}, ${most[kind]} at most`);
    });
  }
});
