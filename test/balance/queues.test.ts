import assert from 'node:assert/strict';
import { measured, QueueWorld } from './queues.ts';
import type { QueueOptions } from './queues.ts';

type Case = Pick<QueueOptions, 'ratesAt' | 'each' | 'seconds' | 'hubsPerZone'>;
type Rates = Readonly<Record<string, number>>;

const even = (each: number): Rates => ({ a: each, b: each, c: each });
const at =
  (when: number, what: (world: QueueWorld) => void): NonNullable<QueueOptions['each']> =>
  (world, now) => {
    if (now === when) what(world);
  };

/** One after the other, on the same random numbers: as the hubs are told, and the better of two of all pods. */
function beside(
  play: Case,
  fromS = 20,
): Record<'told' | 'best', ReturnType<typeof measured>> & { readonly world: QueueWorld } {
  const zones = { a: 6, b: 6, c: 6 };
  const world = new QueueWorld(zones, { ...play, chooser: 'Told' }).run();
  const other = new QueueWorld(zones, { ...play, chooser: 'LeastOfTwo' }).run();
  return { told: measured(world.answered, fromS), best: measured(other.answered, fromS), world };
}

/** The standard deviation, in points, of the share of a zone that stays at home, in the last half minute. */
function swing(world: QueueWorld, zone: string): number {
  const stays = world.choices.slice(-15).map(({ shares }) => 100 * (shares.get(zone)?.get(zone) ?? 0));
  const mean = stays.reduce((sum, each) => sum + each, 0) / stays.length;
  return Math.sqrt(stays.reduce((sum, each) => sum + (each - mean) ** 2, 0) / stays.length);
}

const rush: Case = { seconds: 60, ratesAt: (now) => ({ a: now < 8 ? 120 : 300, b: 80, c: 80 }) };
const half: Case = {
  seconds: 60,
  ratesAt: () => even(130),
  each: at(8, (world) => {
    world.pods = world.pods.filter(({ zone }, index) => zone !== 'a' || index >= 3);
  }),
};
const slow = (times: number, rate: number): Case => ({
  seconds: 60,
  ratesAt: () => even(rate),
  each: at(8, (world) => world.slower.set('a', times)),
});
const moving: Case = {
  seconds: 100,
  ratesAt: (now) => ({ ...even(60), [['a', 'b', 'c'][Math.floor(Math.max(0, now - 10) / 30) % 3] ?? 'a']: 280 }),
};

describe('hubs that are told where to send, beside the better of two of all pods', function () {
  this.timeout(30_000);

  for (const hubsPerZone of [1, 3]) {
    const hubs = `${hubsPerZone} to a zone`;

    it(`stay at home where all is calm (${hubs})`, () => {
      const { told, best } = beside({ seconds: 60, hubsPerZone, ratesAt: () => even(100) });
      assert.ok(told.cross <= 5, `${told.cross} % to other zones`);
      assert.ok(told.p99Ms <= best.p99Ms, `${told.p99Ms} ms beside ${best.p99Ms} ms`);
    });

    it(`stay at home where little is asked (${hubs})`, () => {
      const { told, world } = beside({ seconds: 120, hubsPerZone, ratesAt: () => even(6) });
      assert.ok(told.cross <= 5, `${told.cross} % to other zones`);
      assert.equal(swing(world, 'a'), 0);
    });

    for (const [words, play] of [
      ['one zone is asked for more than it can do', rush],
      ['half of a zone’s pods are gone', half],
      ['a zone is 2.5 times as slow', slow(2.5, 130)],
      ['a zone is ten times as slow', slow(10, 100)],
    ] as const) {
      it(`answer as soon, and cross zones less, where ${words} (${hubs})`, () => {
        const { told, best } = beside({ ...play, hubsPerZone });
        assert.ok(told.p99Ms <= 1.1 * best.p99Ms, `${told.p99Ms} ms beside ${best.p99Ms} ms`);
        assert.ok(told.cross <= 0.61 * best.cross, `${told.cross} % beside ${best.cross} %`);
      });
    }
  }

  for (const rate of [10, 100]) {
    it(`leave a zone that is ten times as slow, and do not come back to find out (${rate}/s, five minutes)`, () => {
      const { told, best } = beside({ ...slow(10, rate), seconds: 300 }, 40);
      assert.ok(told.p99Ms <= 0.5 * best.p99Ms, `${told.p99Ms} ms beside ${best.p99Ms} ms`);
    });
  }

  for (const [hubsPerZone, most] of [
    [1, 1.25],
    [3, 1.5],
    [9, 1.75],
  ] as const) {
    it(`follow a load that moves from zone to zone (${hubsPerZone} to a zone)`, () => {
      const { told, best } = beside({ ...moving, hubsPerZone }, 10);
      assert.ok(told.p99Ms <= most * best.p99Ms, `${told.p99Ms} ms beside ${best.p99Ms} ms`);
      assert.ok(told.cross <= 0.65 * best.cross, `${told.cross} % beside ${best.cross} %`);
    });
  }

  it('do not swing', () => {
    assert.ok(swing(beside(rush).world, 'a') <= 5);
    assert.ok(swing(beside(half).world, 'a') <= 5);
  });
});
