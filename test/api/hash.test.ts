import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { canonicalJson, hashOf, shortHash } from '../../operator/api/hash.ts';

describe('hash', () => {
  it('writes equal text for equal values, whatever the order of their keys', () => {
    const text = canonicalJson({ b: [{ y: 1, x: null }], a: 'ü' });
    assert.equal(text, '{"a":"ü","b":[{"x":null,"y":1}]}');
    assert.equal(canonicalJson({ a: 'ü', b: [{ x: null, y: 1 }] }), text);
  });

  it('leaves out fields that are undefined, as JSON does', () => {
    assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}');
    assert.equal(canonicalJson(undefined), 'null');
  });

  it('keeps a key named __proto__ as a key', () => {
    assert.equal(canonicalJson(JSON.parse('{"b":1,"__proto__":{"z":1,"y":2}}')), '{"__proto__":{"y":2,"z":1},"b":1}');
  });

  it('writes what JSON with sorted keys was before, since hashes of templates must not change', () => {
    const sorted = (inner: unknown): unknown =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner;
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.stringMatching(/^[0-9a-c.]{1,3}$/), fc.jsonValue()),
        (one, other) => {
          const value = { one, other, 10: one, 9: [undefined, other, -0] };
          assert.equal(
            canonicalJson(value),
            JSON.stringify(value, (_, inner: unknown) => sorted(inner)),
          );
        },
      ),
    );
  });

  it('tells different values apart by 16 characters, and the order of a list matters', () => {
    assert.match(hashOf({ a: 1 }), /^[0-9a-f]{16}$/);
    assert.equal(hashOf({ a: 1, b: 2 }), hashOf({ b: 2, a: 1 }));
    assert.notEqual(hashOf([1, 2]), hashOf([2, 1]));
    assert.notEqual(hashOf({ a: 1 }), hashOf({ a: '1' }));
  });

  it('is the beginning of SHA-256, so that it never changes from one release to the next', () => {
    assert.equal(shortHash('kitchen'), '3171d89a');
    assert.equal(hashOf({}), '44136fa355b3678a');
  });
});
