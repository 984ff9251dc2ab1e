import assert from 'node:assert/strict';
import { leaseSeconds, monitorPeriodSeconds, parseDurationMs } from '../../tools/cluster/timings.ts';

describe('the timings of a local cluster', () => {
  it("are Kubernetes' own with its own grace", () => {
    assert.equal(leaseSeconds(50), 40);
    assert.equal(monitorPeriodSeconds(50), 5);
  });

  it('let a living node renew at least three times in any grace of four seconds or more', () => {
    for (let grace = 4; grace <= 120; grace += 1) assert.ok(leaseSeconds(grace) / 4 <= grace / 3, `grace ${grace}`);
  });

  it('are written with a unit or in seconds', () => {
    assert.deepEqual(['500ms', '2s', '1m', '3', '0.5s'].map(parseDurationMs), [500, 2000, 60_000, 3000, 500]);
    for (const wrong of ['', 'soon', '-1s', '1h', 's'])
      assert.throws(() => parseDurationMs(wrong), /is no duration: write 500ms, 2s or 1m/);
  });
});
