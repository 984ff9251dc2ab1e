import assert from 'node:assert/strict';
import type { PairLoad, SeenLoad } from '../../operator/balance/load.ts';
import { figuresOf } from '../../operator/balance/zoneFigures.ts';
import type { Learnt, ZoneFigures } from '../../operator/balance/zoneFigures.ts';

const nothing: Learnt = { baseS: undefined, limits: new Map(), samples: new Map() };

function seen(loads: Readonly<Record<string, Partial<PairLoad> & { readonly pods?: number }>>): SeenLoad {
  return {
    hubZones: ['zone-a'],
    zones: Object.entries(loads).map(([zone, { pods = 6 }]) => ({ zone, pods })),
    between: (_, zone) => ({ issued: 0, done: 0, failed: 0, inFlight: 0, ...loads[zone] }),
  };
}

function figure(figures: readonly ZoneFigures[], zone: string): ZoneFigures {
  const found = figures.find((each) => each.zone === zone);
  assert.ok(found !== undefined);
  return found;
}

const full = { done: 200, issued: 300, inFlight: 100 };
const calm = { done: 100, issued: 100, inFlight: 6 };

describe('the figures of a zone', () => {
  it('have the wait by Little’s law, where enough was answered to tell', () => {
    const { figures } = figuresOf(
      seen({ a: calm, few: { done: 9, inFlight: 1 }, none: { done: 0, inFlight: 40 }, idle: {} }),
      nothing,
      2,
    );
    const waits = ['a', 'few', 'none', 'idle'].map((zone) => figure(figures, zone).waitS);
    assert.deepEqual(waits, [0.06, undefined, Infinity, undefined]);
  });

  it('say that a line stands where requests wait long and many are under way, and not where one of the two is so', () => {
    const long = { done: 20, inFlight: 8 };
    const many = { done: 200, inFlight: 13, pods: 6 };
    const { figures } = figuresOf(seen({ calm, full, long, many }), nothing, 2);
    assert.deepEqual(
      figures.map(({ zone, hasLine }) => [zone, hasLine]),
      [
        ['calm', false],
        ['full', true],
        ['long', false],
        ['many', false],
      ],
    );
  });

  it('learn what a pod can do where a line stands, and leave room for the line to go', () => {
    const { figures, learnt } = figuresOf(seen({ calm, full }), nothing, 2);
    const { perPod = 0, room } = figure(figures, 'full');
    assert.ok(Math.abs(perPod - 200 / 6) < 1e-9);
    // 0.85 × 200 − (100 − 2 × 0.07 × 200) / 3, where 0.07 s is the wait of the calm zone, with one request more.
    assert.ok(Math.abs(room - (170 - 72 / 3)) < 1e-9, String(room));
    assert.equal(figure(figures, 'calm').room, Infinity);
    assert.deepEqual([...learnt.limits.keys()], ['full']);
  });

  it('forget that slowly at first, and have tried all of it again after half a minute', () => {
    let before = figuresOf(seen({ calm, full }), nothing, 2).learnt;
    const rooms = Array.from({ length: 30 }, () => {
      const { figures, learnt } = figuresOf(seen({ calm, full: { ...calm, done: 160, inFlight: 9 } }), before, 2);
      before = learnt;
      return figure(figures, 'full').room;
    });
    const [first = 0] = rooms;
    assert.ok(first < 171, String(first));
    assert.ok(Math.abs((rooms[14] ?? 0) - 200) < 1e-6, String(rooms[14]));
    assert.ok((rooms.at(-1) ?? 0) > 270);
  });

  it('learn that a pod can do more, where it does', () => {
    const before = figuresOf(seen({ calm, full }), nothing, 2).learnt;
    const { figures } = figuresOf(seen({ calm, full: { done: 400, issued: 400, inFlight: 24 } }), before, 2);
    const { room } = figure(figures, 'full');
    assert.ok(room >= 340 && room < 341, String(room));
  });

  it('take a slow zone for slow only when it was so for five turns', () => {
    let before = nothing;
    const lasting = [0.5, 0.5, 0.06, 0.5, 0.5, 0.4, 0.5, 0.5].map((waitS) => {
      const { figures, learnt } = figuresOf(seen({ a: { done: 100, inFlight: 100 * waitS } }), before, 2);
      before = learnt;
      return figure(figures, 'a').lastingWaitS;
    });
    assert.deepEqual(lasting, [undefined, undefined, undefined, undefined, 0.06, 0.06, 0.06, 0.4]);
  });

  it('go by the least wait of late, which falls quickly and rises slowly', () => {
    const at = (waitS: number, baseS: number): number | undefined =>
      figuresOf(seen({ a: { done: 100, inFlight: 100 * waitS } }), { ...nothing, baseS }, 2).learnt.baseS;
    // (5 + 1) / 100 is 0.06: four tenths of the way there.
    assert.ok(Math.abs((at(0.05, 0.1) ?? 0) - 0.084) < 1e-9);
    assert.ok(Math.abs((at(0.19, 0.1) ?? 0) - 0.102) < 1e-9);
    assert.equal(figuresOf(seen({ a: {} }), nothing, 2).learnt.baseS, undefined);
  });
});
