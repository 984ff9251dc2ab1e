import assert from 'node:assert/strict';
import { parseSelector, SelectorError } from '../../operator/observe/parseSelector.ts';
import { selects } from '../../operator/observe/selects.ts';

describe('a label selector as kubectl has it', () => {
  const rows: readonly (readonly [
    text: string,
    selected: readonly Readonly<Record<string, string>>[],
    others: readonly Readonly<Record<string, string>>[],
  ])[] = [
    ['shard=a', [{ shard: 'a' }], [{}, { shard: 'b' }]],
    ['shard == a', [{ shard: 'a' }], [{ shard: 'b' }]],
    ['shard!=a', [{}, { shard: 'b' }], [{ shard: 'a' }]],
    ['shard=', [{ shard: '' }], [{}, { shard: 'a' }]],
    ['kitchen.dev/shard in (a, b)', [{ 'kitchen.dev/shard': 'b' }], [{}, { 'kitchen.dev/shard': 'c' }, { shard: 'a' }]],
    ['shard notin (a,b)', [{}, { shard: 'c' }], [{ shard: 'a' }, { shard: 'b' }]],
    ['shard in(a)', [{ shard: 'a' }], [{ shard: 'b' }]],
    ['shard in (,a)', [{ shard: '' }, { shard: 'a' }], [{}, { shard: 'b' }]],
    ['shard', [{ shard: 'a' }, { shard: '' }], [{}]],
    ['!shard', [{}], [{ shard: 'a' }]],
    ['! shard', [{}], [{ shard: 'a' }]],
    ['in', [{ in: 'a' }], [{}]],
    [
      ' shard in (a,b) , tier!=test,! old',
      [{ shard: 'a' }],
      [
        { shard: 'a', tier: 'test' },
        { shard: 'b', old: '' },
      ],
    ],
  ];
  for (const [text, selected, others] of rows) {
    it(`${text} selects some and leaves others`, () => {
      const selector = parseSelector(text);
      for (const labels of selected) assert.equal(selects(selector, labels), true, JSON.stringify(labels));
      for (const labels of others) assert.equal(selects(selector, labels), false, JSON.stringify(labels));
    });
  }

  const refused: readonly (readonly [text: string, why: RegExp])[] = [
    [
      '',
      /^it is empty: leave it out to select everything\. A selector is written as for kubectl: kitchen\.dev\/shard=a/,
    ],
    ['  ', /^it is empty/],
    ['shard=a,', /^requirement 2 is empty: write one comma between two requirements/],
    [',shard', /^requirement 1 is empty/],
    ['shard in a', /^"shard in a" in "shard in a" is no label key/],
    ['shard in ()', /^"shard in \(\)" names no value: such as shard in \(a,b\)/],
    ['shard in (a', /is no label key/],
    ['shard within (a)', /is no label key/],
    ['shard=a b', /^"a b" in "shard=a b" is no label value: a value is empty, or letters/],
    ['shard=-a', /^"-a" in "shard=-a" is no label value/],
    ['shard=a=b', /is no label value/],
    [`shard=${'a'.repeat(64)}`, /is no label value/],
    ['=a', /is no label key/],
    ['a/b/c=d', /^"a\/b\/c" in "a\/b\/c=d" is no label key: a key is letters/],
    ['Kitchen.dev/shard=a', /is no label key/],
    [`${'a'.repeat(254)}/shard=a`, /is no label key/],
    ['!!shard', /is no label key/],
    ['shard>1', /is no label key/],
    ['shard in (a),b)', /is no label key/],
  ];
  for (const [text, why] of refused) {
    it(`is refused, with what would be right: ${JSON.stringify(text).slice(0, 40)}`, () =>
      assert.throws(
        () => parseSelector(text),
        (error: unknown) => error instanceof SelectorError && why.test(error.message),
      ));
  }
});
