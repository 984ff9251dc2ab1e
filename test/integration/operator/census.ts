import { keyOf } from '../../../operator/api/kubernetes/key.ts';
import { labels } from '../../../operator/api/labels.ts';
import { stationName } from '../../../operator/api/names.ts';
import type { Clock } from '../../../operator/engine/clock.ts';
import type { Client } from '../../../operator/kube/client.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments, nodes, pods } from '../../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import { runReflector } from '../../../operator/kube/reflector.ts';
import { Store } from '../../../operator/kube/store.ts';
import { isAlive, isReady } from '../../../tools/cluster/nodes.ts';
import type { NodeObject, PodObject } from '../../../tools/cluster/nodes.ts';

/** A pod as far as the tests care. */
export interface SeenPod {
  readonly name: string;
  readonly uid: string;
  /** `<kitchen>-<station>`. */
  readonly station: string;
  readonly zone: string;
  readonly node: string;
  readonly image: string;
  readonly ready: boolean;
  readonly deleting: boolean;
}

/** What one station goes through from some moment on. */
export interface Watching {
  /** Fewest pods that really ran at any moment. */
  least(): number;
  /** How many pods were made since it began, of those meant. */
  made(which?: (pod: SeenPod) => boolean): number;
  /** What the zone's Deployment was told to have (`spec.replicas`) since it began, without repeats in a row. */
  told(zone: string): readonly number[];
}

/** Counts what really runs, from every change of every pod and node, so that no dip goes unseen. */
export interface Census {
  /** The station's pods that would answer a request now: Ready, not about to end, on a node that lives in truth. */
  running(station: string): readonly SeenPod[];
  /** Everything there is of the station, pods about to end too. */
  pods(station: string): readonly SeenPod[];
  /** Follows a station; `look` is shown its pods at every change. */
  begin(station: string, look?: (pods: readonly SeenPod[]) => void): Watching;
}

interface SeenDeployment {
  readonly station: string;
  readonly zone: string;
  readonly replicas: number;
}

interface SeenNode {
  readonly name: string;
  readonly alive: boolean;
}

interface Looking {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Begins to watch; resolves when everything was listed once. */
export async function takeCensus(looking: Looking): Promise<Census> {
  const seenNodes = storeOf(looking.clock, nodeOf);
  const seenPods = storeOf(looking.clock, podOf);
  const seenDeployments = storeOf(looking.clock, deploymentOf);
  await Promise.all([
    follow(looking, nodes, seenNodes),
    follow(looking, pods, seenPods),
    follow(looking, deployments, seenDeployments),
  ]);
  const all = (station: string): readonly SeenPod[] => seenPods.list().filter((pod) => pod.station === station);
  const running = (station: string): readonly SeenPod[] =>
    all(station).filter(
      (pod) => pod.ready && !pod.deleting && seenNodes.get(keyOf({ name: pod.node }))?.alive === true,
    );
  return {
    running,
    pods: all,
    begin: (station, look) => {
      const known = new Set(all(station).map(({ uid }) => uid));
      const made = new Map<string, SeenPod>();
      let least = running(station).length;
      const count = (): void => {
        least = Math.min(least, running(station).length);
        for (const pod of all(station)) if (!known.has(pod.uid)) made.set(pod.uid, pod);
        look?.(all(station));
      };
      seenNodes.onChange(count);
      seenPods.onChange(count);
      const told = new Map<string, number[]>();
      const note = (): void => {
        for (const { zone, replicas } of seenDeployments.list().filter((each) => each.station === station)) {
          const before = told.get(zone) ?? [];
          if (before.at(-1) !== replicas) told.set(zone, [...before, replicas]);
        }
      };
      note();
      seenDeployments.onChange(note);
      return {
        least: () => least,
        made: (which = () => true) => [...made.values()].filter(which).length,
        told: (zone) => told.get(zone) ?? [],
      };
    },
  };
}

function storeOf<T extends object>(clock: Clock, project: (object: KubeObject) => T): Store<T> {
  const onError = (error: unknown): void => console.error(error);
  return new Store<T>({ name: 'census', project, clock, onError });
}

function follow<T extends object>(looking: Looking, resource: Resource, store: Store<T>): Promise<void> {
  const listed = Promise.withResolvers<void>();
  void runReflector({
    ...looking,
    of: { resource },
    store,
    random: Math.random,
    onListed: () => listed.resolve(),
    // An API server that restarts is part of the tests.
    onError: () => undefined,
  });
  return listed.promise;
}

function nodeOf(object: KubeObject): SeenNode {
  const node = object as unknown as NodeObject;
  return { name: node.metadata.name, alive: isAlive(node) };
}

function deploymentOf({ metadata, ...rest }: KubeObject): SeenDeployment {
  const { spec } = rest as unknown as { readonly spec: { readonly replicas: number } };
  return { station: stationOf(metadata), zone: metadata.labels?.[labels.zone] ?? '', replicas: spec.replicas };
}

function stationOf(metadata: KubeObject['metadata']): string {
  return stationName(metadata.labels?.[labels.kitchen] ?? '', metadata.labels?.[labels.station] ?? '');
}

function podOf(object: KubeObject): SeenPod {
  const { metadata, spec, ...pod } = object as unknown as PodObject & {
    readonly spec: { readonly containers: readonly { readonly image: string }[] };
  };
  return {
    name: metadata.name,
    uid: object.metadata.uid ?? '',
    station: stationOf(object.metadata),
    zone: object.metadata.labels?.[labels.zone] ?? '',
    node: spec.nodeName ?? '',
    image: spec.containers[0]?.image ?? '',
    ready: isReady(pod),
    deleting: metadata.deletionTimestamp !== undefined,
  };
}
