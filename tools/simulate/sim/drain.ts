import { evict } from './budgets.ts';
import type { Cluster } from './cluster.ts';
import { isGoing } from './objects.ts';

const lookAgainMs = 5000;

/** How a node is kept free of new pods, and what becomes of it when it is empty. */
export interface Leaving {
  /** The key of a taint that an autoscaler sets; undefined: it is cordoned, as a person does. */
  readonly taint?: string;
  /** The machine and its Node go when the last pod is gone. */
  readonly thenRemoved?: boolean;
}

/**
 * `kubectl drain`: cordons, lists the pods of the node, evicts all of them at once, and tries each refused one again every
 * 5 s; a pod that the scheduler sends there after the list is none of its business.
 */
export class Drain {
  readonly node: string;
  readonly #cluster: Cluster;
  #stopped = false;
  #left: number | undefined;
  readonly #whenEmpty: () => void;

  constructor(cluster: Cluster, node: string, leaving: Leaving & { readonly remove: () => void }) {
    this.#cluster = cluster;
    this.node = node;
    this.#whenEmpty = leaving.thenRemoved === true ? leaving.remove : () => undefined;
    if (leaving.taint === undefined) cordon(cluster, node);
    else taint(cluster, node, leaving.taint);
    cluster.agenda.after(cluster.chance.between(5, 100), () => {
      const pods = this.#pods();
      this.#left = pods.length;
      if (pods.length === 0) this.#whenEmpty();
      for (const [index, pod] of pods.entries()) cluster.agenda.after(index * 2, () => this.#try(pod));
    });
  }

  /** Pods are still to go, and nobody has given up. */
  get isStuck(): boolean {
    return this.#left !== 0 && !this.#stopped;
  }

  /** As a person does who gives up: no more evictions, the node stays cordoned. */
  stop(): void {
    this.#stopped = true;
  }

  #pods(): string[] {
    return this.#cluster.server
      .list('pod')
      .filter((pod) => pod.node === this.node)
      .map((pod) => pod.name);
  }

  #try(pod: string): void {
    if (this.#stopped) return;
    if (this.#cluster.server.get('pod', pod) === undefined) {
      this.#left = (this.#left ?? 0) - 1;
      if (this.#left === 0) this.#whenEmpty();
      return;
    }
    evict(this.#cluster, pod);
    this.#cluster.agenda.after(lookAgainMs, () => this.#try(pod));
  }
}

/** Marks a node unschedulable. */
export function cordon(cluster: Cluster, node: string): void {
  if (cluster.server.get('node', node)?.cordoned === false)
    cluster.server.update('node', { name: node }, { cordoned: true, cordonedMs: cluster.agenda.nowMs });
}

/** Keeps new pods off a node, as an autoscaler does that is about to remove it. */
export function taint({ server, agenda }: Cluster, node: string, key: string): void {
  const known = server.get('node', node);
  if (known !== undefined && !known.taints.includes(key))
    server.update('node', { name: node }, { taints: [...known.taints, key], taintedMs: agenda.nowMs });
}

/** Says by a condition that a node is about to be drained, and keeps no pod away. */
export function announce({ server, agenda }: Cluster, node: string): void {
  if (server.get('node', node)?.goingMs === undefined) server.update('node', { name: node }, { goingMs: agenda.nowMs });
}

/** Makes a node one like the others again, whatever it was that said that it goes. */
export function uncordon({ server }: Cluster, node: string): void {
  const known = server.get('node', node);
  if (known !== undefined && (isGoing(known) || known.taints.length > 0))
    server.update('node', { name: node }, { cordoned: false, taints: [], goingMs: undefined, noticedMs: undefined });
}
