import assert from 'node:assert/strict';
import { StoreIndex } from '../../operator/kube/storeIndex.ts';

interface Pod {
  readonly name: string;
  readonly nodes: readonly string[];
}

function aPod(name: string, ...nodes: readonly string[]): Pod {
  return { name, nodes };
}

describe('an index', () => {
  let index: StoreIndex<Pod>;
  const namesOn = (node: string): readonly string[] => index.find(node).map(({ name }) => name);

  beforeEach(() => {
    index = new StoreIndex(({ nodes }) => {
      if (nodes.includes('broken')) throw new Error('cannot be read');
      return nodes;
    });
  });

  it('finds an object under each of its values, once', () => {
    index.replace(undefined, aPod('a', 'n1', 'n2', 'n1'));
    assert.deepEqual([namesOn('n1'), namesOn('n2'), namesOn('n3')], [['a'], ['a'], []]);
  });

  it('puts the new one in the place of the old one', () => {
    const [a, b] = [aPod('a', 'n1', 'n2'), aPod('b', 'n1')];
    for (const pod of [a, b]) index.replace(undefined, pod);
    index.replace(a, aPod('a2', 'n1', 'n3'));
    assert.deepEqual([namesOn('n1'), namesOn('n2'), namesOn('n3')], [['a2', 'b'], [], ['a2']]);
    index.replace(b, undefined);
    assert.deepEqual(namesOn('n1'), ['a2']);
  });

  it('does not change what it has given', () => {
    const a = aPod('a', 'n1');
    index.replace(undefined, a);
    const found = index.find('n1');
    index.replace(a, aPod('b', 'n1'));
    assert.deepEqual(found, [a]);
  });

  it('finds many under one value', () => {
    const pods = Array.from({ length: 200 }, (_, pod) => aPod(`p${pod}`, 'n1'));
    for (const pod of pods) index.replace(undefined, pod);
    for (const pod of pods.slice(0, 150)) index.replace(pod, undefined);
    assert.deepEqual(index.find('n1'), pods.slice(150));
  });

  it('finds an object whose values cannot be read nowhere, until they can', () => {
    const [good, bad] = [aPod('a', 'n1'), aPod('a', 'broken')];
    index.replace(undefined, good);
    assert.throws(() => index.replace(good, bad), /cannot be read/);
    assert.deepEqual(namesOn('n1'), []);
    index.replace(bad, aPod('a', 'n2'));
    assert.deepEqual(namesOn('n2'), ['a']);
  });
});
