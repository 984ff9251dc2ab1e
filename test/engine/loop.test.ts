import assert from 'node:assert/strict';
import { Backoff } from '../../operator/engine/backoff.ts';
import { runLoop } from '../../operator/engine/loop.ts';
import { done } from '../../operator/engine/outcome.ts';
import type { Outcome } from '../../operator/engine/outcome.ts';
import { Queue } from '../../operator/engine/queue.ts';
import { FakeClock } from '../builders/fakeClock.ts';

describe('a loop', () => {
  let clock: FakeClock;
  let queue: Queue;
  let stop: AbortController;
  let looks: string[];
  let told: string[];
  let running: Promise<void>;

  function run(reconcile: (key: string) => Promise<Outcome>, workers = 2): void {
    running = runLoop({
      queue,
      workers,
      clock,
      signal: stop.signal,
      backoff: new Backoff({ baseMs: 100, maxMs: 1_000, random: () => 0 }),
      reconcile: (key) => {
        looks.push(key);
        return reconcile(key);
      },
      hooks: {
        looked: (key, outcome, tookMs) => told.push(`${key} ${outcome.kind} ${tookMs}`),
        abandoned: (key) => told.push(`${key} abandoned`),
      },
    });
  }

  beforeEach(() => {
    clock = new FakeClock();
    queue = new Queue({ clock });
    stop = new AbortController();
    [looks, told] = [[], []];
  });

  afterEach(async () => {
    stop.abort();
    await clock.advance(10_000);
    await running;
    assert.equal(clock.pending, 0, 'no timer is left behind');
  });

  it('looks at a key once when that is all', async () => {
    run(async () => done);
    queue.add('a');
    await clock.advance(60_000);
    assert.deepEqual(told, ['a done 0']);
  });

  it('looks again when it is told to', async () => {
    run(async () => ({ kind: 'again', lookAgainMs: 5_000 }));
    queue.add('a');
    await clock.advance(4_999);
    assert.equal(looks.length, 1);
    await clock.advance(1);
    assert.equal(looks.length, 2);
  });

  it('retries a key that throws, later each time, while others go on', async () => {
    run(async (key) => {
      if (key === 'bad') throw new Error('broken');
      return done;
    });
    queue.add('bad');
    queue.add('good');
    await clock.advance(699);
    assert.deepEqual(looks, ['bad', 'good', 'bad', 'bad']);
    await clock.advance(1);
    assert.equal(looks.length, 5);
    assert.ok(told.includes('bad retry 0') && told.includes('good done 0'));
  });

  it('forgets failures after a success', async () => {
    let failing = 2;
    run(async () => (failing-- > 0 ? { kind: 'retry', error: 'x' } : done));
    queue.add('a');
    await clock.advance(300);
    assert.equal(looks.length, 3);
    failing = 1;
    queue.add('a');
    await clock.advance(100);
    assert.equal(looks.length, 5);
  });

  it('does not retry before the time that the server asked for', async () => {
    run(async () => ({ kind: 'retry', error: 'x', lookAgainMs: 7_000 }));
    queue.add('a');
    await clock.advance(6_999);
    assert.equal(looks.length, 1);
    await clock.advance(1);
    assert.equal(looks.length, 2);
  });

  it('looks at as many keys at once as it has workers', async () => {
    run(async () => {
      await clock.sleep(1_000);
      return done;
    });
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await clock.advance(999);
    assert.deepEqual(looks, ['a', 'b']);
    await clock.advance(1);
    assert.deepEqual(looks, ['a', 'b', 'c']);
  });

  it('lets the key in hand end when it is stopped, and begins no other', async () => {
    run(async () => {
      await clock.sleep(3_000);
      return done;
    }, 1);
    for (const key of ['a', 'b']) queue.add(key);
    await clock.advance(10);
    stop.abort();
    await clock.advance(2_990);
    await running;
    assert.deepEqual(told, ['a done 3000']);
  });

  it('abandons a key that does not end in time', async () => {
    run(() => new Promise(() => {}));
    queue.add('a');
    await clock.advance(10);
    stop.abort();
    await clock.advance(4_000);
    await running;
    assert.deepEqual(told, ['a abandoned']);
  });
});
