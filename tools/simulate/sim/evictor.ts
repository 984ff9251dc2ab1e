import { evict } from './budgets.ts';
import type { Cluster } from './cluster.ts';
import { isActive } from './objects.ts';

/** Between two evictions of one it waits no longer than this: it asks at the instants that are worst. */
const giddyMs = 40;

/**
 * Somebody who evicts pods for no reason, at the very moments that a budget's status allows it: right after any write, and
 * right after the count was raised, before whoever pays attention can have heard of it.
 */
export class Evictor {
  readonly #cluster: Cluster;
  #left = 0;
  #untilMs = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.server.watch((change) => {
      if (change.kind === 'slice' || this.#left <= 0) return;
      cluster.agenda.after(cluster.chance.between(0, giddyMs), () => this.#try());
    });
  }

  /** Evicts so many pods at most, within that time. */
  begin(evictions: number, forMs: number): void {
    this.#left = evictions;
    this.#untilMs = this.#cluster.agenda.nowMs + forMs;
    this.#try();
  }

  #try(): void {
    const { server, chance, agenda } = this.#cluster;
    if (this.#left <= 0 || agenda.nowMs > this.#untilMs) return;
    const allowed = server.list('budget')[0]?.status.allowed ?? 0;
    const pod = chance.pick(server.list('pod').filter((each) => isActive(each) && each.ready));
    if (allowed === 0 || pod === undefined) return;
    if (evict(this.#cluster, pod.name)) this.#left -= 1;
  }
}
