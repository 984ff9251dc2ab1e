import assert from 'node:assert/strict';
import { Backoff } from '../../operator/engine/backoff.ts';

describe('a back-off', () => {
  it('doubles the wait of a key up to the most, and of no other', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 500, random: () => 0 });
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(() => backoff.nextMs('a')),
      [100, 200, 400, 500, 500],
    );
    assert.equal(backoff.nextMs('b'), 100);
    assert.equal(backoff.failures('a'), 5);
  });

  it('begins again for a key that was forgotten', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 500, random: () => 0 });
    backoff.nextMs('a');
    backoff.forget('a');
    assert.equal(backoff.nextMs('a'), 100);
  });

  it('leaves a fifth of the wait to chance', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 500, random: () => 0.5 });
    assert.equal(backoff.nextMs('a'), 90);
  });

  it('stays at the most after any number of failures', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 500, random: () => 0 });
    for (let failure = 0; failure < 2_000; failure++) backoff.nextMs('a');
    assert.equal(backoff.nextMs('a'), 500);
  });

  it('remembers a limited number of keys: those that failed last', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 500, random: () => 0, limit: 2 });
    for (const key of ['a', 'b', 'a', 'c']) backoff.nextMs(key);
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => backoff.failures(key)),
      [2, 0, 1],
    );
  });
});
