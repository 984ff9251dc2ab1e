import assert from 'node:assert/strict';

import { createMetrics } from '../../operator/report/metrics.ts';

describe('the metrics', () => {
  it('count looks and queues under the names of controller-runtime', async () => {
    const metrics = createMetrics();
    const meter = metrics.queueMeter('station');
    meter.added();
    meter.depth(1);
    meter.taken(20);
    meter.finished(30);
    const ended = metrics.reconciling('station');
    assert.match((await metrics.read()).body, /controller_runtime_active_workers\{controller="station"\} 1\n/);
    ended('success', 30);
    const { body } = await metrics.read();
    for (const line of [
      'workqueue_adds_total{name="station"} 1',
      'workqueue_depth{name="station"} 1',
      'workqueue_retries_total{name="station"} 0',
      'workqueue_queue_duration_seconds_sum{name="station"} 0.02',
      'workqueue_work_duration_seconds_sum{name="station"} 0.03',
      'controller_runtime_reconcile_total{controller="station",result="success"} 1',
      'controller_runtime_reconcile_time_seconds_count{controller="station"} 1',
      'controller_runtime_active_workers{controller="station"} 0',
    ]) {
      assert.ok(body.includes(`${line}\n`), `${line} is missing`);
    }
  });

  it('count calls by method and code', async () => {
    const metrics = createMetrics();
    metrics.requested('GET', '404');
    metrics.requested('GET', '404');
    metrics.requested('POST', '<error>');
    const { body } = await metrics.read();
    assert.ok(body.includes('rest_client_requests_total{method="GET",code="404"} 2\n'));
    assert.ok(body.includes('rest_client_requests_total{method="POST",code="<error>"} 1\n'));
  });

  it('measure no station any more once another replica leads', async () => {
    const metrics = createMetrics();
    const labels = { namespace: 'food', kitchen: 'pizzeria', station: 'grill' };
    metrics.stationMeasured(labels, { demand: 6, target: 7, ready: 5, surplus: 0, margin: -1, survivable: 0 });
    assert.match((await metrics.read()).body, /kitchen_station_margin\{.*\} -1\n/);
    metrics.noStations();
    assert.doesNotMatch((await metrics.read()).body, /kitchen_station_margin\{/);
  });
});
