import { systemClock } from '../../../operator/engine/clock.ts';
import { loadConfig } from '../../../operator/kube/config.ts';
import { connect } from '../../../operator/kube/connect.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { runReflector } from '../../../operator/kube/reflector.ts';
import { pods } from '../../../operator/api/kubernetes/resource.ts';
import { Store } from '../../../operator/kube/store.ts';
import { isReady } from '../../cluster/nodes.ts';
import type { PodObject } from '../../cluster/nodes.ts';
import { stationOf } from './reaction.ts';

interface Seen {
  readonly name: string;
  readonly station: string;
  readonly node: string;
  readonly serves: boolean;
}

/** Which pods really run. A watch keeps it up to date, so it works with very many pods. */
export interface Census extends AsyncDisposable {
  /** Pods that serve by station, those on dead nodes left out. */
  running(dead: ReadonlySet<string>): ReadonlyMap<string, number>;
  /** One pod that serves of each station. */
  onePodEach(): ReadonlyMap<string, string>;
}

/** Begins to watch; resolves when everything was listed once. */
export async function takeCensus(kubeconfig: string): Promise<Census> {
  const client = connect({
    config: loadConfig({ kubeconfig, clock: systemClock }),
    clock: systemClock,
    userAgent: 'bench',
  });
  const store = new Store<Seen>({
    name: 'census',
    project: seen,
    clock: systemClock,
    onError: (error) => console.error(error),
  });
  const over = new AbortController();
  const listed = Promise.withResolvers<void>();
  const ended = runReflector({
    client,
    of: { resource: pods },
    store,
    signal: over.signal,
    clock: systemClock,
    random: Math.random,
    onListed: () => listed.resolve(),
    onError: () => undefined,
  });
  await listed.promise;
  return {
    running: (dead) => {
      const counts = new Map<string, number>();
      for (const { station, serves, node } of store.list())
        if (serves && !dead.has(node)) counts.set(station, (counts.get(station) ?? 0) + 1);
      return counts;
    },
    onePodEach: () => new Map(store.list().flatMap(({ station, serves, name }) => (serves ? [[station, name]] : []))),
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await ended;
      await client.close();
    },
  };
}

function seen(object: KubeObject): Seen {
  const pod = object as unknown as PodObject;
  const serves = isReady(pod) && pod.metadata.deletionTimestamp === undefined;
  return { name: pod.metadata.name, station: stationOf(pod.metadata.name), node: pod.spec.nodeName ?? '', serves };
}
