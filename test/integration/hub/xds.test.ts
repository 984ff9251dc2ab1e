import assert from 'node:assert/strict';
import { NODE_HEADER } from '../../../operator/hub/slices/locality.ts';
import { issueFor } from '../../../operator/xds/certificates.ts';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { eventually } from '../../kube/eventually.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import { operatorKeys, readyHub, startHub, statusOf } from './hub.ts';
import { grill, operatorName, pod, serve } from './serving.ts';

describe('an Envoy that the operator serves', function () {
  this.timeout(60_000);
  let issued: Issued;

  before(async function () {
    issued = await operatorKeys(this);
  });

  it('is ready with its listeners, and sends requests to the pods', async () => {
    await using first = await pod((_, response) => response.end('first'));
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await startHub(serving.server.address.port, issued);
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'first');
    await using second = await pod((_, response) => response.end('second'));
    serving.source.set(grill(port, [second.port]));
    await eventually(async () => (await (await fetch(`http://127.0.0.1:${port}/`)).text()) === 'second');
    assert.deepEqual(serving.refusals, []);
  });

  it('tells by which node’s hub it is reached at the Service of all hubs', async () => {
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, []), issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    const answer = await fetch(envoy.probeUrl.replace('/ready', '/local'));
    assert.deepEqual([answer.status, answer.headers.get(NODE_HEADER)], [200, 'node-1']);
  });

  it('is not ready, and has nothing, with a token of somebody else', async () => {
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, []), issued);
    await using envoy = await startHub(serving.server.address.port, issued, 'of-nobody');
    await eventually(() => /stream to operator closed: 16,/.test(envoy.log()));
    assert.notEqual(await statusOf(envoy.probeUrl), 200);
    assert.equal(serving.streams.size, 0);
  });

  it('believes nobody who has another certificate', async () => {
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, []), await issueFor(operatorName, Date.now()));
    await using envoy = await startHub(serving.server.address.port, issued);
    await eventually(() => /CERTIFICATE_VERIFY_FAILED/.test(envoy.log()));
    assert.equal(serving.streams.size, 0);
  });

  it('goes on without the operator, and follows it when it is back', async () => {
    await using first = await pod((_, response) => response.end('first'));
    await using second = await pod((_, response) => response.end('second'));
    const [port = 0] = await freePorts(1);
    const before = await serve(grill(port, [first.port]), issued);
    await using envoy = await startHub(before.server.address.port, issued);
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    await before.server.close();
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'first');
    await using back = await serve(grill(port, [second.port]), issued, { port: before.server.address.port });
    await eventually(async () => (await (await fetch(`http://127.0.0.1:${port}/`)).text()) === 'second');
    assert.deepEqual(back.refusals, []);
  });

  it('says what it refuses, keeps what it had, and takes what came with it', async () => {
    await using first = await pod((_, response) => response.end('first'));
    const [port = 0, other = 0] = await freePorts(2);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await startHub(serving.server.address.port, issued);
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    const good = grill(port, [first.port]);
    const more = { name: 'default.more.80', port: other, protocol: 'HTTP', routes: [] } as const;
    const bad = {
      name: 'default.bad.80',
      port: 99_999,
      protocol: 'TCP',
      backend: good.backends[0]?.name ?? '',
    } as const;
    serving.source.set({ ...good, listeners: [...good.listeners, bad, more] });
    await eventually(() => serving.refusals.length > 0);
    assert.deepEqual(
      serving.refusals.map((refusal) => refusal.name),
      ['default.bad.80'],
    );
    const version = serving.source.resources('Listener', 'zone-a').get('default.bad.80')?.version;
    assert.equal(serving.refusals[0]?.version, version);
    assert.match(serving.refusals[0]?.message ?? '', /^Proto constraint .*PortValue: value must be less than or equal/);
    assert.equal(await statusOf(`http://127.0.0.1:${port}/`), 200);
    await eventually(async () => (await statusOf(`http://127.0.0.1:${other}/`)) === 404);
  });
});
