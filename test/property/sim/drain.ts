import { evict } from './budgets.ts';
import type { Cluster } from './cluster.ts';

const retryMs = 5000;

/**
 * `kubectl drain`: cordons, lists the pods of the node, evicts all of them at once, and tries each refused one again every
 * 5 s; a pod that the scheduler sends there after the list is none of its business.
 */
export class Drain {
  readonly node: string;
  readonly #cluster: Cluster;
  #stopped = false;
  #left: number | undefined;

  constructor(cluster: Cluster, node: string) {
    this.#cluster = cluster;
    this.node = node;
    cordon(cluster, node);
    cluster.agenda.after(cluster.chance.between(5, 100), () => {
      const pods = this.#pods();
      this.#left = pods.length;
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
      return;
    }
    evict(this.#cluster, pod);
    this.#cluster.agenda.after(retryMs, () => this.#try(pod));
  }
}

/** Marks a node unschedulable. */
export function cordon(cluster: Cluster, node: string): void {
  if (cluster.server.get('node', node)?.cordoned === false)
    cluster.server.update('node', { name: node }, { cordoned: true });
}

/** Makes a node schedulable again. */
export function uncordon(cluster: Cluster, node: string): void {
  if (cluster.server.get('node', node)?.cordoned === true)
    cluster.server.update('node', { name: node }, { cordoned: false });
}
