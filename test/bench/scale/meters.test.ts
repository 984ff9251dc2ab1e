import assert from 'node:assert/strict';
import { cpuBetween, samplesIn, sumOf } from '../../../tools/bench/scale/meters.ts';

const text = `# HELP workqueue_depth Keys that wait.
# TYPE workqueue_depth gauge
workqueue_depth{name="station"} 3
workqueue_depth{name="other",zone="a b"} 1.5e+01
process_cpu_seconds_total 2.5
`;

describe('a page of metrics', () => {
  it('is read with and without labels', () => {
    assert.deepEqual(samplesIn(text).slice(1), [
      { name: 'workqueue_depth', labels: { name: 'other', zone: 'a b' }, value: 15 },
      { name: 'process_cpu_seconds_total', labels: {}, value: 2.5 },
    ]);
  });

  it('is summed over all labels', () => {
    const samples = samplesIn(text);
    assert.equal(sumOf(samples, 'workqueue_depth'), 18);
    assert.equal(sumOf(samples, 'nothing'), 0);
  });
});

describe('the processor time between two readings', () => {
  it('is told in seconds of each process that still runs', () => {
    assert.deepEqual(cpuBetween({ etcd: 1_000, operator: 5 }, { etcd: 3_456, kwok: 10 }), { etcd: 2.46, kwok: 0.01 });
  });
});
