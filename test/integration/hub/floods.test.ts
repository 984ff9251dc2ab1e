import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { CONNECTIONS_A_PORT } from '../../../operator/envoy/listener.ts';
import type { Traffic } from '../../../operator/traffic/form.ts';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { eventually } from '../../kube/eventually.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import { operatorKeys, readyHub } from './hub.ts';
import { grill, pod, serve } from './serving.ts';

const host = '127.0.0.1';

/** A second station beside the first. */
function withNeighbour({ listeners, backends }: Traffic, port: number, pods: readonly number[]): Traffic {
  const other = grill(port, pods);
  const text = JSON.stringify(other).replaceAll('pizzeria-grill', 'bakery-oven');
  const neighbour = JSON.parse(text) as Traffic;
  return { listeners: [...listeners, ...neighbour.listeners], backends: [...backends, ...neighbour.backends] };
}

describe('a flood of one station, to an Envoy', function () {
  this.timeout(120_000);
  let issued: Issued;

  before(async function () {
    issued = await operatorKeys(this);
  });

  const statusesOf = async (port: number, many: number): Promise<ReadonlySet<number>> => {
    const statuses = new Set<number>();
    for (let sent = 0; sent < many; sent += 1) statuses.add((await fetch(`http://${host}:${port}/`)).status);
    return statuses;
  };

  it('of connections is closed where it is too much, and leaves its neighbour and the probes alone', async () => {
    await using first = await pod((_, response) => response.end('first'));
    await using second = await pod((_, response) => response.end('second'));
    const [flooded = 0, calm = 0] = await freePorts(2);
    const traffic = withNeighbour(grill(flooded, [first.port]), calm, [second.port]);
    await using serving = await serve(traffic, issued);
    await using envoy = await readyHub(serving.server.address.port, issued);
    const sockets: Socket[] = [];
    let closed = 0;
    try {
      for (let opened = 0; opened < CONNECTIONS_A_PORT + 200; opened += 1) {
        const socket = connect(flooded, host);
        socket.on('error', () => undefined).once('close', () => (closed += 1));
        sockets.push(socket);
        await once(socket, 'connect');
        // A request that has begun keeps its connection from being taken for an idle one.
        socket.write('GET / HTTP/1.1\r\n');
      }
      await eventually(() => closed >= 200);
      assert.deepEqual(await statusesOf(calm, 50), new Set([200]));
      assert.equal((await fetch(envoy.probeUrl)).status, 200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    await eventually(async () => (await fetch(`http://${host}:${flooded}/`).catch(() => undefined))?.status === 200);
  });

  it('of requests is refused above its bound, and may be asked for again; its neighbour is not', async () => {
    const held: (() => void)[] = [];
    await using first = await pod((_, response) => held.push(() => response.end('first')));
    await using second = await pod((_, response) => response.end('second'));
    const [flooded = 0, calm = 0] = await freePorts(2);
    const traffic = withNeighbour(grill(flooded, [first.port]), calm, [second.port]);
    const [{ bound } = { bound: 0 }] = traffic.backends;
    await using serving = await serve(traffic, issued);
    await using _ = await readyHub(serving.server.address.port, issued);
    const answers = Array.from({ length: bound * 3 }, () => fetch(`http://${host}:${flooded}/`));
    const refused = await Promise.race(answers);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
    assert.deepEqual(await statusesOf(calm, 50), new Set([200]));
    await eventually(() => {
      for (const answer of held.splice(0)) answer();
      return Promise.race([
        Promise.all(answers).then(() => true),
        new Promise((resolve) => setImmediate(resolve, false)),
      ]) as Promise<boolean>;
    });
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    // Of those that wait for a connection, half the bound are let in at once.
    assert.ok(statuses.filter((status) => status === 200).length >= bound / 2, statuses.join());
    assert.deepEqual(new Set(statuses), new Set([200, 503]));
  });
});
