import assert from 'node:assert/strict';
import { choiceWords } from '../../operator/balance/words.ts';
import type { Choice } from '../../operator/balance/choose.ts';
import { FluidWorld, points } from './world.ts';
import type { ModelZone } from './world.ts';

/** 6 pods of 33/s: a zone does 200/s. */
const zone = (name: string, change: Partial<ModelZone> = {}): ModelZone => ({
  zone: name,
  pods: 6,
  perPod: 100 / 3,
  serviceS: 0.06,
  ...change,
});
const abc = [zone('a'), zone('b'), zone('c')];

const last = (choices: readonly Choice[]): Choice => {
  const choice = choices.at(-1);
  assert.ok(choice !== undefined);
  return choice;
};

/** By how many points a share has moved in these turns. */
function swing(choices: readonly Choice[], from: string, to: string): number {
  const all = choices.map((choice) => points(choice, from, to));
  return Math.max(...all) - Math.min(...all);
}

describe('choosing by wait, delivery time and cost', () => {
  it('stays at home while there is room', () => {
    const world = new FluidWorld(abc, { a: 150, b: 100, c: 20 });
    const choice = last(world.turns(20));
    assert.deepEqual(
      ['a', 'b', 'c'].map((home) => points(choice, home, home)),
      [100, 100, 100],
    );
  });

  it('sends elsewhere what the own zone cannot do, to those that have room, and does not swing', () => {
    const world = new FluidWorld(abc, { a: 120, b: 80, c: 80 });
    world.turns(10);
    world.rates = { a: 300, b: 80, c: 80 };
    const choices = world.turns(60);
    const settled = choices.slice(30);
    const choice = last(settled);
    const stays = points(choice, 'a', 'a');
    assert.ok(stays >= 50 && stays <= 67, `a keeps ${stays} of its 300/s, and does at most 200/s`);
    assert.equal(points(choice, 'b', 'b'), 100);
    assert.equal(points(choice, 'c', 'c'), 100);
    assert.ok(swing(settled, 'a', 'a') <= 14, `${swing(settled, 'a', 'a')} points`);
    for (const each of choice.figures) assert.ok(each.inFlight < 40, `${each.zone}: ${each.inFlight} wait`);
  });

  it('comes home when the load falls again', () => {
    const world = new FluidWorld(abc, { a: 300, b: 80, c: 80 });
    world.turns(30);
    world.rates = { a: 120, b: 80, c: 80 };
    assert.equal(points(last(world.turns(40)), 'a', 'a'), 100);
  });

  it('sends less to a zone that has lost half of its pods, within some turns', () => {
    const world = new FluidWorld(abc, { a: 130, b: 130, c: 130 });
    world.turns(10);
    world.zones = [zone('a', { pods: 3 }), zone('b'), zone('c')];
    const choice = last(world.turns(40));
    const stays = points(choice, 'a', 'a');
    assert.ok(stays >= 55 && stays <= 77, `a does 100/s of 130/s and keeps ${stays}`);
  });

  it('gives a zone that is 2.5 times as slow what it can do', () => {
    const world = new FluidWorld(abc, { a: 130, b: 130, c: 130 });
    world.turns(10);
    world.zones = [zone('a', { perPod: 40 / 3, serviceS: 0.15 }), zone('b'), zone('c')];
    const choice = last(world.turns(60));
    const stays = points(choice, 'a', 'a');
    assert.ok(stays >= 40 && stays <= 63, `a does 80/s of 130/s and keeps ${stays}`);
  });

  it('serves a zone without pods from the one to which the way costs least', () => {
    const world = new FluidWorld([zone('b'), zone('c')], { a: 100, b: 10, c: 10 });
    world.price = (from, to) => (from === to ? 0 : to === 'c' ? 20 : 5);
    const choice = last(world.turns(30));
    assert.deepEqual([points(choice, 'a', 'b'), points(choice, 'a', 'c')], [100, 0]);
    assert.deepEqual([points(choice, 'b', 'b'), points(choice, 'c', 'c')], [100, 100]);
  });

  it('sends to the cheapest zone of all where the own one is dearer', () => {
    const world = new FluidWorld(abc, { a: 60, b: 60, c: 60 });
    const dear: Readonly<Record<string, number>> = { a: 0, b: 10, c: 40 };
    world.price = (_, to) => dear[to] ?? 0;
    const choice = last(world.turns(40));
    assert.deepEqual(
      ['a', 'b', 'c'].map((home) => points(choice, home, 'a')),
      [100, 100, 100],
    );
  });

  it('uses a zone that is added, little by little', () => {
    const world = new FluidWorld([zone('a'), zone('b')], { a: 250, b: 100 });
    world.turns(40);
    world.zones = [zone('a'), zone('b'), zone('d')];
    const choices = world.turns(30);
    const toD = choices.map((choice) => points(choice, 'a', 'd'));
    // At first one request a second for each of its six pods.
    assert.ok((toD[0] ?? 100) <= 3, toD.join());
    assert.ok((toD.at(-1) ?? 0) >= 5, toD.join());
  });

  it('spreads by what zones can do where a line stands in all', () => {
    const world = new FluidWorld([zone('a'), zone('b', { pods: 2 })], { a: 200, b: 200 });
    const { shares } = last(world.turns(40));
    for (const from of ['a', 'b']) {
      const toA = shares.get(from)?.get('a') ?? 0;
      assert.ok(toA > 0.5, `${from} sends ${toA} to the zone with three times the pods`);
    }
  });

  it('sends nobody’s requests to a zone that fails at once, however quick that is', () => {
    const world = new FluidWorld(abc, { a: 100, b: 100, c: 100 });
    world.turns(30);
    world.failing.set('b', 1);
    world.zones = [zone('a'), zone('b', { serviceS: 0.002, perPod: 1_000 }), zone('c')];
    const choices = world.turns(90);
    for (const choice of choices) {
      assert.deepEqual([points(choice, 'a', 'a'), points(choice, 'c', 'c')], [100, 100]);
    }
    // Where all fail alike, it is what is asked for.
    for (const name of ['a', 'c']) world.failing.set(name, 1);
    assert.equal(points(last(world.turns(10)), 'a', 'a'), 100);
  });

  it('uses a zone that hung again soon after it has recovered', () => {
    const world = new FluidWorld(abc, { a: 100, b: 60, c: 60 });
    world.turns(30);
    world.zones = [zone('a', { perPod: 0 }), zone('b'), zone('c')];
    assert.ok(points(last(world.turns(20)), 'a', 'a') <= 5);
    world.zones = abc;
    assert.ok(points(last(world.turns(60)), 'a', 'a') >= 95);
  });

  it('keeps what it knows of a zone whose hubs tell nothing for a while', () => {
    const world = new FluidWorld(abc, { a: 300, b: 80, c: 80 });
    const before = last(world.turns(60));
    world.rates = { b: 80, c: 80 };
    world.turns(20);
    world.rates = { a: 300, b: 80, c: 80 };
    const after = world.turn();
    assert.ok(Math.abs(points(after, 'a', 'a') - points(before, 'a', 'a')) <= 20, `${points(after, 'a', 'a')}`);
  });

  it('says why in numbers', () => {
    const world = new FluidWorld([zone('a'), zone('b', { pods: 1 })], { a: 150, b: 30 });
    const choice = last(world.turns(10));
    assert.equal(
      choiceWords('a', choice),
      'a 100 %: 150/s ask; a does 150/s with 6 pods, 9 under way, 60 ms each; b does 30/s with 1 pod, 2 under way, 60 ms each',
    );
  });
});
