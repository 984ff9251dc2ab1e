import assert from 'node:assert/strict';
import { LastLooks } from '../../operator/apply/freshly.ts';
import { FakeClock } from '../builders/fakeClock.ts';

describe('a last look', () => {
  let clock: FakeClock;
  let looks: LastLooks;
  beforeEach(() => {
    clock = new FakeClock();
    looks = new LastLooks(clock);
  });

  /** Whether looks that take so long are acted on, one after another. */
  const actedOn = async (...tookMs: readonly number[]): Promise<readonly boolean[]> => {
    const acted: boolean[] = [];
    for (const ms of tookMs) {
      const looking = looks.freshly('before the shrink in zone-a', async () => clock.advance(ms));
      acted.push(
        await looking.then(
          () => true,
          () => false,
        ),
      );
    }
    return acted;
  };

  it('may take a second', async () => {
    assert.deepEqual(await actedOn(10, 10, 1_000, 1_001), [true, true, true, false]);
  });

  it('may take three times as long as looks take lately', async () => {
    assert.deepEqual(await actedOn(1_400, 1_400, 4_200, 4_201), [false, true, true, false]);
  });

  it('never takes more than 5 s, however slow the server is', async () => {
    assert.deepEqual(await actedOn(6_000, 6_000, 6_000, 5_000, 5_001), [false, false, false, true, false]);
  });

  it('is held to a second again when the server is quick again', async () => {
    assert.deepEqual((await actedOn(4_000, 4_000, 10, 10, 10, 10, 10, 10, 10, 1_500)).at(-1), false);
  });

  it('says how long it took and what was allowed', async () => {
    await assert.rejects(
      looks.freshly('before the shrink in zone-a', async () => clock.advance(1_234)),
      /before the shrink in zone-a.*looking again took 1234 ms, and a look older than 1000 ms is too old to act on/,
    );
  });

  it('passes on an error, and does not count that look', async () => {
    const failing = looks.freshly('before the shrink', async () => Promise.reject(new Error('away')));
    await assert.rejects(failing, /away/);
  });
});
