import { keyOf } from '../api/kubernetes/key.ts';
import { ZONE_LABEL } from '../api/zone.ts';
import { Bell } from '../engine/bell.ts';
import { fenced } from '../apply/fence.ts';
import { Doorkeeper } from '../hub/doorkeeper.ts';
import { HubTraffic } from '../hub/hubTraffic.ts';
import { KEYS_OBJECT } from '../hub/keysObject.ts';
import { doLeaderWork } from '../hub/leaderWork.ts';
import type { LeaderWork } from '../hub/leaderWork.ts';
import type { KeepSlicesOptions } from '../hub/slices/keepSlices.ts';
import { keepSlices } from '../hub/slices/keepSlices.ts';
import type { HubKeys } from '../hub/keys.ts';
import { areBypassed, makeOwnStores, ownSources, givenPorts } from '../hub/ownStores.ts';
import type { OwnStores } from '../hub/ownStores.ts';
import type { PortRange } from '../hub/ports.ts';
import { writeWithinMs } from '../kube/lease.ts';
import { messageOf } from '../kube/errors.ts';
import { RefusedForms } from '../hub/refusedForms.ts';
import type { HubSight } from '../observe/hubSight.ts';
import { runReflector } from '../kube/reflector.ts';
import type { Address } from '../serve/address.ts';
import { printAddress } from '../serve/address.ts';
import type { WatchState } from '../serve/readiness.ts';
import { resourceTypes, serveXds } from '../xds/server.ts';
import type { Hub, XdsServer } from '../xds/server.ts';
import { aborted } from './lead.ts';
import type { Term } from './lead.ts';
import type { Lifetime } from './lifetime.ts';
import type { World } from './world.ts';

export interface HubServerOptions {
  readonly listen: Address;
  readonly range: PortRange;
  /** Services may lead to the hubs of other nodes. */
  readonly anyNode: boolean;
  /** The operator's own namespace, where the hubs run too. */
  readonly namespace: string;
  readonly world: World;
}

/** What serves the hubs, in every replica. */
export interface HubServer {
  watches(): readonly WatchState[];
  /** What is known of hubs while this process leads. */
  readonly sight: HubSight;
  /** The leader's part: keys and ports. Resolves when the term is over. */
  serveTerm(term: Term): Promise<void>;
  /** Resolves when all has ended, after the lifetime's signal to stop watching; with what went wrong, if it did. */
  readonly ended: Promise<unknown>;
}

/** Keys have to be looked at from time to time, even if nothing changes. */
const LOOK_EVERY_MS = 60_000;
const RETRY_MS = 1_000;

/** Begins to watch what hubs need, and serves them once everything was listed and there are keys. */
export function startHubServer(life: Lifetime, options: HubServerOptions): HubServer {
  const { clock, log } = life;
  const own = makeOwnStores({ clock, onError: (error) => log.error(`hubs: ${messageOf(error)}`) });
  const watching = watchOwn(life, own, options.namespace);
  const remembered: LeaderWork['remembered'] = {};
  let isMissed = (): boolean => false;
  const onLocality = (find: typeof isMissed): void => void (isMissed = find);
  const refused = new RefusedForms();
  const over = aborted(life.watching.signal);
  const ready = Promise.race([Promise.all([options.world.synced, watching.synced]), over]);
  const serving = ready.then(() =>
    life.watching.signal.aborted ? undefined : serve(life, own, { ...options, refused }),
  );
  serving.catch((error: unknown) => {
    log.error(`serving hubs: ${messageOf(error)}`);
    life.stopping.abort();
  });
  return {
    watches: watching.watches,
    sight: {
      away: () => {
        if (areBypassed(own, options.namespace)) return 'Bypassed';
        return isMissed() ? 'NotLocal' : undefined;
      },
      refused: (station) => refused.of(station),
      onRefusal: (tell) => refused.onRefusal(tell),
    },
    serveTerm: (term) => leadHubs(life, own, { ...options, term, remembered, onLocality, synced: watching.synced }),
    ended: serving.then(
      () => watching.ended.then(() => undefined),
      (error: unknown) => watching.ended.then(() => error),
    ),
  };
}

function watchOwn(
  life: Lifetime,
  own: OwnStores,
  namespace: string,
): Pick<HubServer, 'watches'> & { readonly synced: Promise<void>; readonly ended: Promise<void> } {
  const { client, clock, random, log, watching } = life;
  const beganMs = clock.monotonicMs();
  const sources = ownSources(own, namespace);
  const listed: Promise<void>[] = [];
  const ended = sources.map(({ store, of, selection }) => {
    const first = Promise.withResolvers<void>();
    listed.push(first.promise);
    const onError = (error: unknown, waitMs: number): void =>
      log.warn(`${messageOf(error)}; trying again in ${(waitMs / 1000).toFixed(1)} s`, { watch: store.name });
    return runReflector<object>({
      client,
      clock,
      random,
      signal: watching.signal,
      of,
      selection,
      store,
      onListed: first.resolve,
      onError,
    });
  });
  return {
    synced: Promise.all(listed).then(() => undefined),
    ended: Promise.all(ended).then(() => undefined),
    watches: () =>
      sources.map(({ store }) => ({
        resource: store.name,
        synced: store.synced,
        silentMs: clock.monotonicMs() - (store.lastHeardMs ?? beganMs),
      })),
  };
}

interface ServingHubs extends HubServerOptions {
  readonly refused: RefusedForms;
}

/** Serves hubs until watching ends. The server waits for the keys, which the leader makes. */
async function serve(life: Lifetime, own: OwnStores, options: ServingHubs): Promise<void> {
  const { clock, log, watching } = life;
  const { namespace, world } = options;
  const traffic = new HubTraffic({
    stores: world.stores,
    clock,
    signal: watching.signal,
    ports: () => givenPorts(own.ports, namespace),
    onError: (error, station) => log.error(`hubs keep the form of before: ${messageOf(error)}`, { station }),
  });
  const stops = [traffic.follow(), own.ports.onChange(() => traffic.changed())];
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
      if (server === undefined) server = await openServer(life, { ...options, keys, traffic });
      else server.rekey(keys);
    }
    await news.heard();
  }
  for (const stop of stops) stop();
  await server?.close();
}

function keysNow(own: OwnStores, namespace: string): HubKeys | undefined {
  return own.keys.get(keyOf({ namespace, name: KEYS_OBJECT }))?.value;
}

async function openServer(
  { client, clock, log, metrics }: Lifetime,
  {
    listen: { host, port },
    namespace,
    world,
    keys,
    traffic,
    refused,
  }: ServingHubs & {
    readonly keys: HubKeys['current'];
    readonly traffic: HubTraffic;
  },
): Promise<XdsServer> {
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
    onError: (error) => log.debug(`hubs: ${messageOf(error)}`),
  });
  log.info(`serving hubs at ${printAddress({ host, port: server.address.port })}`);
  return server;
}

interface Leading extends HubServerOptions, Pick<KeepSlicesOptions, 'onLocality'> {
  readonly remembered: LeaderWork['remembered'];
  readonly term: Term;
  readonly synced: Promise<void>;
}

async function leadHubs(life: Lifetime, own: OwnStores, leading: Leading): Promise<void> {
  const { client, clock, random, knock, log } = life;
  const { namespace, world, term, synced, remembered, onLocality } = leading;
  const askLocal = leading.anyNode ? undefined : life.askLocal;
  await Promise.race([synced, aborted(term.signal)]);
  const fence = { mayWrite: term.mayWrite, serves: world.serves, writeWithinMs, over: term.lost };
  const parts = { client: fenced(client, fence), clock, namespace, own, stores: world.stores, log };
  await Promise.all([
    keepSlices({ ...parts, random, signal: term.signal, knock, askLocal, onLocality }),
    keepOwn({ ...parts, random, remembered, client: fenced(client, { ...fence, serves: undefined }) }, leading),
  ]);
}

/** Keeps keys and ports, until the term is over. */
async function keepOwn(
  parts: Omit<LeaderWork, 'range' | 'onWithout'> & { readonly log: Lifetime['log'] },
  { world, range, term }: Leading,
): Promise<void> {
  const { clock, own, log } = parts;
  const news = new Bell();
  const ring = (): void => news.ring();
  const { stations, slices } = world.stores;
  const stops = [stations, own.ports, own.keys, own.authority].map((store) => store.onChange(ring));
  stops.push(
    slices.onChange(({ before, after }) => {
      // A station that leaves the hubs needs its ports until the last slice is gone.
      if (before?.hubs !== undefined && after === undefined) ring();
    }),
  );
  term.signal.addEventListener('abort', ring, { once: true });
  let told = '';
  const onWithout = (names: readonly string[]): void => {
    const text = names.join(', ');
    if (text !== told && text !== '')
      log.error(`no port is left on the hubs for ${text}: widen the range (--hub-ports)`);
    told = text;
  };
  while (!term.signal.aborted) {
    let waitMs = LOOK_EVERY_MS;
    try {
      await doLeaderWork({ ...parts, range, onWithout });
    } catch (error) {
      waitMs = RETRY_MS;
      if (!term.signal.aborted) log.warn(`${messageOf(error)}; trying again in ${RETRY_MS / 1000} s`);
    }
    const timer = clock.setTimer(waitMs, ring);
    await news.heard();
    timer.cancel();
  }
  for (const stop of stops) stop();
}
