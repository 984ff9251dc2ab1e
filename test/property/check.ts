import * as fc from 'fast-check';

const runs = Number(process.env['KITCHEN_RUNS'] ?? 50);
const seed = Number(process.env['KITCHEN_SEED'] ?? 20_260_102);
const path = process.env['KITCHEN_PATH'];

/**
 * Holds a property against random cases: `KITCHEN_RUNS` of them (50), from `KITCHEN_SEED`. A failure prints the smallest
 * case found with its seed and path; `KITCHEN_SEED=… KITCHEN_PATH=…` with the test's name in `mocha -g` replays it.
 */
export function check<T>(cases: fc.Arbitrary<T>, holds: (value: T) => void): void {
  fc.assert(
    fc.property(cases, (value) => {
      holds(value);
    }),
    { numRuns: runs, seed, ...(path === undefined ? {} : { path }) },
  );
}
