import { evict } from './budgets.ts';
import type { Cluster } from './cluster.ts';

const retryMs = 5000;

/** `kubectl drain`: cordons, evicts every pod of the node at once, and tries each refused one again every 5 s. */
export class Drain {
  readonly node: string;
  readonly #cluster: Cluster;
  #stopped = false;
  #endedMs: number | undefined;

  constructor(cluster: Cluster, node: string) {
    this.#cluster = cluster;
    this.node = node;
    cordon(cluster, node);
    cluster.agenda.after(cluster.chance.between(5, 100), () => {
      const pods = this.#pods();
      if (pods.length === 0) this.#endedMs = cluster.agenda.nowMs;
      for (const [index, pod] of pods.entries()) cluster.agenda.after(index * 2, () => this.#try(pod));
    });
  }

  /** When the last pod had gone; undefined while it goes on. */
  get endedMs(): number | undefined {
    return this.#endedMs;
  }

  get isStuck(): boolean {
    return this.#endedMs === undefined && !this.#stopped;
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
      if (this.#pods().length === 0) this.#endedMs ??= this.#cluster.agenda.nowMs;
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
