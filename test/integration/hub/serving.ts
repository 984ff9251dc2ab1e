import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { merged, pack, packCommon, translate } from '../../../operator/envoy/translate.ts';
import type { Packed } from '../../../operator/envoy/translate.ts';
import type { ResourceType } from '../../../operator/envoy/types.ts';
import type { Traffic } from '../../../operator/traffic/form.ts';
import type { BackendReport } from '../../../operator/traffic/report.ts';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { serveXds } from '../../../operator/xds/server.ts';
import type { Hub, XdsServer } from '../../../operator/xds/server.ts';
import type { Source } from '../../../operator/xds/source.ts';
import type { Nack } from '../../../operator/xds/subscription.ts';

/** A source whose traffic a test sets. */
export class SetTraffic implements Source {
  readonly #listeners = new Set<() => void>();
  #traffic: Traffic;
  #packed = new Map<string, Packed>();

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  set(traffic: Traffic): void {
    this.#traffic = traffic;
    this.#packed = new Map();
    for (const listener of this.#listeners) listener();
  }

  resources(type: ResourceType, zone: string): ReturnType<Source['resources']> {
    const packed = this.#packed.get(zone) ?? merged([packCommon(), pack(translate(this.#traffic, zone))]);
    this.#packed.set(zone, packed);
    return packed[type];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The name in the certificate of the operator. */
export const operatorName = 'kitchen-operator-hub.kitchen-system.svc';
/** The token that it takes for a hub's. */
export const TOKEN = 'of-a-hub';

/** A server of the operator, with all that it has been told. */
export interface Serving extends AsyncDisposable {
  readonly server: XdsServer;
  readonly source: SetTraffic;
  readonly refusals: Nack[];
  readonly streams: Set<string>;
  readonly reports: BackendReport[];
}

/** Serves the traffic to Envoys. */
export async function serve(
  traffic: Traffic,
  issued: Issued,
  { port = 0, ...options }: { readonly port?: number; readonly isElsewhere?: () => boolean } = {},
): Promise<Serving> {
  const source = new SetTraffic(traffic);
  const refusals: Nack[] = [];
  const streams = new Set<string>();
  const reports: BackendReport[] = [];
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
    onLoad: (_, __, told) => reports.push(...told),
    isElsewhere: options.isElsewhere ?? (() => false),
    // All hubs move at once.
    random: () => 0,
    onError: () => {},
  });
  return { server, source, refusals, streams, reports, [Symbol.asyncDispose]: () => server.close() };
}

/** A pod that answers like this. */
export async function pod(answer: RequestListener): Promise<{ readonly port: number } & AsyncDisposable> {
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

/** One station at this port of the hub, with these pods. */
export function grill(port: number, pods: readonly number[]): Traffic {
  const backend = 'default.pizzeria-grill.80';
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
