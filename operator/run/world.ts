import type { Clock } from '../engine/clock.ts';
import { messageOf } from '../kube/errors.ts';
import type { Client } from '../kube/client.ts';
import { runReflector } from '../kube/reflector.ts';
import type { LeavingSigns } from '../observe/nodes/leavingSigns.ts';
import type { LabelSelector } from '../observe/objects.ts';
import { makeStores } from '../observe/stores.ts';
import type { LearningStores, Stores, WritableStores } from '../observe/stores.ts';
import { watched, watchedLeases } from '../observe/watched.ts';
import type { Watched } from '../observe/watched.ts';
import { hubKindNames, usualKindNames } from '../observe/kinds.ts';
import { nobodySuspect, watchSuspects } from '../observe/suspects/watchSuspects.ts';
import type { SuspectWatch } from '../observe/suspects/watchSuspects.ts';
import type { Log } from '../report/log.ts';
import type { WatchState } from '../serve/readiness.ts';
import { aborted } from './lead.ts';
import { Shard } from './shard.ts';

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
  /** Whether the Kitchens of a namespace are looked after now; absent: those of all are. */
  readonly serves?: (namespace: string) => boolean;
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
  /** Only Kitchens in namespaces with matching labels are looked after; undefined: in all. */
  readonly namespaceSelector: LabelSelector | undefined;
  /** What hubs are served with; undefined: there are none. */
  readonly hub: object | undefined;
}

/**
 * Begins to list and watch everything that stations depend on: in one world for each namespace, or in one for all when
 * none is named. Nodes, their Leases and namespaces belong to the cluster. They are kept once, for all worlds, and the
 * first world waits for them.
 */
export function watchWorlds(namespaces: readonly string[], options: WorldOptions): readonly World[] {
  const { clock, log, suspectAfterMs, leavingSigns: signs, namespaceSelector: selector, hub } = options;
  const onError = (error: unknown): void => log.error(`taking in a watched change: ${messageOf(error)}`);
  const kinds = hub === undefined ? usualKindNames : [...usualKindNames, ...hubKindNames];
  const shard = selector && new Shard({ ...options, selector, kinds });
  const newStores = (): WritableStores => makeStores(clock, onError, { signs, gates: shard?.gates });
  const shared = newStores();
  const [first, ...others] = namespaces;
  const leases = suspectAfterMs === undefined ? [] : [watchedLeases(shared)];
  const declaredZones = (): number => mostZonesDeclared(worlds);
  const suspicion =
    suspectAfterMs === undefined
      ? nobodySuspect
      : watchSuspects({ ...options, suspectAfterMs, declaredZones, stores: shared, onError });
  suspicion.onFlip(() => log.info(`suspect nodes: ${[...suspicion.suspects.keys()].join(', ') || 'none'}`));
  const ofAll = { namespace: first, stores: shared, suspicion };
  const sources = [...watched(shared, first, kinds), ...leases];
  const worlds: readonly World[] = [
    shard === undefined ? watchWorld(sources, ofAll, options) : watchShard(sources, ofAll, { ...options, shard }),
    ...others.map((namespace) => {
      const stores = { ...newStores(), nodes: shared.nodes, namespaces: shared.namespaces };
      const isShared = ({ store }: Watched): boolean => store === shared.nodes || store === shared.namespaces;
      const own = watched(stores, namespace, kinds).filter((source) => !isShared(source));
      return watchWorld(own, { namespace, stores, suspicion }, options);
    }),
  ];
  return worlds;
}

function mostZonesDeclared(worlds: readonly World[]): number {
  let most = 0;
  for (const { stores } of worlds) {
    for (const { object } of stores.stations.list()) most = Math.max(most, object.spec.survive.zones);
  }
  return most;
}

/** One world of the namespaces that a shard serves. Which these are must be known before their objects are listed. */
function watchShard(
  sources: readonly Watched[],
  world: Pick<World, 'namespace' | 'suspicion'> & { readonly stores: WritableStores },
  { shard, ...options }: WorldOptions & { readonly shard: Shard },
): World {
  const known = Promise.withResolvers<void>();
  aborted(options.signal).then(known.resolve, known.reject);
  const { namespaces, nodes, leases } = world.stores;
  const startsAfter = ({ store }: Watched): Promise<void> | undefined =>
    store === namespaces || store === nodes || store === leases ? undefined : known.promise;
  const onListed = ({ store }: Watched): void => {
    if (store !== namespaces) return;
    shard.begin(world.stores);
    known.resolve();
  };
  const watching = watchWorld(sources, world, { ...options, startsAfter, onListed });
  return { ...watching, serves: (namespace) => shard.serves(namespace) };
}

interface SourceHooks {
  /** The source is listed once this resolves; undefined: at once. */
  readonly startsAfter?: (source: Watched) => Promise<void> | undefined;
  readonly onListed?: (source: Watched) => void;
}

function watchWorld(
  sources: readonly Watched[],
  { namespace, stores, suspicion }: Pick<World, 'namespace' | 'stores' | 'suspicion'>,
  { startsAfter, onListed, ...options }: WorldOptions & SourceHooks,
): World {
  const { clock, log } = options;
  const beganMs = clock.monotonicMs();
  const listed: Promise<void>[] = [];
  const ended = sources.map(async (source) => {
    const { of, selection, store } = source;
    const first = Promise.withResolvers<void>();
    listed.push(first.promise);
    const onError = (error: unknown, waitMs: number): void =>
      log.warn(`${messageOf(error)}; trying again in ${(waitMs / 1000).toFixed(1)} s`, { watch: of.resource.plural });
    const heard = (): void => {
      onListed?.(source);
      first.resolve();
    };
    await startsAfter?.(source);
    return runReflector({ ...options, of, selection, store, onListed: heard, onError });
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
