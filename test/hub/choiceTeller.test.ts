import assert from 'node:assert/strict';
import { keyOf } from '../../operator/api/kubernetes/key.ts';
import type { Choice } from '../../operator/balance/choose.ts';
import { firstMemory } from '../../operator/balance/choose.ts';
import { ChoiceTeller } from '../../operator/hub/choiceTeller.ts';
import { zoneFigures } from '../balance/world.ts';
import { FakeClock } from '../builders/fakeClock.ts';

const station = keyOf({ namespace: 'default', name: 'pizzeria-grill' });
const port = 'default.pizzeria-grill.80';

/** `a` keeps this part of its requests, and b gets the others. */
function choice(stays: number, rate = 300): Choice {
  return {
    shares: new Map([
      [
        'a',
        new Map([
          ['a', stays],
          ['b', 1 - stays],
        ]),
      ],
      [
        'b',
        new Map([
          ['a', 0],
          ['b', 1],
        ]),
      ],
    ]),
    figures: ['a', 'b'].map((zone) => zoneFigures(zone)),
    rates: new Map([
      ['a', rate],
      ['b', 100],
    ]),
    memory: firstMemory,
  };
}

interface Stage {
  readonly clock: FakeClock;
  readonly logged: (readonly [string, unknown])[];
  readonly measured: unknown[];
  readonly news: unknown[];
  readonly teller: ChoiceTeller;
}

function stage(): Stage {
  const clock = new FakeClock();
  const logged: Stage['logged'] = [];
  const measured: unknown[] = [];
  const news: unknown[] = [];
  const teller = new ChoiceTeller({
    backend: () => ({ station, backend: {} as never }),
    clock,
    log: { info: (message, fields) => logged.push([message, fields]) },
    metrics: { hubsChose: (_, told) => measured.push(told) },
  });
  teller.onNews((stations) => news.push(...stations));
  return { clock, logged, measured, news, teller };
}

const words = (stays: number, rate = 300): string =>
  `a ${stays} %, b ${100 - stays} %: ${rate}/s ask; a does 100/s with 6 pods, 6 under way, 60 ms each; b does 100/s with 6 pods, 6 under way, 60 ms each`;

describe('what is told of where hubs send', () => {
  it('is nothing while requests stay at home, but in metrics', () => {
    const { logged, measured, news, teller } = stage();
    teller.tell(port, choice(0.95));
    assert.deepEqual([logged, news, teller.sending(station)], [[], [], undefined]);
    assert.equal(measured.length, 1);
  });

  it('is nothing where nobody asks', () => {
    const { logged, teller } = stage();
    teller.tell(port, choice(0.5, 0.5));
    assert.deepEqual([logged, teller.sending(station)], [[], undefined]);
  });

  it('is in the log and the status when a tenth goes elsewhere, and again when as much has moved', async () => {
    const { clock, logged, news, teller } = stage();
    teller.tell(port, choice(0.7));
    assert.deepEqual(logged, [[`hubs send to ${words(70)}`, { station, port: '80', zone: 'a' }]]);
    assert.equal(teller.sending(station), `hubs of a send to ${words(70)}`);
    await clock.advance(60_000);
    teller.tell(port, choice(0.65, 400));
    assert.equal(teller.sending(station), `hubs of a send to ${words(70)}`);
    teller.tell(port, choice(0.55, 400));
    assert.equal(teller.sending(station), `hubs of a send to ${words(55, 400)}`);
    assert.deepEqual([logged.length, news], [2, [station, station]]);
  });

  it('is written into the status twice a minute at most', async () => {
    const { clock, logged, news, teller } = stage();
    for (const stays of [0.7, 0.4, 0.7, 0.4]) teller.tell(port, choice(stays));
    assert.deepEqual([logged.length, news.length], [4, 1]);
    await clock.advance(30_000);
    teller.tell(port, choice(0.4));
    assert.match(teller.sending(station) ?? '', /^hubs of a send to b 60 %, a 40 %: 300/);
  });

  it('ends when requests are at home again, and when nothing is known any more', async () => {
    const { clock, news, teller } = stage();
    teller.tell(port, choice(0.7));
    await clock.advance(30_000);
    teller.tell(port, choice(1));
    assert.equal(teller.sending(station), undefined);
    await clock.advance(30_000);
    teller.tell(port, choice(0.7));
    teller.tell(port, undefined);
    assert.equal(teller.sending(station), undefined);
    assert.equal(news.length, 4);
  });
});
