import { keyOf } from '../../../operator/api/kubernetes/key.ts';
import type { Station } from '../../../operator/api/station.ts';
import { systemClock } from '../../../operator/engine/clock.ts';
import type { Client } from '../../../operator/kube/client.ts';
import { loadConfig } from '../../../operator/kube/config.ts';
import { connect } from '../../../operator/kube/connect.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { runReflector } from '../../../operator/kube/reflector.ts';
import { nodes, pods } from '../../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import { Store } from '../../../operator/kube/store.ts';
import { stations } from '../../../operator/api/resources.ts';
import { isAlive, isReady, zoneOf } from '../../cluster/nodes.ts';
import type { NodeObject, PodObject } from '../../cluster/nodes.ts';
import type { Point } from './curve.ts';
import type { Subject } from './subjects.ts';

/** Counts the pods of one subject from the moment it was made. */
export interface Following {
  readonly subject: Subject;
  /** Pods that really ran when it began, by zone. */
  readonly before: ReadonlyMap<string, number>;
  /** Steps so far, the first at 0 ms. */
  points(): readonly Point[];
  /** Pods that were made since. */
  made(): number;
  stop(): void;
}

/** Counts the pods that really run, after each change of a pod or node, so that it sees even the shortest dip. */
export interface Tally extends AsyncDisposable {
  /** Pods of a subject that would answer a request now: Ready, not about to end, on a node that lives in truth; by node. */
  byNode(subject: Subject): ReadonlyMap<string, number>;
  /** Their number by zone; zones without any are left out. */
  byZone(subject: Subject): ReadonlyMap<string, number>;
  running(subject: Subject): number;
  /** What the subject's owner wants to run now: a Kitchen's own figure, since it plans with the zones that are left. */
  wanted(subject: Subject): number;
  /** Whether a Kitchen has nothing under way; true of every other subject. */
  isSettled(subject: Subject): boolean;
  /** Names of the nodes of each zone, in order. */
  zones(): ReadonlyMap<string, readonly string[]>;
  /** Whether the node lives in truth. */
  alive(node: string): boolean;
  follow(subject: Subject): Following;
}

interface SeenPod {
  readonly uid: string;
  readonly namespace: string;
  readonly node: string;
  readonly serves: boolean;
}

interface SeenNode {
  readonly name: string;
  readonly zone: string;
  readonly alive: boolean;
}

interface SeenStation {
  readonly namespace: string;
  readonly target: number | undefined;
  readonly progressing: boolean;
}

interface Stores {
  readonly pods: Store<SeenPod>;
  readonly nodes: Store<SeenNode>;
  readonly stations: Store<SeenStation>;
}

/** Begins to watch; resolves when everything was listed once. */
export async function takeTally(kubeconfig: string): Promise<Tally> {
  const config = loadConfig({ kubeconfig, clock: systemClock });
  const client = connect({ config, clock: systemClock, userAgent: 'bench' });
  const over = new AbortController();
  const stores = { pods: storeOf(podOf), nodes: storeOf(nodeOf), stations: storeOf(stationOf) };
  const watches = [
    watch(client, { resource: pods, store: stores.pods, signal: over.signal }),
    watch(client, { resource: nodes, store: stores.nodes, signal: over.signal }),
    watch(client, { resource: stations, store: stores.stations, signal: over.signal }),
  ];
  await Promise.all(watches.map(({ listed }) => listed));
  return {
    ...countsOf(stores),
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await Promise.all(watches.map(({ ended }) => ended));
      await client.close();
    },
  };
}

function countsOf(stores: Stores): Omit<Tally, keyof AsyncDisposable> {
  const running = (subject: Subject): readonly SeenNode[] =>
    stores.pods.list().flatMap(({ namespace, serves, node: name }) => {
      const node = namespace === subject.name && serves ? stores.nodes.get(keyOf({ name })) : undefined;
      return node?.alive === true ? [node] : [];
    });
  const station = ({ name }: Subject): SeenStation | undefined =>
    stores.stations.list().find(({ namespace }) => namespace === name);
  const wanted = (subject: Subject): number => station(subject)?.target ?? subject.pods;
  const byZone = (subject: Subject): ReadonlyMap<string, number> => tallied(running(subject).map(({ zone }) => zone));
  return {
    byZone,
    wanted,
    byNode: (subject) => tallied(running(subject).map(({ name }) => name)),
    running: (subject) => running(subject).length,
    isSettled: (subject) => !subject.isKitchen || station(subject)?.progressing === false,
    zones: () => {
      const sorted = stores.nodes.list().toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
      const zones = Map.groupBy(sorted, ({ zone }) => zone);
      return new Map([...zones].map(([zone, inZone]) => [zone, inZone.map(({ name }) => name)]));
    },
    alive: (node) => stores.nodes.get(keyOf({ name: node }))?.alive === true,
    follow: (subject) => {
      const count = (): Omit<Point, 'atMs'> => ({ running: running(subject).length, wanted: wanted(subject) });
      return { subject, before: byZone(subject), ...followed(stores, subject, count) };
    },
  };
}

function followed(
  stores: Stores,
  { name }: Subject,
  count: () => Omit<Point, 'atMs'>,
): Pick<Following, 'points' | 'made' | 'stop'> {
  const beganMs = performance.now();
  const own = (): readonly SeenPod[] => stores.pods.list().filter(({ namespace }) => namespace === name);
  const known = new Set(own().map(({ uid }) => uid));
  const made = new Set<string>();
  const points: Point[] = [{ atMs: 0, ...count() }];
  const look = (): void => {
    const now = count();
    const last = points.at(-1);
    if (now.running !== last?.running || now.wanted !== last.wanted)
      points.push({ atMs: performance.now() - beganMs, ...now });
  };
  const stops = [
    stores.pods.onChange(({ after }) => {
      if (after?.namespace === name && !known.has(after.uid)) made.add(after.uid);
      if (after === undefined || after.namespace === name) look();
    }),
    stores.nodes.onChange(look),
    stores.stations.onChange(look),
  ];
  return {
    points: () => points,
    made: () => made.size,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

function tallied(names: readonly string[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(names.toSorted(), (name) => name);
  return new Map([...groups].map(([name, all]) => [name, all.length]));
}

function storeOf<T extends object>(project: (object: KubeObject) => T): Store<T> {
  return new Store<T>({ name: 'tally', project, clock: systemClock, onError: (error) => console.error(error) });
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
    // A new kind answers 429 until its storage is ready. The reflector tries again by itself.
    onError: () => undefined,
  });
  return { listed: listed.promise, ended };
}

function podOf(object: KubeObject): SeenPod {
  const pod = object as unknown as PodObject;
  const { namespace, deletionTimestamp } = pod.metadata;
  const serves = isReady(pod) && deletionTimestamp === undefined;
  return { uid: object.metadata.uid ?? '', namespace, node: pod.spec.nodeName ?? '', serves };
}

function nodeOf(object: KubeObject): SeenNode {
  const node = object as unknown as NodeObject;
  return { name: node.metadata.name, zone: zoneOf(node), alive: isAlive(node) };
}

function stationOf(object: KubeObject): SeenStation {
  const { metadata, status } = object as unknown as Station & KubeObject;
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing')?.status !== 'False';
  return { namespace: metadata.namespace ?? '', target: status?.target, progressing };
}
