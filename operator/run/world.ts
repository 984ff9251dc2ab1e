import type { Clock } from '../engine/clock.ts';
import { messageOf } from '../kube/errors.ts';
import type { Client } from '../kube/client.ts';
import { runReflector } from '../kube/reflector.ts';
import type { LeavingSigns } from '../observe/nodes/leavingSigns.ts';
import { makeStores } from '../observe/stores.ts';
import type { LearningStores, Stores, WritableStores } from '../observe/stores.ts';
import { watched, watchedLeases } from '../observe/watched.ts';
import type { Watched } from '../observe/watched.ts';
import { nobodySuspect, watchSuspects } from '../observe/suspects/watchSuspects.ts';
import type { SuspectWatch } from '../observe/suspects/watchSuspects.ts';
import type { Log } from '../report/log.ts';
import type { WatchState } from '../serve/readiness.ts';

/** What the operator sees of the cluster, or of one of its namespaces, kept up to date by watches. */
export interface World {
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly stores: Stores & LearningStores;
  /** Which nodes are suspect; none when Leases are not watched. */
  readonly suspicion: SuspectWatch;
  /** Resolves when everything was listed once. If the world is stopped before that, it never resolves. */
  readonly synced: Promise<void>;
  /** Resolves when every watch has ended, after the signal was aborted. */
  readonly ended: Promise<void>;
  watches(): readonly WatchState[];
}

export interface WorldOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** A node is suspect after this long without a renewal; undefined: Leases are not watched. */
  readonly suspectAfterMs: number | undefined;
  /** The taints and conditions that announce a node's end. */
  readonly leavingSigns: LeavingSigns;
}

/**
 * Begins to list and watch everything that stations depend on: in one world for each namespace, or in one for all when
 * none is named. Nodes, their Leases and namespaces belong to the cluster. They are kept once, for all worlds, and the
 * first world waits for them.
 */
export function watchWorlds(namespaces: readonly string[], options: WorldOptions): readonly World[] {
  const { clock, log, suspectAfterMs } = options;
  const onError = (error: unknown): void => log.error(`taking in a watched change: ${messageOf(error)}`);
  const newStores = (): WritableStores => makeStores(clock, onError, options.leavingSigns);
  const shared = newStores();
  const [first, ...others] = namespaces;
  const leases = suspectAfterMs === undefined ? [] : [watchedLeases(shared)];
  const declaredZones = (): number =>
    Math.max(
      0,
      ...worlds.flatMap(({ stores }) => stores.stations.list().map(({ object }) => object.spec.survive.zones)),
    );
  const suspicion =
    suspectAfterMs === undefined
      ? nobodySuspect
      : watchSuspects({ ...options, suspectAfterMs, declaredZones, stores: shared, onError });
  suspicion.onFlip(() => log.info(`suspect nodes: ${[...suspicion.suspects.keys()].join(', ') || 'none'}`));
  const worlds: readonly World[] = [
    watchWorld([...watched(shared, first), ...leases], { namespace: first, stores: shared, suspicion }, options),
    ...others.map((namespace) => {
      const stores = { ...newStores(), nodes: shared.nodes, namespaces: shared.namespaces };
      const isShared = ({ store }: Watched): boolean => store === shared.nodes || store === shared.namespaces;
      const sources = watched(stores, namespace).filter((source) => !isShared(source));
      return watchWorld(sources, { namespace, stores, suspicion }, options);
    }),
  ];
  return worlds;
}

function watchWorld(
  sources: readonly Watched[],
  { namespace, stores, suspicion }: Pick<World, 'namespace' | 'stores' | 'suspicion'>,
  options: WorldOptions,
): World {
  const { clock, log } = options;
  const beganMs = clock.monotonicMs();
  const listed: Promise<void>[] = [];
  const ended = sources.map(({ of, selection, store }) => {
    const first = Promise.withResolvers<void>();
    listed.push(first.promise);
    const onError = (error: unknown, waitMs: number): void =>
      log.warn(`${messageOf(error)}; trying again in ${(waitMs / 1000).toFixed(1)} s`, { watch: of.resource.plural });
    return runReflector({ ...options, of, selection, store, onListed: () => first.resolve(), onError });
  });
  return {
    namespace,
    stores,
    suspicion,
    synced: Promise.all(listed).then(() => undefined),
    ended: Promise.all(ended).then(() => undefined),
    watches: () =>
      sources.map(({ of, store }) => ({
        resource: of.namespace === undefined ? of.resource.plural : `${of.resource.plural} in ${of.namespace}`,
        synced: store.synced,
        silentMs: clock.monotonicMs() - (store.lastHeardMs ?? beganMs),
      })),
  };
}
