import assert from 'node:assert/strict';
import type { Job, Load } from '../../tools/test/jobs.ts';
import { runAll } from '../../tools/test/pool.ts';
import type { Limits } from '../../tools/test/pool.ts';

function aJob(title: string, load: Load): Job {
  return { title, files: [], load, isCovered: false };
}

/** A pool whose jobs end when they are told to. */
function aPool(jobs: readonly Job[], limits: Limits) {
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  const over = runAll(jobs, limits, ({ title }) => {
    begun.push(title);
    return new Promise((resolve) => ends.set(title, resolve));
  });
  const end = async (title: string): Promise<void> => {
    ends.get(title)?.();
    await new Promise(setImmediate);
  };
  return { begun, end, over };
}

describe('the pool of test files', () => {
  it('runs as many as it may, and the next one when one ends', async () => {
    const { begun, end, over } = aPool(
      ['a', 'b', 'c'].map((title) => aJob(title, 'waits')),
      { jobs: 2 },
    );
    assert.deepEqual(begun, ['a', 'b']);
    await end('b');
    assert.deepEqual(begun, ['a', 'b', 'c']);
    await end('a');
    await end('c');
    await over;
  });

  it('prefers a later file to an idle place when the next one needs a processor that another has', async () => {
    const jobs = [aJob('solve', 'cpu'), aJob('traces', 'cpu'), aJob('drains', 'waits')];
    const { begun, end, over } = aPool(jobs, { jobs: 3, cpu: 1 });
    assert.deepEqual(begun, ['solve', 'drains']);
    await end('solve');
    assert.deepEqual(begun, ['solve', 'drains', 'traces']);
    await end('drains');
    await end('traces');
    await over;
  });

  it('gives two places to what compares operators', async () => {
    const jobs = [aJob('crashes', 'timed'), aJob('drains', 'waits'), aJob('losses', 'waits')];
    const { begun, end, over } = aPool(jobs, { jobs: 3 });
    assert.deepEqual(begun, ['crashes', 'drains']);
    await end('crashes');
    assert.deepEqual(begun, ['crashes', 'drains', 'losses']);
    await end('drains');
    await end('losses');
    await over;
  });

  it('runs alone what needs more places than there are', async () => {
    const { begun, end, over } = aPool([aJob('drains', 'waits'), aJob('crashes', 'timed')], { jobs: 1 });
    assert.deepEqual(begun, ['drains']);
    await end('drains');
    assert.deepEqual(begun, ['drains', 'crashes']);
    await end('crashes');
    await over;
  });
});
