import assert from 'node:assert/strict';
import { harmOf, hitBy } from '../../../tools/bench/traffic/faults.ts';
import type { FaultName } from '../../../tools/bench/traffic/faults.ts';
import { places } from '../../../tools/bench/traffic/layout.ts';

describe('a fault', () => {
  const hit = (name: FaultName): readonly string[] => hitBy(name, places).map((place) => place.name);

  it('hits one node of a zone, or all of them', () => {
    assert.deepEqual(hit('node-frozen'), ['zone-a-1']);
    assert.deepEqual(hit('zone-killed'), ['zone-a-1', 'zone-a-2']);
  });

  it('hits none when all is calm', () => {
    assert.equal(harmOf('calm'), undefined);
    assert.deepEqual(hit('calm'), []);
  });
});

describe('the nodes', () => {
  it('have addresses of loopback, each its own', () => {
    assert.equal(new Set(places.map(({ address }) => address)).size, 6);
    assert.ok(places.every(({ address }) => address.startsWith('127.')));
  });
});
