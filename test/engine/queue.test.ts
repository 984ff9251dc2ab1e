import assert from 'node:assert/strict';
import { Queue } from '../../operator/engine/queue.ts';
import { FakeClock } from '../builders/fakeClock.ts';

describe('a queue', () => {
  let clock: FakeClock;
  let queue: Queue;
  let told: string[];

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    const hooks = {
      depth: (keys: number) => told.push(`depth ${keys}`),
      added: () => told.push('added'),
      taken: (waitedMs: number) => told.push(`waited ${waitedMs}`),
      finished: (workedMs: number) => told.push(`worked ${workedMs}`),
      retried: () => told.push('retried'),
    };
    queue = new Queue({ clock, hooks });
  });

  it('hands out keys in the order they came, each once', async () => {
    for (const key of ['a', 'b', 'a']) queue.add(key);
    assert.equal(queue.depth, 2);
    assert.deepEqual([await queue.take(), await queue.take()], ['a', 'b']);
    assert.equal(queue.depth, 0);
  });

  it('lets a worker wait for the next key', async () => {
    const [first, second] = [queue.take(), queue.take()];
    queue.add('a');
    queue.add('b');
    assert.deepEqual(await Promise.all([first, second]), ['a', 'b']);
  });

  it('hands a key out once to a worker that waits, however often it is added at that moment', async () => {
    const next = queue.take();
    queue.add('a');
    queue.add('a');
    assert.equal(await next, 'a');
    queue.finish('a');
    assert.equal(queue.depth, 0);
  });

  it('gives a key to one worker at a time, and again afterwards when it was added meanwhile', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a');
    let other: string | undefined;
    const next = queue.take().then((key) => (other = key));
    await clock.advance(1_000);
    assert.equal(other, undefined);
    queue.finish('a');
    assert.equal(await next, 'a');
    queue.finish('a');
    assert.equal(queue.depth, 0);
  });

  it('adds later, at the earliest of several times', async () => {
    queue.addAfter('a', 300);
    queue.addAfter('a', 100);
    queue.addAfter('a', 200);
    await clock.advance(99);
    assert.equal(queue.depth, 0);
    await clock.advance(1);
    assert.equal(await queue.take(), 'a');
    queue.finish('a');
    await clock.advance(1_000);
    assert.equal(queue.depth, 0);
  });

  it('does not hand out a key again later that was added at once meanwhile', async () => {
    queue.addAfter('a', 100);
    queue.add('a');
    queue.finish((await queue.take()) ?? '');
    await clock.advance(100);
    assert.equal(queue.depth, 0);
    assert.equal(clock.pending, 0);
  });

  describe('with a gap between looks', () => {
    beforeEach(() => {
      queue = new Queue({ clock, gapMs: 500 });
    });

    const look = async (): Promise<void> => queue.finish((await queue.take()) ?? '');

    it('adds at once what was not looked at for that long, and the rest when the gap is over', async () => {
      queue.addSoon('a');
      assert.equal(queue.depth, 1);
      await look();
      await clock.advance(200);
      for (const key of ['a', 'b', 'a']) queue.addSoon(key);
      assert.equal(queue.depth, 1, 'only b');
      await look();
      await clock.advance(299);
      assert.equal(queue.depth, 0);
      await clock.advance(1);
      assert.equal(await queue.take(), 'a');
    });

    it('adds what cannot wait within the gap, once for both', async () => {
      queue.addSoon('a');
      await look();
      queue.addSoon('a');
      queue.add('a');
      assert.equal(queue.depth, 1);
      await look();
      assert.equal(clock.pending, 0);
    });

    it('brings a key that was added soon while in hand after the gap, and one that cannot wait at once', async () => {
      for (const key of ['a', 'b']) queue.add(key);
      for (const key of [await queue.take(), await queue.take()]) queue.addSoon(key ?? '');
      queue.add('b');
      await clock.advance(10_000);
      for (const key of ['a', 'b']) queue.finish(key);
      assert.equal(queue.depth, 1);
      assert.equal(await queue.take(), 'b');
      await clock.advance(500);
      assert.equal(await queue.take(), 'a');
    });

    it('has a longer gap while very many keys are looked at, four times as long at most', async () => {
      for (const [keys, gapMs] of [
        [100, 500],
        [300, 1_500],
        [900, 2_000],
      ] as const) {
        await clock.advance(10_000);
        for (let key = 0; key < keys; key++) queue.add(`key-${key}`);
        for (let key = 0; key < keys; key++) await look();
        queue.addSoon('key-0');
        await clock.advance(gapMs - 1);
        assert.equal(queue.depth, 0, `${keys} keys`);
        await clock.advance(1);
        await look();
      }
    });

    it('does not put off a key that is added after a while', async () => {
      queue.addSoon('a');
      await look();
      queue.addAfter('a', 50);
      queue.addSoon('a');
      await clock.advance(50);
      assert.equal(queue.depth, 1);
    });

    it('forgets it all when it shuts down', async () => {
      queue.add('a');
      await queue.take();
      queue.addSoon('a');
      const down = queue.shutDown();
      queue.finish('a');
      await down;
      queue.addSoon('a');
      assert.deepEqual([queue.depth, clock.pending], [0, 0]);
    });
  });

  it('gathers what can wait, for as long as asked', async () => {
    queue = new Queue({ clock, gapMs: 500, gatherMs: 300 });
    queue.addSoon('a');
    await clock.advance(200);
    queue.addSoon('a');
    await clock.advance(99);
    assert.equal(queue.depth, 0);
    await clock.advance(1);
    assert.equal(queue.depth, 1);
  });

  it('measures depth, waiting, work and retries', async () => {
    queue.add('a');
    await clock.advance(30);
    await queue.take();
    await clock.advance(50);
    assert.deepEqual([...queue.inHandMs()], [['a', 50]]);
    queue.retryAfter('a', 10);
    queue.finish('a');
    assert.deepEqual(told, ['added', 'depth 1', 'depth 0', 'waited 30', 'retried', 'worked 50']);
    await clock.advance(10);
    assert.equal(queue.depth, 1);
  });

  it('shuts down when the key in hand is finished, and forgets all others', async () => {
    for (const key of ['a', 'b']) queue.add(key);
    queue.addAfter('c', 100);
    await queue.take();
    let down = false;
    const closing = queue.shutDown().then(() => (down = true));
    await clock.advance(1_000);
    assert.equal(down, false);
    assert.equal(await queue.take(), undefined);
    queue.add('a');
    queue.finish('a');
    await closing;
    assert.deepEqual([queue.depth, clock.pending], [0, 0]);
  });

  it('sends workers home that wait when it shuts down', async () => {
    const waiting = queue.take();
    await queue.shutDown();
    assert.equal(await waiting, undefined);
  });
});
