import assert from 'node:assert/strict';
import type { Scale } from '../../operator/api/scale.ts';
import { aStation } from '../builders/kitchen.ts';
import { atNine, cpu, ScalerStage } from './scalerStage.ts';

describe('the scaler, when something is wrong', () => {
  it('is not driven by values beyond what can be counted, and goes on when they are gone', async () => {
    const stage = await atNine();
    for (const huge of ['1e308', '1e400']) {
      stage.cpuOfEach = huge;
      await stage.pass(120);
      assert.equal(stage.demand, 9, huge);
    }
    stage.cpuOfEach = undefined;
    stage.cores = 5.6;
    await stage.pass(40);
    assert.deepEqual(stage.written, [6, 9, 12]);
  });

  it('asks no pods where it may not, and says how it may', async () => {
    const stage = new ScalerStage({ asksPods: false });
    const target = { type: 'AverageValue', averageValue: 8 } as const;
    const inFlight = { type: 'Pods', pods: { metric: { name: 'in_flight' }, target, port: 8080 } } as const;
    const fallback = { failureThreshold: 3, replicas: 5 };
    stage.put({ scale: { maxReplicas: 20, metrics: [inFlight], fallback } });
    stage.run(4);
    stage.inFlight = 42;
    await stage.pass(4);
    assert.deepEqual([stage.written, stage.view?.reason], [[], 'NotPermitted']);
    assert.match(stage.view?.message ?? '', /in the chart: scale\.podMetrics/);
    await stage.pass(20);
    assert.deepEqual(stage.written, [5]);
  });

  it('does not act on a fallback before so many reads have failed, whatever counted before', async () => {
    const stage = new ScalerStage();
    const target = { type: 'AverageValue', averageValue: 8 } as const;
    const hub = { type: 'Hub', hub: { metric: 'inFlight', target } } as const;
    await stage.clock.advance(3_600_000);
    stage.put({ scale: { maxReplicas: 20, metrics: [hub], fallback: { failureThreshold: 3, replicas: 5 } } });
    await stage.pass(6);
    assert.deepEqual(stage.written, []);
    await stage.pass(4);
    assert.deepEqual(stage.written, [5]);
  });

  it('says that no pod has a value once they have been waited for, and counts it as a failure from then on', async () => {
    const stage = new ScalerStage();
    stage.put({ scale: { maxReplicas: 20, metrics: [cpu], fallback: { failureThreshold: 3, replicas: 5 } } });
    await stage.pass(120);
    assert.deepEqual([stage.written, stage.view], [[], undefined]);
    await stage.pass(60);
    assert.equal(stage.view?.reason, 'MetricsMissing');
    assert.match(stage.view?.message ?? '', /^cpu: no pod is Ready on a living node, so none has a value; /);
    assert.deepEqual(stage.written, [5]);
  });

  it('looks at every other station although one cannot be looked at, and logs why, once', async () => {
    const stage = new ScalerStage();
    const scale = { maxReplicas: 9 } as Scale;
    stage.putObject(aStation({ station: 'broken', scale }));
    // Looked at after the other one.
    stage.dropObject(aStation());
    stage.put({});
    stage.run(4);
    await stage.pass(20);
    assert.deepEqual(stage.written, [6, 9]);
    assert.equal(stage.logged.length, 1);
    assert.match(stage.logged[0] ?? '', /^following load: TypeError/);
  });

  it('does not wait for its own write for good', async () => {
    const stage = new ScalerStage();
    stage.run(4);
    stage.isSeen = false;
    await stage.pass(10);
    assert.deepEqual(stage.written, [6]);
    stage.isSeen = true;
    await stage.pass(20);
    assert.deepEqual(stage.written, [6, 6, 9]);
  });
});
