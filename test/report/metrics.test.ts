import assert from 'node:assert/strict';

import { ApiError } from '../../operator/kube/errors.ts';
import { createMetrics } from '../../operator/report/metrics.ts';

describe('the metrics', () => {
  it('count looks and queues under the names of controller-runtime', async () => {
    const metrics = createMetrics();
    const meter = metrics.queueMeter('station');
    meter.added();
    meter.taken(20);
    meter.finished(30);
    const ended = metrics.reconciling('station');
    assert.match((await metrics.read()).body, /controller_runtime_active_workers\{controller="station"\} 1\n/);
    ended({ kind: 'done' }, 30);
    const { body } = await metrics.read();
    for (const line of [
      'workqueue_adds_total{name="station"} 1',
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

  it('count the Envoys of hubs, and what they refuse', async () => {
    const metrics = createMetrics();
    metrics.hubsServed(['Cluster', 'Listener']);
    metrics.hubAsks(true);
    metrics.hubAsks(true);
    metrics.hubAsks(false);
    metrics.hubRefused('Listener');
    const { body } = await metrics.read();
    assert.match(body, /^kitchen_hub_streams 1$/m);
    assert.match(body, /^kitchen_hub_refusals_total\{type="Listener"\} 1$/m);
    assert.match(body, /^kitchen_hub_refusals_total\{type="Cluster"\} 0$/m);
  });

  it('have where hubs send a station’s requests, until nothing is known of it', async () => {
    const metrics = createMetrics();
    const port = { namespace: 'default', service: 'pizzeria-grill', port: '80' };
    const figure = { zone: 'b', done: 90, inFlight: 6, waitS: 0.06 };
    const shares = new Map([['a', new Map([['b', 0.25]])]]);
    metrics.hubsChose(port, { shares, rates: new Map([['a', 300]]), figures: [figure] });
    const labels = 'namespace="default",service="pizzeria-grill",port="80"';
    const { body } = await metrics.read();
    for (const line of [
      `kitchen_hub_requests_per_second{${labels},from="a"} 300`,
      `kitchen_hub_share{${labels},from="a",to="b"} 0.25`,
      `kitchen_hub_done_per_second{${labels},to="b"} 90`,
      `kitchen_hub_in_flight{${labels},to="b"} 6`,
      `kitchen_hub_wait_seconds{${labels},to="b"} 0.06`,
    ]) {
      assert.ok(body.includes(`${line}\n`), `${line} is missing`);
    }
    metrics.hubsChose(port, { shares, rates: new Map(), figures: [{ ...figure, waitS: undefined }] });
    assert.doesNotMatch((await metrics.read()).body, /kitchen_hub_(requests_per_second|wait_seconds)\{/);
    metrics.hubsChose(port, undefined);
    assert.doesNotMatch((await metrics.read()).body, /kitchen_hub_\w+\{namespace/);
  });

  it('show controllers of several namespaces together, for as long as they serve', async () => {
    const metrics = createMetrics();
    const serving = (...ages: readonly number[]): (() => void) => {
      const inHandMs = (): ReadonlyMap<string, number> => new Map(ages.map((ms, index) => [`key${index}`, ms]));
      return metrics.serving('station', { queue: { depth: 3, inHandMs }, workers: 8 });
    };
    const shown = async (): Promise<readonly (string | undefined)[]> => {
      const { body } = await metrics.read();
      return [
        'workqueue_depth{name',
        'workqueue_unfinished_work_seconds{name',
        'workqueue_longest_running_processor_seconds{name',
        'controller_runtime_max_concurrent_reconciles{controller',
      ].map((series) => body.split(`${series}="station"} `)[1]?.split('\n')[0]);
    };
    const ended = [serving(2_000, 500), serving(4_000)];
    assert.deepEqual(await shown(), ['6', '6.5', '4', '16']);
    for (const end of ended) end();
    assert.deepEqual(await shown(), ['0', '0', '0', '0']);
  });

  it('count an outdated view as no error', async () => {
    const metrics = createMetrics();
    for (const code of ['conflict', 'notFound', 'unavailable'] as const) {
      const error = new ApiError({ code, doing: 'growing grill', why: 'no' });
      metrics.reconciling('station')({ kind: 'retry', error }, 30);
    }
    metrics.reconciling('station')({ kind: 'retry', error: new Error('a fault of ours') }, 30);
    metrics.reconciling('station')({ kind: 'again', lookAgainMs: 1_000 }, 30);
    const { body } = await metrics.read();
    for (const [result, count] of Object.entries({ requeue: 2, requeue_after: 1, error: 2 })) {
      assert.ok(body.includes(`reconcile_total{controller="station",result="${result}"} ${count}\n`), result);
    }
    assert.ok(body.includes('controller_runtime_reconcile_errors_total{controller="station"} 2\n'));
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

  it('no longer measure a station once another replica leads', async () => {
    const metrics = createMetrics();
    const labels = { namespace: 'food', kitchen: 'pizzeria', station: 'grill' };
    metrics.stationMeasured(labels, {
      demand: 6,
      target: 7,
      ready: 5,
      surplus: 0,
      margin: -1,
      survivable: 0,
      shifted: 0,
    });
    assert.match((await metrics.read()).body, /kitchen_station_margin\{.*\} -1\n/);
    metrics.noStations();
    assert.doesNotMatch((await metrics.read()).body, /kitchen_station_margin\{/);
  });
});
