import { aKey } from '../../builders/aKey.ts';
import { systemClock } from '../../../operator/engine/clock.ts';
import type { Client } from '../../../operator/kube/client.ts';
import { endpointSlices } from '../../../operator/api/kubernetes/resource.ts';
import { runReflector } from '../../../operator/kube/reflector.ts';
import { Store } from '../../../operator/kube/store.ts';
import { stationKeys } from '../../../operator/observe/indexes.ts';
import { projectSlice } from '../../../operator/observe/projectSlice.ts';
import { namespace } from './stage.ts';

/** What traffic of one station's Service goes through from some moment on. */
export interface Reached extends Disposable {
  /** Fewest pods that EndpointSlices listed as ready, with a port, at any moment. */
  least(): number;
  now(): number;
}

/** Begins to follow the EndpointSlices of `<kitchen>-<station>`; resolves when they were listed once. */
export async function watchReached(client: Client, station: string): Promise<Reached> {
  const ended = new AbortController();
  const onError = (error: unknown): void => console.error(error);
  const store = new Store({ name: 'slices', project: projectSlice, clock: systemClock, onError });
  const listed = Promise.withResolvers<void>();
  void runReflector({
    client,
    of: { resource: endpointSlices, namespace },
    store,
    clock: systemClock,
    random: Math.random,
    signal: ended.signal,
    onListed: () => listed.resolve(),
    onError: () => undefined,
  });
  await listed.promise;
  const now = (): number => {
    const own = store.list().filter((slice) => stationKeys(slice).includes(aKey(`${namespace}/${station}`)));
    return new Set(own.flatMap(({ ports, readyPods }) => (ports.length === 0 ? [] : readyPods))).size;
  };
  let least = now();
  store.onChange(() => {
    least = Math.min(least, now());
  });
  return { now, least: () => least, [Symbol.dispose]: () => ended.abort() };
}
