import assert from 'node:assert/strict';
import { toldUntil, trafficOf } from '../../tools/experiments/traffic.ts';

function line(target: string, unix: number, failed = 0): string {
  const errors = failed === 0 ? {} : { errors: { EOF: failed } };
  return JSON.stringify({ target, unix, sent: 10, failed, ...errors, p50Ms: 20, maxMs: 20 + failed });
}

const log = [line('a', 99, 5), line('a', 100), line('b', 100, 1), line('a', 101, 2), line('a', 102, 1), '{"targ'].join(
  '\n',
);

describe('the traffic of a service', () => {
  it('is what was sent to it in the span, with what failed and when', () => {
    assert.deepEqual(trafficOf(log, 'a', { fromMs: 100_900, toMs: 102_000 }), {
      sent: 20,
      failed: 2,
      errors: { EOF: 2 },
      maxMs: 22,
      failures: [{ second: 1, failed: 2 }],
    });
  });

  it('is known until the last second that all targets have reported', () => {
    assert.equal(toldUntil(log), 100);
    assert.equal(toldUntil(''), 0);
  });
});
