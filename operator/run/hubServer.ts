import { areBypassed, makeOwnStores, ownSources } from '../hub/ownStores.ts';
import type { OwnStores } from '../hub/ownStores.ts';
import type { LeaderWork } from '../hub/leaderWork.ts';
import type { PortRange } from '../hub/ports.ts';
import { zonesToLeave } from '../hub/shiftExcess.ts';
import { messageOf } from '../kube/errors.ts';
import { runReflector } from '../kube/reflector.ts';
import type { HubLoadSight } from '../observe/hubLoad.ts';
import type { HubSight } from '../observe/hubSight.ts';
import type { Address } from '../serve/address.ts';
import type { WatchState } from '../serve/readiness.ts';
import { leadHubs } from './hubLeading.ts';
import { makeHubParts, serveHubs } from './hubServing.ts';
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
  /** What hubs count, while this process leads. */
  readonly load: HubLoadSight;
  /** From now on it is known whether another replica leads. Hubs are sent to that one. */
  onCandidacy(isElsewhere: () => boolean): void;
  /** The leader's part: slices, keys, ports, and where hubs send. Resolves when the term is over. */
  serveTerm(term: Term): Promise<void>;
  /** Resolves when all has ended, after the lifetime's signal to stop watching; with what went wrong, if it did. */
  readonly ended: Promise<unknown>;
}

/** Begins to watch what hubs need, and serves them once everything was listed and there are keys. */
export function startHubServer(life: Lifetime, options: HubServerOptions): HubServer {
  const { clock, log } = life;
  const own = makeOwnStores({ clock, onError: (error) => log.error(`hubs: ${messageOf(error)}`) });
  const watching = watchOwn(life, own, options.namespace);
  const remembered: LeaderWork['remembered'] = {};
  let isMissed = (): boolean => false;
  const onLocality = (find: typeof isMissed): void => void (isMissed = find);
  let isElsewhere = (): boolean => false;
  const parts = makeHubParts(life, own, options);
  const { refused, teller } = parts;
  const over = aborted(life.watching.signal);
  const ready = Promise.race([Promise.all([options.world.synced, watching.synced]), over]);
  const serving = ready.then(() =>
    life.watching.signal.aborted
      ? undefined
      : serveHubs(life, own, { ...options, ...parts, isElsewhere: () => isElsewhere() }),
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
      sending: (station) => teller.sending(station),
      onNews: (tell) => {
        const stops = [refused.onRefusal(tell), teller.onNews(tell)];
        return () => {
          for (const stop of stops) stop();
        };
      },
    },
    load: (key) => {
      const station = options.world.stores.stations.get(key);
      const toLeave = station === undefined ? new Set<string>() : zonesToLeave(station, clock.now().getTime());
      return parts.balancer.loadOf(parts.traffic.backendsOf(key), toLeave, clock.monotonicMs());
    },
    onCandidacy: (find) => void (isElsewhere = find),
    serveTerm: (term) =>
      leadHubs(life, own, { ...options, ...parts, term, remembered, onLocality, synced: watching.synced }),
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
