import type { JsonObject } from '@bufbuild/protobuf';
import { merged, pack, packCommon, translate } from '../../../../operator/envoy/translate.ts';
import type { JsonResources } from '../../../../operator/envoy/translate.ts';
import type { ByType } from '../../../../operator/envoy/types.ts';
import { boundOf } from '../../../../operator/traffic/bound.ts';
import type { Traffic } from '../../../../operator/traffic/form.ts';
import { steadyLoss } from '../../../../operator/hub/loss.ts';
import { issueFor } from '../../../../operator/xds/certificates.ts';
import { serveXds } from '../../../../operator/xds/server.ts';
import type { Source } from '../../../../operator/xds/source.ts';
import { freePort } from '../../../cluster/ports.ts';
import { startEnvoy } from '../../../envoy/start.ts';
import type { Pod } from '../layout.ts';
import type { Way } from './way.ts';

const operator = 'hub.kitchen.dev';
const token = 'of-the-hub';
const backend = 'default.pizzeria-grill.80';

/** An Envoy with the settings of a hub in this zone, served as the operator serves it. */
export async function throughHub(pods: readonly Pod[], zone: string, tryTimeoutMs?: number): Promise<Way> {
  await using left = new AsyncDisposableStack();
  const port = await freePort();
  const issued = await issueFor(operator, Date.now());
  let refusal: string | undefined;
  const server = await serveXds({
    host: '127.0.0.1',
    port: 0,
    keys: issued,
    source: sourceOf(onLoopback(translate(trafficTo(pods, { port, tryTimeoutMs }), zone), port)),
    zoneOf: () => zone,
    authenticate: async (shown) => (shown === token ? { pod: 'hub', node: 'of-the-hub' } : undefined),
    onNack: (_, type, { name, message }) => (refusal = `Envoy refuses ${type} ${name}: ${message}`),
    onStream: () => {},
    onLoad: () => {},
    isElsewhere: () => false,
    random: Math.random,
    onError: (error) => (refusal = String(error)),
  });
  left.defer(() => server.close());
  const { authority } = issued;
  const envoy = left.use(
    await startEnvoy({ operator: { port: server.address.port, name: operator }, token, authority }),
  );
  const moved = left.move();
  return {
    doors: 1,
    next: () => ({ address: '127.0.0.1', port }),
    check: () => {
      if (refusal !== undefined) throw new Error(refusal);
      if (envoy.ended) throw new Error(`Envoy ended: ${envoy.log()}`);
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** What the operator makes of a station whose pods are these, and which survives a zone of three. */
export function trafficTo(
  pods: readonly Pod[],
  { port, tryTimeoutMs }: { readonly port: number; readonly tryTimeoutMs: number | undefined },
): Traffic {
  const tried = tryTimeoutMs === undefined ? {} : { tryTimeoutMs };
  const endpoints = pods.map((pod) => ({
    address: pod.address,
    port: pod.port,
    zone: pod.zone,
    state: 'Serving' as const,
  }));
  return {
    listeners: [
      {
        name: backend,
        port,
        protocol: 'HTTP',
        routes: [{ pathPrefix: '/', backend, retries: 'Full', ...tried }],
      },
    ],
    backends: [
      {
        name: backend,
        protocol: 'HTTP',
        endpoints,
        declaredLoss: steadyLoss(undefined, 1 / 3),
        bound: boundOf(pods.length),
      },
    ],
  };
}

/** Hubs listen on all addresses of their pod; here others share them. */
export function onLoopback(resources: ByType<JsonResources>, port: number): ByType<JsonResources> {
  const address = { socketAddress: { address: '127.0.0.1', portValue: port } };
  const moved = [...resources.Listener].map(([name, listener]): [string, JsonObject] => [
    name,
    { ...listener, address },
  ]);
  return { ...resources, Listener: new Map(moved) };
}

function sourceOf(resources: ByType<JsonResources>): Source {
  const packed = merged([packCommon(), pack(resources)]);
  return { resources: (type) => packed[type], onChange: () => () => {} };
}
