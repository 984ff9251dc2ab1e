import assert from 'node:assert/strict';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { hubSeries, SERIES_A_PORT } from '../../../tools/envoy/stats.ts';
import { eventually } from '../../kube/eventually.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import { operatorKeys, readyHub, startHub, statusOf } from './hub.ts';
import { grill, pod, serve } from './serving.ts';

const whose = 'namespace="default",service="pizzeria-grill",port="80"';

const textOf = async (url: string): Promise<string> =>
  (await fetch(url, { signal: AbortSignal.timeout(5_000) })).text();

describe('the metrics of an Envoy', function () {
  this.timeout(60_000);
  let issued: Issued;

  before(async function () {
    issued = await operatorKeys(this);
  });

  it('are those that are listed, a known number for each port of a station', async () => {
    await using first = await pod(({ url = '' }, response) => {
      response.statusCode = Number(url.slice(1));
      response.end();
    });
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    for (const status of [200, 304, 404, 503]) await statusOf(`http://127.0.0.1:${port}/${status}`);
    // Histograms are told every 5 s. Here are also those that have not counted yet.
    const all = `${envoy.adminUrl}/stats/prometheus`;
    await eventually(async () => (await textOf(all)).includes(`upstream_rq_time_count{${whose}} 4`));
    const text = await textOf(all);
    const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? '');
    assert.deepEqual(names.toSorted(), hubSeries.toSorted());
    const ofStation = text.split('\n').filter((line) => line.includes(whose.split(',')[1] ?? ''));
    assert.ok(ofStation.every((line) => line.includes('namespace="default"') && line.includes('port="80"')));
    // No pod answered 1xx.
    assert.equal(ofStation.length, SERIES_A_PORT - 1, ofStation.join('\n'));
    const read = await textOf(envoy.metricsUrl);
    assert.match(read, /^envoy_control_plane_connected_state\{\} 1$/m);
    assert.ok(read.includes(`envoy_cluster_upstream_rq_xx{envoy_response_code_class="5",${whose}} 1\n`), read);
  });

  it('tell of pods that are dead, and are not needed to leave them out', async () => {
    await using living = await pod((_, response) => response.end('living'));
    const [port = 0, nobody = 0] = await freePorts(2);
    await using serving = await serve(grill(port, [living.port, nobody]), issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    await eventually(async () => {
      assert.equal(await statusOf(`http://127.0.0.1:${port}/`), 200);
      return (await textOf(envoy.metricsUrl)).includes(
        `envoy_cluster_outlier_detection_ejections_active{${whose}} 1\n`,
      );
    });
    const read = await textOf(envoy.metricsUrl);
    const clusters = await textOf(`${envoy.adminUrl}/clusters`);
    assert.match(clusters, new RegExp(`127\\.0\\.0\\.1:${nobody}::health_flags::.*failed_outlier_check`));
    for (const name of ['upstream_cx_connect_fail', 'upstream_rq_retry', 'upstream_rq_retry_success'])
      assert.match(read, new RegExp(String.raw`^envoy_cluster_${name}\{${whose}\} [1-9]`, 'm'));
  });

  it('are there before the operator has answered, soon enough for its probe', async () => {
    const [nobody = 0] = await freePorts(1);
    await using envoy = await startHub(nobody, issued);
    const begunMs = performance.now();
    await eventually(async () => (await statusOf(envoy.liveUrl)) === 200);
    assert.ok(performance.now() - begunMs < 8_000, 'the kubelet ends an Envoy that is not alive after 10 s');
    assert.match(await textOf(envoy.metricsUrl), /^envoy_control_plane_connected_state\{\} 0$/m);
    assert.notEqual(await statusOf(envoy.probeUrl), 200);
  });

  it('are all that can be reached of its admin', async () => {
    const [nobody = 0] = await freePorts(1);
    await using envoy = await startHub(nobody, issued);
    await eventually(async () => (await statusOf(envoy.metricsUrl)) === 200);
    const root = envoy.metricsUrl.replace('/metrics', '');
    for (const path of ['/quitquitquit', '/metrics/quitquitquit', '/metrics?filter=x', '/metrics/', '/stats', '/'])
      for (const method of ['GET', 'POST']) assert.equal(await statusOf(`${root}${path}`, method), 404, path);
    for (const method of ['POST', 'PUT', 'DELETE']) assert.equal(await statusOf(envoy.metricsUrl, method), 404, method);
    assert.equal(await statusOf(envoy.metricsUrl), 200);
  });
});
