import assert from 'node:assert/strict';
import { subjects } from '../../../tools/bench/recovery/subjects.ts';
import type { Tally } from '../../../tools/bench/recovery/tally.ts';
import { mostHurtful } from '../../../tools/bench/recovery/targets.ts';

const zones = new Map([
  ['zone-a', ['a-1', 'a-2', 'a-3']],
  ['zone-b', ['b-1', 'b-2', 'b-3']],
]);

/** Every subject runs a pod on each node, but those that are said to run otherwise. */
function aTally(loads: Readonly<Record<string, Readonly<Record<string, number>>>>): Tally {
  const byNode = ({ name }: { readonly name: string }): ReadonlyMap<string, number> =>
    new Map([...zones.values()].flat().map((node) => [node, loads[name]?.[node] ?? 1]));
  return { zones: () => zones, byNode } as unknown as Tally;
}

describe('what is hurt', () => {
  it('is what hurts every subject', () => {
    const first = subjects[0]?.name ?? '';
    assert.deepEqual(mostHurtful(aTally({ [first]: { 'a-1': 0, 'a-2': 0, 'a-3': 0, 'b-1': 0 } }), 1), ['b-2']);
  });

  it('hurts all as equally as there is a choice', () => {
    const last = subjects.at(-1)?.name ?? '';
    assert.deepEqual(mostHurtful(aTally({ [last]: { 'a-1': 3, 'a-2': 2 } }), 1), ['a-3']);
  });

  it('is of one zone, in order, and of that which is named', () => {
    assert.deepEqual(mostHurtful(aTally({}), 2), ['a-1', 'a-2']);
    assert.deepEqual(mostHurtful(aTally({}), 3, 'zone-b'), ['b-1', 'b-2', 'b-3']);
    assert.throws(() => mostHurtful(aTally({}), 4), /no zone has 4 nodes/);
  });
});
