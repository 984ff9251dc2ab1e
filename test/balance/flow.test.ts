import assert from 'node:assert/strict';
import { bestFlow } from '../../operator/balance/flow.ts';
import type { Flow } from '../../operator/balance/flow.ts';
import type { ZoneFigures } from '../../operator/balance/zoneFigures.ts';
import { usualPrice, zoneFigures } from './world.ts';

function flowOf(
  rates: Readonly<Record<string, number>>,
  zones: readonly ZoneFigures[],
  price = usualPrice,
): Readonly<Record<string, number>> {
  const flow: Flow = bestFlow({ rates: new Map(Object.entries(rates)), figures: zones, baseS: 0.06, price });
  return Object.fromEntries(
    [...flow].flatMap(([from, to]) =>
      [...to].flatMap(([zone, sent]) => (sent < 1e-6 ? [] : [[`${from}${zone}`, Math.round(sent)] as const])),
    ),
  );
}

describe('the best flow', () => {
  it('fills the cheapest first, and what is left goes on', () => {
    const zones = [
      zoneFigures('a', { room: 80, hasLine: true }),
      zoneFigures('b', { room: 500 }),
      zoneFigures('c', { room: 500 }),
    ];
    const dear = (from: string, to: string): number => (from === to ? 0 : to === 'c' ? 20 : 5);
    assert.deepEqual(flowOf({ a: 100, b: 50 }, zones, dear), { aa: 80, ab: 20, bb: 50 });
  });

  it('takes those from elsewhere only after those at home, of equal cost', () => {
    // b has room for 10 from a. 20 find none anywhere, and are spread.
    const free = (): number => 0;
    const zones = [zoneFigures('a', { room: 60, hasLine: true }), zoneFigures('b', { room: 60, hasLine: true })];
    assert.deepEqual(flowOf({ a: 90, b: 50 }, zones, free), { aa: 70, ab: 20, bb: 50 });
  });

  it('spreads over zones of one cost by the room that they have', () => {
    const zones = [
      zoneFigures('a', { room: 0 }),
      zoneFigures('b', { room: 30, hasLine: true }),
      zoneFigures('c', { room: 90, hasLine: true }),
    ];
    assert.deepEqual(flowOf({ a: 60 }, zones), { ab: 15, ac: 45 });
  });

  it('lets zones share room by what they still have to send', () => {
    const zones = [zoneFigures('b', { room: 30, hasLine: true }), zoneFigures('c', { pods: 0, room: 0 })];
    const flow = flowOf({ x: 20, y: 10 }, zones);
    assert.deepEqual(flow, { xb: 20, yb: 10 });
  });

  it('does not leap: from elsewhere a zone gets at most 1.3 times what it does, and one a second a pod', () => {
    const zones = [
      zoneFigures('a', { room: 100, hasLine: true }),
      zoneFigures('b', { done: 10 }),
      zoneFigures('c', { done: 200 }),
    ];
    // b may have 1.3 × 10 + 6 = 19 in all, and has 10 of its own; c has room for 66. 25 find none, and are spread.
    const flow = flowOf({ a: 200, b: 10, c: 200 }, zones);
    assert.deepEqual(flow, { aa: 100, ab: 22, ac: 79, bb: 10, cc: 200 });
  });

  it('sends what finds no room where it is known to where it costs least, and not to a zone that fails', () => {
    const dear = (from: string, to: string): number => (from === to ? 0 : to === 'c' ? 40 : 2);
    const zones = [
      zoneFigures('a', { room: 170, hasLine: true }),
      zoneFigures('b', { done: 0 }),
      zoneFigures('c', { done: 0 }),
    ];
    assert.deepEqual(flowOf({ a: 300 }, zones, dear), { aa: 170, ab: 124, ac: 6 });
    const failing = [
      zoneFigures('a', { room: 170, hasLine: true }),
      zoneFigures('b', { isFailing: true }),
      zoneFigures('c'),
    ];
    assert.deepEqual(flowOf({ a: 300, b: 50 }, failing, dear), { aa: 170, ac: 130, bb: 50 });
  });

  it('goes elsewhere where a zone has long been slower than the way costs', () => {
    const zones = [zoneFigures('a', { lastingWaitS: 0.4 }), zoneFigures('b', { done: 300 })];
    assert.deepEqual(flowOf({ a: 50, b: 50 }, zones), { ab: 50, bb: 50 });
    assert.deepEqual(flowOf({ a: 50, b: 50 }, [zoneFigures('a', { lastingWaitS: 0.15 }), zoneFigures('b')]), {
      aa: 50,
      bb: 50,
    });
  });

  it('sends what finds no room to the zones without a line, by pods', () => {
    const zones = [
      zoneFigures('a', { room: 10, hasLine: true }),
      zoneFigures('b', { room: 0, pods: 3 }),
      zoneFigures('c', { room: 0, pods: 9 }),
    ];
    assert.deepEqual(flowOf({ a: 90 }, zones), { aa: 10, ab: 20, ac: 60 });
  });

  it('and by what zones can do where a line stands in all', () => {
    const zones = [
      zoneFigures('a', { room: 0, hasLine: true, perPod: 10 }),
      zoneFigures('b', { room: 0, hasLine: true, perPod: 30 }),
    ];
    assert.deepEqual(flowOf({ a: 80 }, zones), { aa: 20, ab: 60 });
  });

  it('sends nothing to a zone without pods', () => {
    assert.deepEqual(flowOf({ a: 10 }, [zoneFigures('a', { pods: 0, room: 0 }), zoneFigures('b')]), { ab: 10 });
    assert.deepEqual(flowOf({ a: 10 }, [zoneFigures('a', { pods: 0, room: 0 })]), {});
  });
});
