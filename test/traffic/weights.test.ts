import assert from 'node:assert/strict';
import type { Endpoint } from '../../operator/traffic/form.ts';
import { weightsFor } from '../../operator/traffic/weights.ts';

const endpoints = (pods: Readonly<Record<string, number>>): readonly Endpoint[] =>
  Object.entries(pods).flatMap(([zone, many]) =>
    Array.from({ length: many }, (_, index) => ({
      address: `10.0.0.${index}`,
      port: 80,
      zone,
      state: 'Serving' as const,
    })),
  );
const to = (shares: Readonly<Record<string, number>>) => new Map([['a', new Map(Object.entries(shares))]]);

describe('the weights of endpoints', () => {
  it('prefer the hub’s own zone while nothing is known', () => {
    const weightOf = weightsFor('a', { endpoints: endpoints({ a: 2, b: 2 }) });
    assert.deepEqual([weightOf('a'), weightOf('b')], [50, 1]);
  });

  it('give each zone its share, however many pods it has', () => {
    const weightOf = weightsFor('a', { endpoints: endpoints({ a: 2, b: 8 }), shares: to({ a: 0.5, b: 0.5 }) });
    assert.deepEqual([weightOf('a'), weightOf('b')], [400, 100]);
  });

  it('keep a zone with few pods to itself, though others have many', () => {
    const weightOf = weightsFor('a', {
      endpoints: endpoints({ a: 2, b: 40, c: 40 }),
      shares: to({ a: 1, b: 0, c: 0 }),
    });
    const others = 80 * weightOf('b');
    assert.ok(others / (others + 2 * weightOf('a')) <= 0.01, `${weightOf('a')}`);
  });

  it('keep every pod in reach', () => {
    const weightOf = weightsFor('a', { endpoints: endpoints({ a: 2, b: 1 }), shares: to({ a: 1, b: 0 }) });
    assert.deepEqual([weightOf('a'), weightOf('b'), weightOf('new')], [400, 1, 1]);
  });

  it('go by the own zone where shares say nothing of it', () => {
    const pods = endpoints({ a: 1, b: 1 });
    const none = weightsFor('c', { endpoints: pods, shares: to({ a: 1 }) });
    assert.deepEqual([none('a'), none('b')], [1, 1]);
    const zero = weightsFor('a', { endpoints: pods, shares: to({ a: 0, b: 0 }) });
    assert.deepEqual([zero('a'), zero('b')], [50, 1]);
  });
});
