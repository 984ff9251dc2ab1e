import assert from 'node:assert/strict';
import { array, assert as check, constantFrom, double, integer, property, record, uniqueArray } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { choose, firstMemory } from '../../operator/balance/choose.ts';
import type { Choice, ChoiceMemory } from '../../operator/balance/choose.ts';
import type { PairLoad, SeenLoad } from '../../operator/balance/load.ts';
import { steadyShares } from '../../operator/balance/steady.ts';
import type { ZoneShares } from '../../operator/traffic/form.ts';
import { usualPrice } from './world.ts';

const names = ['a', 'b', 'c', 'd'];
const rate = double({ min: 0, max: 1e5, noNaN: true });
const pair: Arbitrary<PairLoad> = record({
  issued: rate,
  done: rate,
  failed: rate,
  inFlight: integer({ min: 0, max: 1e5 }),
});

/** Anything that hubs may tell, likely or not. */
const seen: Arbitrary<SeenLoad> = record({
  hubZones: uniqueArray(constantFrom(...names), { minLength: 1 }),
  zones: uniqueArray(record({ zone: constantFrom(...names), pods: integer({ min: 0, max: 50 }) }), {
    selector: ({ zone }) => zone,
  }),
  pairs: array(pair, { minLength: 16, maxLength: 16 }),
}).map(({ hubZones, zones, pairs }) => ({
  hubZones,
  zones,
  between: (from, to) =>
    pairs[names.indexOf(from) * 4 + names.indexOf(to)] ?? { issued: 0, done: 0, failed: 0, inFlight: 0 },
}));

function after(turns: readonly SeenLoad[]): readonly Choice[] {
  let before: ChoiceMemory = firstMemory;
  return turns.map((each) => {
    const choice = choose(each, usualPrice, { dtS: 2, before });
    before = choice.memory;
    return choice;
  });
}

describe('shares, whatever hubs tell', () => {
  it('make one for each hub zone, are never negative, and give nothing to a zone without pods', () => {
    check(
      property(array(seen, { minLength: 1, maxLength: 8 }), (turns) => {
        for (const [index, { shares }] of after(turns).entries()) {
          const { hubZones, zones } = turns[index] ?? { hubZones: [], zones: [] };
          assert.deepEqual([...shares.keys()], hubZones);
          const hasPods = zones.some(({ pods }) => pods > 0);
          for (const to of shares.values()) {
            const sum = [...to.values()].reduce((all, share) => all + share, 0);
            assert.ok(Math.abs(sum - (hasPods ? 1 : 0)) < 1e-6, `the sum is ${sum}`);
            for (const [zone, share] of to) {
              assert.ok(share >= 0 && share <= 1 + 1e-9, `${zone} gets ${share}`);
              if (zones.find((each) => each.zone === zone)?.pods === 0) assert.equal(share, 0);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are silent when nothing changes any more', () => {
    check(
      property(array(seen, { minLength: 1, maxLength: 4 }), seen, (turns, last) => {
        // Where a zone is nearly full it is tried again; here none is.
        const calm: SeenLoad = {
          ...last,
          between: (from, to) => ({ issued: from === to ? 20 : 0, done: from === to ? 20 : 0, failed: 0, inFlight: 1 }),
        };
        const choices = after([...turns, ...Array.from({ length: 120 }, () => calm)]);
        let told: ZoneShares | undefined;
        const tellings = choices.map(({ shares }) => {
          const next = steadyShares(told, shares);
          const isNew = next !== told;
          told = next;
          return isNew;
        });
        assert.deepEqual(
          tellings.slice(-10),
          Array.from({ length: 10 }, () => false),
        );
      }),
      { numRuns: 200 },
    );
  });
});
