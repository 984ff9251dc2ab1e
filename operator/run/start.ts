import { beginLifetime } from './lifetime.ts';
import type { Lifetime, OperatorOptions } from './lifetime.ts';
import { controllers } from './controllers.ts';
import { aborted, leadWhenElected } from './lead.ts';
import type { Term } from './lead.ts';
import { startHubServer } from './hubServer.ts';
import type { HubServer } from './hubServer.ts';
import { preflight, StartError } from './preflight.ts';
import { messageOf } from '../kube/errors.ts';
import { followLoad } from './scaling.ts';
import { healthApp } from '../serve/app.ts';
import { listen } from '../serve/listen.ts';
import type { Listening } from '../serve/listen.ts';
import { readinessFaults } from '../serve/readiness.ts';
import { serveTerm } from './term.ts';
import { watchWorlds } from './world.ts';
import type { World } from './world.ts';

export interface RunningOperator {
  /** `http://HOST:PORT` of probes and metrics; undefined when nothing is served. */
  readonly url: string | undefined;
  /** Resolves when everything was listed once. */
  readonly synced: Promise<void>;
  /** Whether this process leads, and so writes. */
  leads(): boolean;
  /** Resolves after `stop`; rejects when the operator cannot go on. */
  readonly ended: Promise<void>;
  /** Ends the running passes, releases the Lease and closes everything, within 5 s when the API server answers. */
  stop(): Promise<void>;
}

/** Starts the operator. Resolves when it serves HTTP and watches; rejects with a `StartError` that names the cure. */
export async function startOperator(options: OperatorOptions): Promise<RunningOperator> {
  const life = beginLifetime(options);
  try {
    await checkFirst(life);
    const { namespaces } = life.settings;
    life.log.info(`watching ${namespaces.length === 0 ? 'all namespaces' : namespaces.join(', ')}`);
    const worlds = watchWorlds(namespaces, { ...life, ...life.settings, signal: life.watching.signal });
    const hubs = watchHubs(life, worlds);
    const server = await serveHttp(life, [...worlds, ...(hubs === undefined ? [] : [hubs])]);
    return run(life, { worlds, hubs, server });
  } catch (error) {
    life.watching.abort();
    await life.client.close();
    throw error;
  }
}

async function checkFirst(life: Lifetime): Promise<void> {
  const { client, config, settings, log } = life;
  const version = await preflight({
    client,
    server: config.server,
    namespaces: settings.namespaces,
    leaseNamespace: settings.leaderElect ? leaseNamespace(life) : undefined,
    readsLeases: settings.suspectAfterMs !== undefined,
    hubNamespace: settings.hub === undefined ? undefined : leaseNamespace(life),
  });
  log.info(`connected to ${config.server}, Kubernetes ${version}`);
}

function leaseNamespace({ settings, config }: Lifetime): string {
  return settings.leaderElectionNamespace ?? config.namespace ?? 'default';
}

function watchHubs(life: Lifetime, [world]: readonly World[]): HubServer | undefined {
  const { hub } = life.settings;
  if (hub === undefined || world === undefined) return undefined;
  const { listen: address, ports: range, anyNode } = hub;
  return startHubServer(life, { listen: address, range, anyNode, namespace: leaseNamespace(life), world });
}

async function serveHttp(life: Lifetime, watching: readonly Pick<World, 'watches'>[]): Promise<Listening | undefined> {
  const { settings, metrics, log } = life;
  if (settings.listen === undefined) return undefined;
  const onError = (error: unknown): void => log.error(`serving: ${messageOf(error)}`);
  const app = healthApp({
    faults: () => readinessFaults(watching.flatMap((each) => each.watches())),
    metrics: () => metrics.read(),
    onError,
  });
  const server = await listen(settings.listen, app, onError).catch((error: unknown) => {
    throw new StartError(messageOf(error), { cause: error });
  });
  log.info(`serving http://${server.address}/livez, /readyz and /metrics`);
  return server;
}

interface Running {
  readonly worlds: readonly World[];
  readonly hubs: HubServer | undefined;
  readonly server: Listening | undefined;
}

function run(life: Lifetime, running: Running): RunningOperator {
  const { worlds, server } = running;
  const { stopping, log } = life;
  let leads = false;
  const synced = whenSynced(life, worlds);
  const work = Promise.race([synced, aborted(stopping.signal)]).then(() =>
    stopping.signal.aborted ? undefined : lead(life, running, (isLeading) => (leads = isLeading)),
  );
  const ended = endAfter(work, () => close(life, running));
  return {
    url: server && `http://${server.address}`,
    synced,
    leads: () => leads,
    ended,
    stop: () => {
      if (!stopping.signal.aborted) log.info('stopping: waiting for the running passes to end');
      stopping.abort();
      return ended;
    },
  };
}

async function endAfter(work: Promise<void>, end: () => Promise<void>): Promise<void> {
  try {
    await work;
  } finally {
    await end();
  }
}

async function whenSynced({ clock, log }: Lifetime, worlds: readonly World[]): Promise<void> {
  const beganMs = clock.monotonicMs();
  await Promise.all(worlds.map((world) => world.synced));
  const kitchens = worlds.reduce((sum, { stores }) => sum + stores.kitchens.size, 0);
  const stations = worlds.reduce((sum, { stores }) => sum + stores.stations.size, 0);
  const tookMs = Math.round(clock.monotonicMs() - beganMs);
  log.info(
    `synced in ${tookMs} ms: kitchens ${kitchens}, stations ${stations}, nodes ${worlds[0]?.stores.nodes.size ?? 0}`,
  );
}

async function lead(life: Lifetime, { worlds, hubs }: Running, onLeading: (isLeading: boolean) => void): Promise<void> {
  const { settings, stopping } = life;
  const { workers, forgetZoneAfterMs, leavingSigns } = settings;
  const serve = async (term: Term): Promise<void> => {
    const terms = worlds.flatMap((world) => {
      const { sight: scaling, ended } = followLoad(life, { world, hubs: hubs?.load }, term);
      const sights = { hubs: hubs?.sight, scaling };
      const served = { ...life, ...term, ...sights, world, controllers, workers, forgetZoneAfterMs, leavingSigns };
      return [serveTerm(served), ended];
    });
    await Promise.all([...terms, hubs?.serveTerm(term)]);
  };
  if (settings.leaderElect) {
    const lease = { namespace: leaseNamespace(life), name: settings.leaderElectionName };
    const onCandidacy = (isElsewhere: () => boolean): void => hubs?.onCandidacy(isElsewhere);
    return leadWhenElected({ ...life, ...lease, stopping: stopping.signal, serve, onLeading, onCandidacy });
  }
  onLeading(true);
  return serve({ signal: stopping.signal, lost: new AbortController().signal, mayWrite: () => true });
}

async function close(life: Lifetime, { worlds, hubs, server }: Running): Promise<void> {
  life.stopping.abort();
  await life.events.close(500);
  life.watching.abort();
  const [fault] = await Promise.all([hubs?.ended, ...worlds.map((world) => world.ended), server?.close()]);
  await life.client.close();
  life.log.info('stopped');
  if (fault !== undefined) throw new StartError(`serving hubs: ${messageOf(fault)}`, { cause: fault });
}
