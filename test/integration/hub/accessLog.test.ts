import assert from 'node:assert/strict';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { eventually } from '../../kube/eventually.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import type { LoggedRequest, RunningEnvoy } from '../../../tools/envoy/start.ts';
import { operatorKeys, readyHub } from './hub.ts';
import { grill, pod, serve } from './serving.ts';

/** Fails every request of /broken, every second one of /flaky and every POST; /error is the pod's own error. */
async function troubledPod(): ReturnType<typeof pod> {
  let flaky = 0;
  return pod(({ url = '', method, socket }, response) => {
    if (method === 'POST') {
      socket.destroy();
      return;
    }
    const fails = url.startsWith('/broken') || (url.startsWith('/flaky') && flaky++ % 2 === 0);
    response.statusCode = fails ? 503 : url.startsWith('/error') ? 500 : 200;
    response.end();
  });
}

describe('the log of requests of an Envoy', function () {
  this.timeout(60_000);
  let issued: Issued;

  before(async function () {
    issued = await operatorKeys(this);
  });

  /** As the runbook has it, for a while in which nothing may be missed. */
  const logAll = async ({ adminUrl }: RunningEnvoy): Promise<void> => {
    const shares = ['refused', 'failed', 'retried'].map((what) => `kitchen.log.${what}=100`);
    const { status } = await fetch(`${adminUrl}/runtime_modify?${shares.join('&')}`, { method: 'POST' });
    assert.equal(status, 200);
  };

  it('has those that failed or were sent again, with what an operator looks for, and no query', async () => {
    await using first = await troubledPod();
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    await logAll(envoy);
    const ask = async (path: string, method = 'GET'): Promise<number> => {
      const headers = { 'x-request-id': `id-of${path}`, authorization: 'Bearer a-secret' };
      const url = `http://127.0.0.1:${port}${path}?token=a-secret`;
      return (await fetch(url, { method, headers })).status;
    };
    assert.deepEqual(
      [await ask('/fine'), await ask('/error'), await ask('/flaky'), await ask('/broken'), await ask('/post', 'POST')],
      [200, 500, 200, 503, 503],
    );
    serving.source.set(grill(port, []));
    await eventually(async () => (await ask('/nobody')) === 503);
    await eventually(async () => (await envoy.requests()).some(({ path }) => path === '/nobody'));
    const lines = await envoy.requests();
    const about = (path: string): LoggedRequest => lines.find((line) => line['path'] === path) ?? {};
    assert.deepEqual([...new Set(lines.map(({ path }) => path))], ['/flaky', '/broken', '/post', '/nobody']);
    assert.ok(!JSON.stringify(lines).includes('secret'));
    const { time, ms, ...flaky } = about('/flaky');
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
    assert.equal(typeof ms, 'number');
    const host = `127.0.0.1:${first.port}`;
    assert.deepEqual(flaky, {
      attempts: 2,
      details: 'via_upstream',
      flags: '-',
      method: 'GET',
      path: '/flaky',
      pod: host,
      requestId: 'id-of/flaky',
      station: 'default.pizzeria-grill.80',
      status: 200,
      tried: host,
    });
    const told = (path: string): readonly unknown[] =>
      ['status', 'flags', 'attempts', 'pod'].map((field) => about(path)[field]);
    assert.deepEqual(told('/broken'), [503, 'URX', 6, host]);
    assert.deepEqual(told('/post'), [503, 'UC', 1, host]);
    assert.deepEqual(told('/nobody'), [503, 'UH', 1, null]);
    assert.match(String(about('/post')['details']), /connection_termination/);
  });

  it('does not name a pod that took no connection, since Envoy does not', async () => {
    await using first = await troubledPod();
    const [port = 0, nobody = 0] = await freePorts(2);
    await using serving = await serve(grill(port, [first.port, nobody]), issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    await logAll(envoy);
    await eventually(async () => {
      assert.equal((await fetch(`http://127.0.0.1:${port}/fine`)).status, 200);
      return (await envoy.requests()).length > 0;
    });
    const [line] = await envoy.requests();
    assert.ok(Number(line?.['attempts']) > 1);
    assert.equal(line?.['tried'], `127.0.0.1:${first.port}`);
  });

  it('has a part of them only, so that a bad day does not fill it', async () => {
    await using first = await troubledPod();
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    const many = 300;
    for (let sent = 0; sent < many; sent++) await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' });
    // One in ten. Fewer than one or more than 90 of 300 come once in 10^13 times.
    await eventually(async () => (await envoy.requests()).length > 0);
    assert.ok((await envoy.requests()).length < 90);
  });
});
