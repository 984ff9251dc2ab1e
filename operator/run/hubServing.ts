import { keyOf } from '../api/kubernetes/key.ts';
import { ZONE_LABEL } from '../api/zone.ts';
import { Bell } from '../engine/bell.ts';
import { Balancer } from '../hub/balancer.ts';
import type { StationBackend } from '../hub/balancer.ts';
import { ChoiceTeller } from '../hub/choiceTeller.ts';
import { Doorkeeper } from '../hub/doorkeeper.ts';
import { HubTraffic } from '../hub/hubTraffic.ts';
import { KEYS_OBJECT } from '../hub/keysObject.ts';
import type { HubKeys } from '../hub/keys.ts';
import { givenPorts } from '../hub/ownStores.ts';
import type { OwnStores } from '../hub/ownStores.ts';
import { zonePriceOf } from '../hub/prices.ts';
import { RefusedForms } from '../hub/refusedForms.ts';
import { messageOf } from '../kube/errors.ts';
import { printAddress } from '../serve/address.ts';
import { resourceTypes, serveXds } from '../xds/server.ts';
import type { Hub, XdsServer } from '../xds/server.ts';
import type { HubServerOptions } from './hubServer.ts';
import type { Lifetime } from './lifetime.ts';

const FORGET_EVERY_MS = 5_000;

/** What serves hubs, and what it keeps. */
export interface HubParts {
  readonly traffic: HubTraffic;
  readonly balancer: Balancer;
  readonly refused: RefusedForms;
  /** What is told of where they send. */
  readonly teller: ChoiceTeller;
}

/** The parts that serve hubs: what they get, and where they send. */
export function makeHubParts(life: Lifetime, own: OwnStores, { namespace, world }: HubServerOptions): HubParts {
  const { clock, log, metrics, watching } = life;
  const { stations } = world.stores;
  const traffic: HubTraffic = new HubTraffic({
    stores: world.stores,
    clock,
    signal: watching.signal,
    ports: () => givenPorts(own.ports, namespace),
    sharesOf: (backend) => balancer.sharesOf(backend),
    onError: (error, station) => log.error(`hubs keep the form of before: ${messageOf(error)}`, { station }),
  });
  const backend = (name: string): StationBackend | undefined => traffic.backend(name);
  const teller = new ChoiceTeller({ backend, clock, log, metrics });
  const balancer = new Balancer({
    backend,
    zonePriceOf: (station) => zonePriceOf(stations.get(station)?.object.spec),
    isThere: (pod) => own.hubs.get(keyOf({ namespace, name: pod })) !== undefined,
    hubs: () => hubsThere(own, namespace),
    onShares: (changed) => traffic.rebalanced(changed),
    onChoice: (name, choice) => teller.tell(name, choice),
  });
  return { traffic, balancer, teller, refused: new RefusedForms() };
}

/** Pods of hubs that do not end, and whether each is Ready. */
function hubsThere({ hubs }: OwnStores, namespace: string): ReadonlyMap<string, boolean> {
  const prefix = `${namespace}/`;
  const there = [...hubs.keys()].flatMap((key) => {
    const pod = hubs.get(key);
    return pod === undefined || pod.deleting ? [] : [[key.slice(prefix.length), pod.ready] as const];
  });
  return new Map(there);
}

interface ServingHubs extends HubServerOptions, HubParts {
  /** Whether another replica leads. */
  readonly isElsewhere: () => boolean;
}

/** Serves hubs until watching ends. The server waits for the keys, which the leader makes. */
export async function serveHubs(life: Lifetime, own: OwnStores, options: ServingHubs): Promise<void> {
  const { watching } = life;
  const { namespace, traffic } = options;
  const stops = [traffic.follow(), own.ports.onChange(() => traffic.changed())];
  const forgetting = forgetWhenElsewhere(life, options);
  const news = new Bell();
  const ring = (): void => news.ring();
  stops.push(own.keys.onChange(ring));
  watching.signal.addEventListener('abort', ring, { once: true });
  let server: XdsServer | undefined;
  let used: string | undefined;
  while (!watching.signal.aborted) {
    const keys = keysNow(own, namespace)?.current;
    if (keys !== undefined && keys.cert !== used) {
      used = keys.cert;
      if (server === undefined) server = await openServer(life, { ...options, keys });
      else server.rekey(keys);
    }
    await news.heard();
  }
  for (const stop of stops) stop();
  await server?.close();
  await forgetting;
}

/**
 * What was decided holds after the term in which it was: while nobody leads, as when the API server is away, hubs are to go on
 * as they are.
 */
async function forgetWhenElsewhere(
  { clock, watching }: Lifetime,
  { balancer, isElsewhere }: Pick<ServingHubs, 'balancer' | 'isElsewhere'>,
): Promise<void> {
  while (!watching.signal.aborted) {
    if (isElsewhere()) balancer.clear();
    await clock.sleep(FORGET_EVERY_MS, watching.signal);
  }
}

function keysNow(own: OwnStores, namespace: string): HubKeys | undefined {
  return own.keys.get(keyOf({ namespace, name: KEYS_OBJECT }))?.value;
}

async function openServer(
  { client, clock, log, metrics, random }: Lifetime,
  options: ServingHubs & { readonly keys: HubKeys['current'] },
): Promise<XdsServer> {
  const { namespace, world, keys, traffic, balancer, refused, isElsewhere } = options;
  const { host, port } = options.listen;
  const aboutHub = ({ pod, node }: Hub): Readonly<Record<string, string>> => ({ hub: pod, node });
  const serviceAccount = { namespace, name: 'kitchen-hub' };
  const zoneOf = (node: string): string => world.stores.nodes.get(keyOf({ name: node }))?.labels[ZONE_LABEL] ?? '';
  const doorkeeper = new Doorkeeper({ client, clock, serviceAccount });
  metrics.hubsServed(resourceTypes);
  const server = await serveXds({
    host: host ?? '',
    port,
    keys,
    source: traffic,
    zoneOf,
    authenticate: (token, signal) => doorkeeper.hubOf(token, signal),
    onStream: (hub, isOpen) => {
      metrics.hubAsks(isOpen);
      log.info(isOpen ? 'a hub asks for what to serve' : 'a hub has gone', aboutHub(hub));
    },
    onNack: (hub, type, { name, message, version }) => {
      const isCurrent = (): boolean => traffic.resources(type, zoneOf(hub.node)).get(name)?.version === version;
      refused.add({ type, name, message, isCurrent });
      metrics.hubRefused(type);
      log.error(`refused ${type} ${name}: ${message}`, aboutHub(hub));
    },
    onLoad: ({ pod, node }, id, reports) => {
      // A hub that cannot reach the leader tells a part of nothing.
      if (!isElsewhere()) balancer.hear({ pod, id, hubZone: zoneOf(node) }, reports, clock.monotonicMs());
    },
    isElsewhere,
    random,
    onError: (error) => log.debug(`hubs: ${messageOf(error)}`),
  });
  log.info(`serving hubs at ${printAddress({ host, port: server.address.port })}`);
  return server;
}
