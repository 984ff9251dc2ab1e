import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Times } from '../../../operator/observe/nodes/times.ts';

describe('moments', () => {
  it('know how many there are, and the latest, as some come and others go', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 9 }))), (changes) => {
        const times = new Times();
        const all: number[] = [];
        for (const [comes, atMs] of changes) {
          if (comes) {
            times.add(atMs);
            all.push(atMs);
          } else {
            times.remove(atMs);
            if (all.includes(atMs)) all.splice(all.indexOf(atMs), 1);
          }
          assert.deepEqual(
            [times.size, times.latestMs],
            [all.length, all.toSorted((one, other) => one - other).at(-1)],
          );
        }
      }),
    ));

  const rows: readonly (readonly [moments: readonly number[], many: number, began: number | undefined])[] = [
    [[], 1, undefined],
    [[5], 1, 5],
    [[5], 2, undefined],
    [[0, 10], 2, 0],
    [[0, 11], 2, undefined],
    [[0, 1, 2, 50, 51], 3, 0],
    [[0, 1, 50, 51, 90], 2, 50],
    [[51, 0, 90, 50, 1], 2, 50],
  ];
  for (const [moments, many, began] of rows) {
    it(`${JSON.stringify(moments)} have ${many} within 10 ms since ${began}`, () => {
      const times = new Times();
      for (const atMs of moments) times.add(atMs);
      assert.equal(times.latestGroup(many, 10), began);
    });
  }
});
