import type { Store } from '../../../operator/kube/store.ts';
import type { Stores, WritableStores } from '../../../operator/observe/stores.ts';
import type { Cluster } from './cluster.ts';
import type { Kind } from './objects.ts';
import { rawOf } from './raw.ts';
import type { Change } from './server.ts';
import { hearLate } from './view.ts';

/** What the operator watches of the simulated kinds, and the store that it is kept in. */
const storeOf = {
  node: 'nodes',
  pod: 'pods',
  replicaSet: 'replicaSets',
  deployment: 'deployments',
  budget: 'budgets',
  service: 'services',
  slice: 'slices',
  station: 'stations',
  kitchen: 'kitchens',
} as const satisfies Readonly<Record<Kind, keyof Stores>>;

export const watched = Object.keys(storeOf) as readonly Kind[];

/** The operator's watches, from one start to its end: its stores are told late what the server has stored. */
export class Feed {
  readonly #cluster: Cluster;
  readonly #stores: WritableStores;
  /** Kinds of which nothing is heard for now. */
  readonly #missing = new Set<Kind>();
  /** By kind, up to which version everything was listed: earlier changes are told no more. */
  readonly #listed = new Map<Kind, number>();
  readonly #heard: Change[] = [];
  readonly #stop: () => void;
  #isClosed = false;

  constructor(cluster: Cluster, stores: WritableStores) {
    this.#cluster = cluster;
    this.#stores = stores;
    for (const kind of watched) this.#list(kind);
    this.#stop = hearLate(
      cluster,
      () => cluster.chance.lagMs(),
      (change) => this.#hear(change),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  /** A watch loses what it should tell for so long; then the kind is listed anew. */
  missEvents(kind: Kind, forMs: number): void {
    this.#missing.add(kind);
    this.#cluster.agenda.after(forMs, () => {
      if (this.#isClosed) return;
      this.#missing.delete(kind);
      this.#list(kind);
    });
  }

  /** What comes within a few milliseconds is read at once, as from a connection. */
  #hear(change: Change): void {
    if (this.#isClosed) return;
    this.#heard.push(change);
    if (this.#heard.length > 1) return;
    const { agenda, chance } = this.#cluster;
    agenda.after(chance.between(1, 20), () => {
      for (const each of this.#heard.splice(0)) this.#take(each);
    });
  }

  #take({ kind, object, gone, version }: Change): void {
    if (this.#isClosed || this.#missing.has(kind) || version <= (this.#listed.get(kind) ?? 0)) return;
    const store = this.#store(kind);
    if (gone) store.deleted(rawOf(kind, { ...object, version }));
    else store.changed(rawOf(kind, object));
  }

  #list(kind: Kind): void {
    const { server } = this.#cluster;
    const store = this.#store(kind);
    this.#listed.set(kind, server.version);
    store.replace(
      server.list(kind).map((object) => store.read(rawOf(kind, object))),
      String(server.version),
    );
  }

  #store(kind: Kind): Store<object> {
    return this.#stores[storeOf[kind]] as unknown as Store<object>;
  }
}
