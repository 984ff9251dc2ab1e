import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Traffic } from '../../../operator/traffic/form.ts';
import { issueFor } from '../../../operator/xds/certificates.ts';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { serveXds } from '../../../operator/xds/server.ts';
import type { Hub, XdsServer } from '../../../operator/xds/server.ts';
import type { Nack } from '../../../operator/xds/subscription.ts';
import { eventually } from '../../kube/eventually.ts';
import { hasEnvoy } from '../../../tools/envoy/binary.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import type { RunningEnvoy } from '../../../tools/envoy/start.ts';
import { SetTraffic } from './serving.ts';

const name = 'kitchen-operator-hub.kitchen-system.svc';
const TOKEN = 'of-a-hub';

interface Serving extends AsyncDisposable {
  readonly server: XdsServer;
  readonly source: SetTraffic;
  readonly refusals: Nack[];
  readonly streams: Set<string>;
}

async function serve(traffic: Traffic, issued: Issued, port = 0): Promise<Serving> {
  const source = new SetTraffic(traffic);
  const refusals: Nack[] = [];
  const streams = new Set<string>();
  const hub: Hub = { pod: 'hub-1', node: 'node-1' };
  const server = await serveXds({
    host: '127.0.0.1',
    port,
    keys: issued,
    source,
    zoneOf: () => 'zone-a',
    authenticate: async (token) => (token === TOKEN ? hub : undefined),
    onNack: (_, __, refusal) => refusals.push(refusal),
    onStream: (asking, isOpen) => (isOpen ? streams.add(asking.pod) : streams.delete(asking.pod)),
    onError: () => {},
  });
  return { server, source, refusals, streams, [Symbol.asyncDispose]: () => server.close() };
}

async function pod(answer: RequestListener): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function grill(port: number, pods: readonly number[]): Traffic {
  const backend = 'default/pizzeria-grill:80';
  return {
    listeners: [{ name: backend, port, protocol: 'HTTP', routes: [{ pathPrefix: '/', backend, retries: 'Full' }] }],
    backends: [
      {
        name: backend,
        protocol: 'HTTP',
        declaredLoss: 0.5,
        bound: 64,
        endpoints: pods.map((each) => ({ address: '127.0.0.1', port: each, zone: 'zone-a', state: 'Serving' })),
      },
    ],
  };
}

const statusOf = async (url: string): Promise<number> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status,
    () => 0,
  );

describe('an Envoy that the operator serves', function () {
  this.timeout(60_000);
  let issued: Issued;

  before(async function () {
    if (!hasEnvoy) this.skip();
    this.timeout(300_000);
    issued = await issueFor(name, Date.now());
  });

  const start = (serving: Serving, token = TOKEN): Promise<RunningEnvoy> =>
    startEnvoy({ operator: { port: serving.server.address.port, name }, token, authority: issued.authority });

  it('is ready with its listeners, and sends requests to the pods', async () => {
    await using first = await pod((_, response) => response.end('first'));
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await start(serving);
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'first');
    await using second = await pod((_, response) => response.end('second'));
    serving.source.set(grill(port, [second.port]));
    await eventually(async () => (await (await fetch(`http://127.0.0.1:${port}/`)).text()) === 'second');
    assert.deepEqual(serving.refusals, []);
  });

  it('is not ready, and has nothing, with a token of somebody else', async () => {
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, []), issued);
    await using envoy = await start(serving, 'of-nobody');
    await eventually(() => /stream to operator closed: 16,/.test(envoy.log()));
    assert.notEqual(await statusOf(envoy.probeUrl), 200);
    assert.equal(serving.streams.size, 0);
  });

  it('believes nobody who has another certificate', async () => {
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, []), await issueFor(name, Date.now()));
    await using envoy = await start(serving);
    await eventually(() => /CERTIFICATE_VERIFY_FAILED/.test(envoy.log()));
    assert.equal(serving.streams.size, 0);
  });

  it('goes on without the operator, and follows it when it is back', async () => {
    await using first = await pod((_, response) => response.end('first'));
    await using second = await pod((_, response) => response.end('second'));
    const [port = 0] = await freePorts(1);
    const before = await serve(grill(port, [first.port]), issued);
    await using envoy = await start(before);
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    await before.server.close();
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'first');
    await using back = await serve(grill(port, [second.port]), issued, before.server.address.port);
    await eventually(async () => (await (await fetch(`http://127.0.0.1:${port}/`)).text()) === 'second');
    assert.deepEqual(back.refusals, []);
  });

  it('says what it refuses, keeps what it had, and takes what came with it', async () => {
    await using first = await pod((_, response) => response.end('first'));
    const [port = 0, other = 0] = await freePorts(2);
    await using serving = await serve(grill(port, [first.port]), issued);
    await using envoy = await start(serving);
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    const good = grill(port, [first.port]);
    const bad = { name: 'default/bad:80', port: 99_999, protocol: 'HTTP', routes: [] } as const;
    const more = { ...bad, name: 'default/more:80', port: other };
    serving.source.set({ ...good, listeners: [...good.listeners, bad, more] });
    await eventually(() => serving.refusals.length > 0);
    assert.deepEqual(
      serving.refusals.map((refusal) => refusal.name),
      ['default/bad:80'],
    );
    assert.match(serving.refusals[0]?.message ?? '', /PortValue: value must be less than or equal to 65535/);
    assert.equal(await statusOf(`http://127.0.0.1:${port}/`), 200);
    await eventually(async () => (await statusOf(`http://127.0.0.1:${other}/`)) === 404);
  });
});
