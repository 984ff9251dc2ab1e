import { keyOf } from '../../operator/api/kubernetes/key.ts';
import { annotations, labels, LOWEST_DELETION_COST } from '../../operator/api/labels.ts';
import type { Station } from '../../operator/api/station.ts';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { runReflector } from '../../operator/kube/reflector.ts';
import { deployments, nodes, podDisruptionBudgets, pods, services } from '../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../operator/api/kubernetes/resource.ts';
import { Store } from '../../operator/kube/store.ts';
import { stations } from '../../operator/api/resources.ts';
import { isAlive, isReady } from '../../tools/cluster/nodes.ts';
import type { NodeObject, PodObject } from '../../tools/cluster/nodes.ts';

/** What there is of a station, as far as one run of a scenario can be compared with another. */
export interface Figures {
  /** Pods that really run, by zone: Ready, not about to end, on a node that lives in truth. */
  readonly running: Readonly<Record<string, number>>;
  /** Pods that are there and do not run, those that are being deleted left out. */
  readonly idle: number;
  readonly replicas: Readonly<Record<string, number>>;
  readonly minAvailable: number | undefined;
  /** Pods that carry the lowest deletion cost, those that are being deleted left out. */
  readonly marks: number;
  readonly services: number;
}

/** What a station has come to, and what its status says. */
export interface State {
  readonly figures: Figures;
  readonly conditions: Readonly<Record<string, string>>;
  readonly survives: string | undefined;
}

/** The station `<kitchen>-grill`. */
export interface Place {
  readonly namespace: string;
  readonly kitchen: string;
}

/** What one station goes through from some moment on. */
export interface Tally {
  /** Fewest pods that really ran at any moment. */
  readonly least: () => number;
  readonly made: () => number;
}

interface Scaled extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly minAvailable?: number };
}

type Pod = KubeObject & PodObject & { readonly spec: { readonly containers: readonly { readonly image: string }[] } };

const followed = { stations, deployments, budgets: podDisruptionBudgets, services, pods, nodes };
type Followed = Readonly<Record<keyof typeof followed, Store<KubeObject, 'place'>>>;

/** Everything that the stations' states are made of, kept current; no change of a pod or node goes unseen. */
export class Sight {
  readonly #stores: Followed;
  readonly #counting = new Map<string, (() => void)[]>();

  private constructor(stores: Followed) {
    this.#stores = stores;
    stores.pods.onChange(({ before, after }) => this.#count(placeKey(after ?? before)));
    stores.nodes.onChange(() => {
      for (const key of this.#counting.keys()) this.#count(key);
    });
  }

  static async open(client: Client, signal: AbortSignal): Promise<Sight> {
    const follow = async ([name, resource]: readonly [string, Resource]): Promise<
      readonly [string, Store<KubeObject>]
    > => [name, await followAll({ client, resource, signal })] as const;
    const entries = Object.entries(followed).map(follow);
    return new Sight(Object.fromEntries(await Promise.all(entries)) as Followed);
  }

  state(place: Place): State {
    const here = (of: keyof Followed): readonly KubeObject[] => this.#stores[of].byIndex('place', keyAt(place));
    const running = this.running(place);
    const staying = this.pods(place).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const { status } = (here('stations')[0] ?? {}) as Partial<Station>;
    const budget = here('budgets')[0] as Scaled | undefined;
    const scaled = here('deployments') as readonly Scaled[];
    return {
      figures: {
        running: counted(running.map(({ metadata }) => metadata.labels?.[labels.zone] ?? '')),
        idle: staying.length - running.length,
        replicas: Object.fromEntries(
          scaled.map(({ metadata, spec }) => [metadata.labels?.[labels.zone], spec.replicas]),
        ) as Record<string, number>,
        minAvailable: budget?.spec.minAvailable,
        marks: staying.filter(isMarked).length,
        services: here('services').length,
      },
      conditions: Object.fromEntries(
        (status?.conditions ?? []).map((each) => [each.type, `${each.status} ${each.reason}`]),
      ),
      survives: status?.survives,
    };
  }

  /** All there are, those about to end too. */
  pods(place: Place): readonly Pod[] {
    return this.#stores.pods.byIndex('place', keyAt(place)) as unknown as readonly Pod[];
  }

  running(place: Place): readonly Pod[] {
    return this.pods(place).filter((pod) => {
      const node = this.#stores.nodes.get(keyOf({ name: pod.spec.nodeName })) as unknown as NodeObject | undefined;
      return pod.metadata.deletionTimestamp === undefined && isReady(pod) && node !== undefined && isAlive(node);
    });
  }

  /** Follows a station; `look` is called at every change. */
  begin(place: Place, look: () => void = () => undefined): Tally {
    const known = new Set(this.pods(place).map(({ metadata }) => metadata.uid));
    const made = new Set<string | undefined>();
    let least = this.running(place).length;
    const count = (): void => {
      least = Math.min(least, this.running(place).length);
      for (const { metadata } of this.pods(place)) if (!known.has(metadata.uid)) made.add(metadata.uid);
      look();
    };
    this.#counting.set(keyAt(place), [...(this.#counting.get(keyAt(place)) ?? []), count]);
    return { least: () => least, made: () => made.size };
  }

  #count(key: string): void {
    for (const count of this.#counting.get(key) ?? []) count();
  }
}

function keyAt({ namespace, kitchen }: Place): string {
  return `${namespace}/${kitchen}`;
}

function placeKey(object: KubeObject | undefined): string {
  return `${object?.metadata.namespace}/${object?.metadata.labels?.[labels.kitchen]}`;
}

function isMarked({ metadata }: Pod): boolean {
  return (metadata as KubeObject['metadata']).annotations?.[annotations.podDeletionCost] === LOWEST_DELETION_COST;
}

function counted(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}

interface Following {
  readonly client: Client;
  readonly resource: Resource;
  readonly signal: AbortSignal;
}

async function followAll({ client, resource, signal }: Following): Promise<Store<KubeObject, 'place'>> {
  const store = new Store<KubeObject, 'place'>({
    name: resource.plural,
    project: (object) => object,
    indexes: { place: (object) => [placeKey(object)] },
    clock: systemClock,
    onError: (error) => console.error(error),
  });
  const listed = Promise.withResolvers<void>();
  void runReflector({
    client,
    of: { resource },
    selection: resource === nodes ? {} : { labelSelector: labels.kitchen },
    store,
    clock: systemClock,
    random: Math.random,
    signal,
    onListed: () => listed.resolve(),
    onError: () => undefined,
  });
  await listed.promise;
  return store;
}
