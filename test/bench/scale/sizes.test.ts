import assert from 'node:assert/strict';
import { runsOf, sizesOf } from '../../../tools/bench/scale/sizes.ts';
import type { Size } from '../../../tools/bench/scale/result.ts';

const inShort = (sizes: readonly Size[]): readonly string[] =>
  sizes.map(({ kitchens, namespaces }) => `${kitchens}/${namespaces}`);

describe('sizes', () => {
  it('of two lists of equal length are their pairs', () => {
    assert.deepEqual(inShort(sizesOf([100, 300, 1_000], [1, 30, 100])), ['100/1', '300/30', '1000/100']);
  });

  it('of one value and a list are the value with each of the list', () => {
    assert.deepEqual(inShort(sizesOf([300], [1, 30])), ['300/1', '300/30']);
    assert.deepEqual(inShort(sizesOf([100, 300], [1])), ['100/1', '300/1']);
  });

  it('are refused when the lists do not fit, or a namespace would be empty', () => {
    assert.throws(() => sizesOf([100, 300, 1_000], [1, 30]), /--kitchens has 3 values and --namespaces 2/);
    assert.throws(() => sizesOf([20], [30]), /20 Kitchens cannot fill 30 namespaces/);
  });
});

describe('runs', () => {
  const wanted = { runs: 1, floor: true, against: true, onlyZone: true };
  const names = (sizes: readonly Size[], more: Partial<Parameters<typeof runsOf>[0]> = {}): readonly string[] =>
    runsOf({ sizes, ...wanted, ...more }).map(({ kind, kitchens, who, run }) => `${kind} ${kitchens} ${who} ${run}`);

  it('alternate between the subjects within a size', () => {
    assert.deepEqual(names([{ kitchens: 20, namespaces: 1 }], { runs: 2 }), [
      'zone 20 floor 1',
      'zone 20 against 1',
      'zone 20 now 1',
      'zone 20 suspecting 1',
      'zone 20 floor 2',
      'zone 20 against 2',
      'zone 20 now 2',
      'zone 20 suspecting 2',
    ]);
  });

  it('leave the older commit out where it does not end', () => {
    assert.deepEqual(names([{ kitchens: 1_000, namespaces: 1 }]), [
      'zone 1000 floor 1',
      'zone 1000 now 1',
      'zone 1000 suspecting 1',
    ]);
  });

  it('are calm as well for the two commits, up to 100 Kitchens', () => {
    const sizes = [100, 101].map((kitchens) => ({ kitchens, namespaces: 1 }));
    assert.deepEqual(
      names(sizes, { onlyZone: false }).filter((name) => name.startsWith('calm')),
      ['calm 100 against 1', 'calm 100 now 1'],
    );
  });

  it('are of this commit alone unless more is wanted', () => {
    assert.deepEqual(names([{ kitchens: 20, namespaces: 1 }], { floor: false, against: false }), [
      'zone 20 now 1',
      'zone 20 suspecting 1',
    ]);
  });
});
