import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { solve, sumOfFullest } from '../../../operator/plan/station/solve.ts';
import type { Question, ZoneRoom } from '../../../operator/plan/station/solve.ts';
import { zoneName } from '../../builders/served.ts';

type Asked = Partial<Omit<Question, 'zones' | 'survive'>> & {
  readonly survive?: Partial<Question['survive']>;
  /** Nodes a zone, or `[nodes, cap]`. */
  readonly zones?: readonly (number | readonly [nodes: number, cap: number])[];
};

/** A question over zones of three nodes without caps, unless told otherwise; nothing is declared. */
function asked({ survive, zones = [3, 3, 3], ...over }: Asked): Question {
  const rooms = zones.map((zone, index): ZoneRoom => {
    const [nodes, cap] = typeof zone === 'number' ? [zone, Infinity] : zone;
    return { name: zoneName(`zone-${index}`), nodes, cap };
  });
  return { demand: 6, lostZones: 0, ...over, survive: { pods: 0, nodes: 0, zones: 0, ...survive }, zones: rooms };
}

/** `9 = 3+3+3`, and what is beyond arithmetic behind it. */
function answer(question: Asked): string {
  const { total, perZone, beyond } = solve(asked(question));
  return [`${total} = ${[...perZone.values()].join('+')}`, ...beyond].join(', ');
}

describe('solve', () => {
  const table: readonly (readonly [string, Asked, string])[] = [
    ['demand 6 in three zones, one may go', { survive: { zones: 1 } }, '9 = 3+3+3'],
    ['demand 5 in three zones, one may go', { demand: 5, survive: { zones: 1 } }, '8 = 3+3+2'],
    [
      'demand 6, one zone may go, the third holds one pod',
      { survive: { zones: 1 }, zones: [3, 3, [3, 1]] },
      '11 = 5+5+1',
    ],
    [
      'demand 6, one zone is lost and was the one that may go',
      { survive: { zones: 1 }, zones: [3, 3], lostZones: 1 },
      '6 = 3+3',
    ],
    [
      'demand 6, two zones may go and one is lost',
      { survive: { zones: 2 }, zones: [3, 3, 3], lostZones: 1 },
      '9 = 3+3+3',
    ],
    ['a lost zone spends no pods', { survive: { zones: 1, pods: 2 }, zones: [3, 3], lostZones: 1 }, '8 = 4+4'],
    ['a lost zone spends no nodes', { survive: { zones: 1, nodes: 1 }, zones: [3, 3], lostZones: 1 }, '8 = 4+4'],
    ['more lost zones than may go', { survive: { zones: 1 }, zones: [3], lostZones: 2 }, '6 = 6'],
    ['as many zones to lose as there are', { survive: { zones: 3 } }, '18 = 6+6+6, zones'],
    ['one zone, and it may go', { survive: { zones: 1 }, zones: [3] }, '6 = 6, zones'],
    ['one pod may go', { survive: { pods: 1 } }, '7 = 3+2+2'],
    ['one node of nine may go', { survive: { nodes: 1 } }, '7 = 3+2+2'],
    ['as many nodes to lose as there are', { survive: { nodes: 2 }, zones: [2] }, '12 = 12, nodes'],
    ['a zone without a known node counts as one', { survive: { nodes: 1 }, zones: [0, 0] }, '12 = 6+6'],
    ['the declared losses do not add up', { survive: { pods: 1, nodes: 1, zones: 1 } }, '9 = 3+3+3'],
    ['no demand', { demand: 0, survive: { pods: 1, nodes: 1, zones: 3 } }, '0 = 0+0+0'],
    ['no zone', { zones: [] }, '0 = '],
    ['no zone, and one may go', { zones: [], survive: { zones: 1 } }, '0 = , zones'],
    [
      'all zones are full',
      {
        zones: [
          [3, 1],
          [3, 2],
          [3, 1],
        ],
      },
      '4 = 1+2+1, room',
    ],
    [
      'full zones that are enough',
      {
        zones: [
          [3, 1],
          [3, 2],
          [3, 9],
        ],
      },
      '6 = 1+2+3',
    ],
    [
      'an odd pod where it costs the fewest of the fullest nodes',
      { demand: 10, survive: { nodes: 5 }, zones: [3, 4] },
      '41 = 21+20',
    ],
    ['an odd pod where it does not raise the fullest node', { demand: 7, zones: [1, 2, 4] }, '7 = 2+2+3'],
  ];
  for (const [name, question, expected] of table) {
    it(`gives ${expected} for ${name}`, () => assert.equal(answer(question), expected));
  }

  it('gives odd pods in the fixed order of zones where nodes are alike', () => {
    assert.equal(answer({ demand: 8 }), '8 = 3+3+2');
  });

  const room = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(Infinity, Infinity, 0, 1, 2, 5));
  const questions = fc
    .record({
      demand: fc.integer({ min: 1, max: 12 }),
      zones: fc.array(room, { minLength: 1, maxLength: 4 }),
      survive: fc.record({
        pods: fc.integer({ min: 0, max: 2 }),
        nodes: fc.integer({ min: 0, max: 3 }),
        zones: fc.integer({ min: 0, max: 3 }),
      }),
      lostZones: fc.integer({ min: 0, max: 1 }),
    })
    .filter(({ zones, survive }) => {
      const capped = zones.some(([, cap]) => cap !== Infinity);
      return !capped || (survive.nodes === 0 && survive.zones === 0) || zones.every(([, cap]) => cap !== Infinity);
    })
    .map(asked);

  it('keeps what is declared with the least pods that any even placement can', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { total, perZone, beyond } = solve(question);
        const least = leastByTrying(question);
        if (beyond.includes('room')) return least === undefined;
        const counts = question.zones.map((zone) => perZone.get(zone.name) ?? 0);
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          total,
        );
        assert.ok(keeps(question, counts), `${counts.join('+')} does not keep it`);
        assert.equal(total, least);
        return true;
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });
});

describe('sumOfFullest', () => {
  it('adds up the largest loads', () => assert.equal(sumOfFullest([1, 5, 3], 2), 8));
  it('is 0 for none', () => assert.equal(sumOfFullest([4], 0), 0));
});

function leastByTrying(question: Question): number | undefined {
  for (let level = 0; level < 200; level++) {
    const totals = placementsAt(level, question.zones).filter((counts) => keeps(question, counts));
    if (totals.length > 0) return Math.min(...totals.map((counts) => counts.reduce((sum, count) => sum + count, 0)));
  }
  return undefined;
}

/** Every placement with each zone at the level or one above it, within its cap. */
function placementsAt(level: number, zones: readonly ZoneRoom[]): readonly (readonly number[])[] {
  return zones.reduce<readonly (readonly number[])[]>(
    (sofar, { cap }) => {
      const choices = [...new Set([Math.min(cap, level), Math.min(cap, level + 1)])];
      return sofar.flatMap((counts) => choices.map((choice) => [...counts, choice]));
    },
    [[]],
  );
}

function keeps({ demand, survive, zones, lostZones }: Question, counts: readonly number[]): boolean {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const loads = zones.flatMap((zone, index) =>
    Array.from({ length: zone.nodes }, () => Math.ceil((counts[index] ?? 0) / zone.nodes)),
  );
  const mayGo = Math.max(0, Math.min(zones.length - 1, survive.zones - lostZones));
  const nodesMayGo = Math.min(loads.length - 1, survive.nodes);
  const left = (many: number, from: readonly number[]): number =>
    total -
    from
      .toSorted((a, b) => b - a)
      .slice(0, many)
      .reduce((sum, load) => sum + load, 0);
  return total - survive.pods >= demand && left(mayGo, counts) >= demand && left(nodesMayGo, loads) >= demand;
}
