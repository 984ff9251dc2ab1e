import assert from 'node:assert/strict';
import { steadyShares } from '../../operator/balance/steady.ts';
import type { ZoneShares } from '../../operator/traffic/form.ts';

const shares = (a: number, b: number): ZoneShares =>
  new Map([
    [
      'zone-a',
      new Map([
        ['zone-a', a],
        ['zone-b', b],
      ]),
    ],
  ]);

describe('the shares that hubs are told', () => {
  it('are whole points', () => {
    assert.deepEqual(steadyShares(undefined, shares(0.666, 0.334)), shares(0.67, 0.33));
  });

  it('stay until one has moved by two points', () => {
    const told = shares(0.67, 0.33);
    assert.equal(steadyShares(told, shares(0.685, 0.315)), told);
    assert.deepEqual(steadyShares(told, shares(0.7, 0.3)), shares(0.7, 0.3));
  });

  it('come to none and to all, and leave no point behind', () => {
    assert.deepEqual(steadyShares(shares(0.99, 0.01), shares(0.9999, 0.0001)), shares(1, 0));
  });

  it('follow a zone that comes or goes', () => {
    const told = shares(1, 0);
    const alone: ZoneShares = new Map([['zone-a', new Map([['zone-a', 1]])]]);
    assert.deepEqual(steadyShares(told, alone), alone);
    const more: ZoneShares = new Map([...told, ...new Map([['zone-b', new Map([['zone-b', 1]])]])]);
    assert.deepEqual(steadyShares(told, more), more);
  });
});
