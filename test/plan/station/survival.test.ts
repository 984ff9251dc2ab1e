import assert from 'node:assert/strict';
import { marginsOf, survivalOf } from '../../../operator/plan/station/survival.ts';
import type { Margins, PlacedPod } from '../../../operator/plan/station/survival.ts';
import { zoneName } from '../../builders/served.ts';

/** `{a: [2, 1]}`: two pods on the first node of zone-a, one on the second. */
function placed(zones: Readonly<Record<string, readonly number[]>>): readonly PlacedPod[] {
  return Object.entries(zones).flatMap(([zone, loads]) =>
    loads.flatMap((load, node) =>
      Array.from({ length: load }, () => ({ zone: zoneName(`zone-${zone}`), node: `${zone}${node + 1}` })),
    ),
  );
}

const none: Margins = { pods: 0, nodes: 0, zones: 0 };
const even = { a: [1, 1, 1], b: [1, 1, 1], c: [1, 1, 1] };

describe('the margins of a placement', () => {
  const table: readonly (readonly [Readonly<Record<string, readonly number[]>>, number, Margins])[] = [
    [even, 6, { pods: 3, nodes: 3, zones: 1 }],
    [even, 7, { pods: 2, nodes: 2, zones: 0 }],
    [even, 3, { pods: 6, nodes: 6, zones: 2 }],
    [{ a: [4], b: [1, 1], c: [1, 1, 1] }, 6, { pods: 3, nodes: 0, zones: 0 }],
    [{ a: [2, 1] }, 3, { pods: 0, nodes: 0, zones: 0 }],
    [{ a: [2] }, 3, { pods: -1, nodes: -1, zones: -1 }],
    [{}, 1, { pods: -1, nodes: -1, zones: -1 }],
    [{}, 0, { pods: Infinity, nodes: Infinity, zones: Infinity }],
  ];
  for (const [zones, demand, margins] of table) {
    it(`are ${JSON.stringify(margins)} for ${JSON.stringify(zones)} and demand ${demand}`, () => {
      assert.deepEqual(marginsOf(placed(zones), demand), margins);
    });
  }
});

describe('what is survived', () => {
  const declaring = (survive: Partial<Margins>, ...lost: readonly string[]) => ({
    survive: { ...none, ...survive },
    lostZones: lost.map(zoneName),
  });

  it('is measured, and says nothing of a worst loss while all that is declared is kept', () => {
    assert.deepEqual(survivalOf(placed(even), 6, declaring({ zones: 1, nodes: 3, pods: 3 })), {
      pods: 3,
      nodes: 3,
      zones: 1,
      short: 0,
      lostZones: [],
      worst: undefined,
    });
  });

  it('names the declared loss that would hurt most', () => {
    const two = placed({ a: [1, 1, 1], b: [1, 1, 1, 1], c: [1, 1] });
    assert.equal(survivalOf(two, 6, declaring({ zones: 1 })).worst, 'losing zone-b leaves 5 of 6');
    assert.equal(survivalOf(two, 6, declaring({ zones: 2 })).worst, 'losing zone-b and zone-a leaves 2 of 6');
    assert.equal(
      survivalOf(placed({ a: [3, 1], b: [3] }), 6, declaring({ nodes: 1 })).worst,
      'losing a1 leaves 4 of 6',
    );
    assert.equal(survivalOf(placed({ a: [1, 1] }), 2, declaring({ pods: 1 })).worst, 'losing 1 pod leaves 1 of 2');
    assert.equal(survivalOf(placed({ a: [1, 1] }), 2, declaring({ pods: 9 })).worst, 'losing 9 pods leaves 0 of 2');
  });

  it('says how many are short of demand', () => {
    const survival = survivalOf(placed({ a: [2, 2] }), 6, declaring({ pods: 1 }));
    assert.deepEqual([survival.short, survival.pods, survival.nodes, survival.zones], [2, 0, 0, 0]);
    assert.equal(survival.worst, '4 of 6 are sure');
  });

  it('spends a declared zone on each zone that is lost already', () => {
    const left = placed({ a: [1, 1, 1], c: [1, 1, 1] });
    const survival = survivalOf(left, 6, declaring({ zones: 1 }, 'zone-b'));
    assert.equal(survival.worst, undefined);
    assert.deepEqual(survival.lostZones, ['zone-b']);
    assert.equal(survivalOf(left, 6, declaring({ zones: 2 }, 'zone-b')).worst, 'losing zone-a leaves 3 of 6');
  });

  it('is no more than there is, where nothing is demanded', () => {
    const { pods, nodes, zones } = survivalOf(placed({ a: [2, 1] }), 0, declaring({ zones: 1 }));
    assert.deepEqual([pods, nodes, zones], [3, 2, 1]);
  });
});
