import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '@bufbuild/protobuf';
import { merged, pack, packCommon, translate } from '../../../../operator/envoy/translate.ts';
import type { JsonResources, Packed } from '../../../../operator/envoy/translate.ts';
import type { ByType, ResourceType } from '../../../../operator/envoy/types.ts';
import { boundOf } from '../../../../operator/traffic/bound.ts';
import type { Traffic } from '../../../../operator/traffic/form.ts';
import { steadyLoss } from '../../../../operator/hub/loss.ts';
import { issueFor } from '../../../../operator/xds/certificates.ts';
import { serveXds } from '../../../../operator/xds/server.ts';
import type { Source } from '../../../../operator/xds/source.ts';
import { freePort } from '../../../cluster/ports.ts';
import { startEnvoy } from '../../../envoy/start.ts';
import type { RunningEnvoy } from '../../../envoy/start.ts';
import type { Pod } from '../layout.ts';
import type { Way } from './way.ts';

const operator = 'hub.kitchen.dev';
const token = 'of-the-hub';
const backend = 'default.pizzeria-grill.80';

/** A way through an Envoy with the settings of a hub. */
export interface HubWay extends Way {
  /** Has new requests leave this zone, or none: undefined. Resolves when the Envoy has heard of it. */
  shift(left: string | undefined): Promise<void>;
}

/** An Envoy with the settings of a hub in this zone, served as the operator serves it. */
export async function throughHub(pods: readonly Pod[], zone: string, tryTimeoutMs?: number): Promise<HubWay> {
  await using left = new AsyncDisposableStack();
  const port = await freePort();
  const issued = await issueFor(operator, Date.now());
  let refusal: string | undefined;
  const resources = (away?: string): ByType<JsonResources> =>
    onLoopback(translate(trafficTo(pods, { port, tryTimeoutMs, left: away }), zone), port);
  const source = new Served(resources());
  const server = await serveXds({
    host: '127.0.0.1',
    port: 0,
    keys: issued,
    source,
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
    shift: async (away) => {
      source.set(resources(away));
      const wanted = new Set(pods.map((each) => each.zone).filter((each) => each !== away));
      while (!isSame(await zonesOf(envoy), wanted)) await pause(20);
    },
    check: () => {
      if (refusal !== undefined) throw new Error(refusal);
      if (envoy.ended) throw new Error(`Envoy ended: ${envoy.log()}`);
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

interface Asked {
  readonly port: number;
  readonly tryTimeoutMs?: number | undefined;
  /** The zone that requests leave; undefined: none. */
  readonly left?: string | undefined;
}

/** What the operator makes of a station whose pods are these, and which survives a zone of three. */
export function trafficTo(pods: readonly Pod[], { port, tryTimeoutMs, left }: Asked): Traffic {
  const tried = tryTimeoutMs === undefined ? {} : { tryTimeoutMs };
  const endpoints = pods.map((pod) => ({
    address: pod.address,
    port: pod.port,
    zone: pod.zone,
    state: pod.zone === left ? ('Shifted' as const) : ('Serving' as const),
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

/** What the Envoy gets. */
class Served implements Source {
  readonly #listeners = new Set<() => void>();
  #packed: Packed;

  constructor(resources: ByType<JsonResources>) {
    this.#packed = merged([packCommon(), pack(resources)]);
  }

  set(resources: ByType<JsonResources>): void {
    this.#packed = merged([packCommon(), pack(resources)]);
    for (const listener of this.#listeners) listener();
  }

  resources(type: ResourceType): ReturnType<Source['resources']> {
    return this.#packed[type];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Zones of the pods that the Envoy sends to. */
async function zonesOf({ adminUrl }: RunningEnvoy): Promise<ReadonlySet<string>> {
  const clusters = await (await fetch(`${adminUrl}/clusters`)).text();
  const own = clusters.split('\n').filter((line) => line.startsWith(`${backend}::`));
  return new Set(own.flatMap((line) => /::zone::(\S+)$/.exec(line)?.[1] ?? []));
}

function isSame(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size === others.size && some.isSubsetOf(others);
}
