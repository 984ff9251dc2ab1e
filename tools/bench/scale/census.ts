import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { nodes, pods } from '../../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import { systemClock } from '../../../operator/engine/clock.ts';
import type { Client } from '../../../operator/kube/client.ts';
import { loadConfig } from '../../../operator/kube/config.ts';
import { connect } from '../../../operator/kube/connect.ts';
import { runReflector } from '../../../operator/kube/reflector.ts';
import { Store } from '../../../operator/kube/store.ts';
import { isReady } from '../../cluster/nodes.ts';
import type { NodeObject, PodObject } from '../../cluster/nodes.ts';
import type { MadePod } from './made.ts';
import { stationOf } from './reaction.ts';

interface SeenPod extends MadePod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly serves: boolean;
}

interface SeenNode {
  readonly name: string;
  readonly ready: boolean;
}

/** A pod that serves. */
export interface ServingPod {
  readonly name: string;
  readonly namespace: string;
}

/** Which pods really run, and which nodes are lost. A watch keeps it up to date, so it works with very many pods. */
export interface Census extends AsyncDisposable {
  /** Pods that serve by station, those on dead nodes left out. */
  running(dead: ReadonlySet<string>): ReadonlyMap<string, number>;
  /** One pod that serves of each station. */
  onePodEach(): ReadonlyMap<string, ServingPod>;
  /** Calls back for each of these nodes, once, as soon as Kubernetes calls it lost. */
  onLost(among: ReadonlySet<string>, callback: () => void): void;
  /** Notes each pod that is made from now on, and the node that it is bound to. Returns how to read them. */
  followMade(): () => readonly MadePod[];
}

/** Begins to watch; resolves when everything was listed once. */
export async function takeCensus(kubeconfig: string): Promise<Census> {
  const config = loadConfig({ kubeconfig, clock: systemClock });
  const client = connect({ config, clock: systemClock, userAgent: 'bench' });
  const over = new AbortController();
  const stores = { pods: storeOf(podOf), nodes: storeOf(nodeOf) };
  const watches = [
    watch(client, { resource: pods, store: stores.pods, signal: over.signal }),
    watch(client, { resource: nodes, store: stores.nodes, signal: over.signal }),
  ];
  await Promise.all(watches.map(({ listed }) => listed));
  return {
    running: (dead) => {
      const counts = new Map<string, number>();
      for (const { station, serves, node } of stores.pods.list())
        if (serves && !dead.has(node)) counts.set(station, (counts.get(station) ?? 0) + 1);
      return counts;
    },
    onePodEach: () => new Map(stores.pods.list().flatMap((pod) => (pod.serves ? [[pod.station, pod]] : []))),
    onLost: (among, callback) => {
      const waiting = new Set(among);
      stores.nodes.onChange(({ after }) => {
        if (after !== undefined && !after.ready && waiting.delete(after.name)) callback();
      });
    },
    followMade: () => followMade(stores.pods),
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await Promise.all(watches.map(({ ended }) => ended));
      await client.close();
    },
  };
}

function followMade(store: Store<SeenPod>): () => readonly MadePod[] {
  const known = new Set(store.list().map(({ uid }) => uid));
  const made = new Map<string, MadePod>();
  store.onChange(({ after }) => {
    if (after !== undefined && !known.has(after.uid)) made.set(after.uid, { station: after.station, node: after.node });
  });
  return () => [...made.values()];
}

function storeOf<T extends object>(project: (object: KubeObject) => T): Store<T> {
  return new Store<T>({ name: 'census', project, clock: systemClock, onError: (error) => console.error(error) });
}

function watch<T extends object>(
  client: Client,
  { resource, store, signal }: { readonly resource: Resource; readonly store: Store<T>; readonly signal: AbortSignal },
): { readonly listed: Promise<void>; readonly ended: Promise<void> } {
  const listed = Promise.withResolvers<void>();
  const ended = runReflector({
    client,
    of: { resource },
    store,
    signal,
    clock: systemClock,
    random: Math.random,
    onListed: () => listed.resolve(),
    onError: () => undefined,
  });
  return { listed: listed.promise, ended };
}

function podOf(object: KubeObject): SeenPod {
  const pod = object as unknown as PodObject;
  const { name, namespace, deletionTimestamp } = pod.metadata;
  return {
    uid: object.metadata.uid ?? '',
    name,
    namespace,
    station: stationOf(name),
    node: pod.spec.nodeName ?? '',
    serves: isReady(pod) && deletionTimestamp === undefined,
  };
}

function nodeOf(object: KubeObject): SeenNode {
  const node = object as unknown as NodeObject;
  return { name: node.metadata.name, ready: isReady(node) };
}
