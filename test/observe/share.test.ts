import assert from 'node:assert/strict';
import { inspect, isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { isEqual } from '../../operator/observe/isEqual.ts';
import { reuse, share, Sharing } from '../../operator/observe/share.ts';
import { Texts } from '../../operator/observe/texts.ts';
import { collectGarbage } from '../builders/gc.ts';

/** A value of its own, as each object that is parsed has it. */
function parsed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const json = fc.jsonValue().map(parsed);

describe('a shared value', () => {
  const template = { spec: { containers: [{ name: 'main', image: 'registry.example/pause:3.10' }], paused: false } };

  it('is equal to what was given, which is not changed', () => {
    const sharing = new Sharing();
    fc.assert(
      fc.property(fc.array(json, { maxLength: 4 }), (values) => {
        for (const value of [...values, ...values.map(parsed), ...values.map(parsed)]) {
          const before = JSON.stringify(value);
          assert.deepEqual(sharing.share(value), value);
          assert.equal(JSON.stringify(value), before);
        }
      }),
    );
  });

  it('is kept when it comes for the second time, and is one and the same from then on', () => {
    const sharing = new Sharing();
    const [, second, third] = [1, 2, 3].map(() => sharing.share(parsed(template)));
    assert.equal(third, second);
  });

  it('has the parts that are equal in common with other values', () => {
    const sharing = new Sharing();
    const [, second, third] = ['a', 'b', 'c'].map((station) => sharing.share(parsed({ station, template })));
    assert.notEqual(third, second);
    assert.equal(third?.template, second?.template);
  });

  it('shares empty objects and lists, the leaves of field sets, from the first', () => {
    const { a, b, c, d } = share(parsed({ a: {}, b: {}, c: [], d: [] }));
    assert.deepEqual([a, c], [{}, []]);
    assert.deepEqual([a === b, c === d], [true, true]);
  });

  it('is not confused with another of the same hash', () => {
    const sharing = new Sharing();
    // Long texts are hashed by their beginning and end.
    const values = ['x', 'y'].map((middle) => ({ long: 'a'.repeat(32) + middle + 'z'.repeat(32) }));
    for (const value of [...values, ...values, ...values]) assert.deepEqual(sharing.share(parsed(value)), value);
  });

  it('is no longer kept when nothing else has it', async () => {
    const sharing = new Sharing();
    const held = new Set<object>();
    for (let round = 0; round < 20; round += 1) {
      held.clear();
      for (let object = 0; object < 500; object += 1)
        for (const value of [1, 2].map(() => ({ round, object }))) held.add(sharing.share(value));
      await collectGarbage();
    }
    assert.ok(sharing.size < 3_000, `${sharing.size} of 10,000 values are kept`);
  });
});

describe('what was kept before', () => {
  it('stays when it is equal, and gives way when it is not', () => {
    const before = { a: ['long enough to be shared', 1] };
    assert.equal(reuse(before, parsed(before)), before);
    assert.deepEqual(reuse(before, { a: [] }), { a: [] });
    assert.deepEqual(reuse(undefined, { a: 1 }), { a: 1 });
  });
});

describe('two values of JSON', () => {
  it('are the same if and only if they are equal, whether or not they are the same object', () => {
    fc.assert(
      fc.property(json, json, (some, others) => {
        assert.equal(isEqual(some, others), isDeepStrictEqual(some, others));
        assert.ok(isEqual(some, parsed(some)));
      }),
    );
  });

  for (const [some, others] of [
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ 0: 'a' }, ['a']],
    [[], {}],
    [['a'], ['a', 'b']],
    [null, {}],
  ] as const)
    it(`are not the same: ${inspect(some)} and ${inspect(others)}`, () => {
      assert.equal(isEqual(some, others), false);
      assert.equal(isEqual(others, some), false);
    });
});

describe('texts', () => {
  it('are forgotten when others came since, so that they never fill the memory', () => {
    const texts = new Texts();
    for (let text = 0; text < 200_000; text += 1) assert.equal(texts.one(`station ${text}`), `station ${text}`);
    assert.equal(texts.size, 50_000);
  });
});
