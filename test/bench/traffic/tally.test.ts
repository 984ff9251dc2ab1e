import assert from 'node:assert/strict';
import { causeOf, failureIn, rowsOf } from '../../../tools/bench/traffic/tally.ts';

const run = { fault: 'node-frozen', who: 'hub', run: 2 } as const;

describe('requests', () => {
  it('are counted by method, those that failed by cause', () => {
    const outcomes = [
      { method: 'GET', ms: 3.04 },
      { method: 'GET', ms: 3_000, failure: 'timeout' },
      { method: 'GET', ms: 1, failure: 'refused' },
      { method: 'GET', ms: 3_000, failure: 'timeout' },
      { method: 'POST', ms: 5 },
    ] as const;
    assert.deepEqual(rowsOf(run, outcomes), [
      { ...run, method: 'GET', sent: 4, failed: 3, causes: { refused: 1, timeout: 2 }, p50Ms: 3, p99Ms: 3 },
      { ...run, method: 'POST', sent: 1, failed: 0, causes: {}, p50Ms: 5, p99Ms: 5 },
    ]);
  });

  it('have no times where none was answered', () => {
    const [, post] = rowsOf(run, []);
    assert.deepEqual(post, { ...run, method: 'POST', sent: 0, failed: 0, causes: {}, p50Ms: null, p99Ms: null });
  });
});

describe('the cause of a failure', () => {
  const failed = (code: string | undefined): Error => Object.assign(new Error('socket hang up'), { code });

  it('is a word for what the network did, and else the error’s own', () => {
    assert.deepEqual(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EADDRNOTAVAIL'].map(failed).map(causeOf), [
      'refused',
      'reset',
      'reset',
      'timeout',
      'EADDRNOTAVAIL',
    ]);
    assert.equal(causeOf(failed(undefined)), 'socket hang up');
  });

  it('is the status of an answer, and that no pod has sent it', () => {
    assert.deepEqual(
      [failureIn(503, undefined), failureIn(200, undefined), failureIn(200, 'zone-a-1-1')],
      ['503', 'not from a pod', undefined],
    );
  });
});
