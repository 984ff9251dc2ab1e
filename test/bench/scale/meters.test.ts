import assert from 'node:assert/strict';
import { samplesIn, sumOf, watchDepths } from '../../../tools/bench/scale/meters.ts';

const text = `# HELP workqueue_depth Keys that wait.
# TYPE workqueue_depth gauge
workqueue_depth{name="station"} 3
workqueue_depth{name="kitchen"} 1
workqueue_depth{name="other",zone="a b"} 1.5e+01
process_cpu_seconds_total 2.5
`;

describe('a page of metrics', () => {
  it('is read with and without labels', () => {
    assert.deepEqual(samplesIn(text).slice(2), [
      { name: 'workqueue_depth', labels: { name: 'other', zone: 'a b' }, value: 15 },
      { name: 'process_cpu_seconds_total', labels: {}, value: 2.5 },
    ]);
  });

  it('is summed over the labels that are meant', () => {
    const samples = samplesIn(text);
    assert.equal(
      sumOf(samples, 'workqueue_depth', ({ name }) => name === 'station' || name === 'kitchen'),
      4,
    );
    assert.equal(sumOf(samples, 'workqueue_depth'), 19);
    assert.equal(sumOf(samples, 'nothing'), 0);
  });
});

describe('the depth of queues', () => {
  it('is the most that was read, and busy for as long as it was read so', async () => {
    const read = Promise.withResolvers<void>();
    const readOnce = (): Promise<number> => {
      read.resolve();
      return Promise.resolve(7);
    };
    const depths = watchDepths({ full: readOnce, empty: () => Promise.resolve(0) });
    await read.promise;
    const { full, empty } = await depths.stop();
    assert.equal(full?.most, 7);
    assert.deepEqual(empty, { most: 0, busySeconds: 0 });
  });
});
