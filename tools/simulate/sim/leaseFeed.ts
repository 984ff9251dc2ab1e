import type { Store } from '../../../operator/kube/store.ts';
import type { LeaseObject } from '../../../operator/observe/projectLease.ts';
import type { Cluster } from './cluster.ts';
import type { LeaseChange, Leases } from './leases.ts';

/** The operator's watch of Leases, from one start to its end: the store hears of each renewal a while late, in order. */
export class LeaseFeed {
  readonly #cluster: Pick<Cluster, 'agenda' | 'chance'>;
  readonly #leases: Leases;
  readonly #store: Store<LeaseObject>;
  readonly #stop: () => void;
  #latestMs = 0;
  #deafUntilMs = 0;
  #isClosed = false;

  constructor(cluster: Pick<Cluster, 'agenda' | 'chance'>, leases: Leases, store: Store<LeaseObject>) {
    this.#cluster = cluster;
    this.#leases = leases;
    this.#store = store;
    this.#list();
    this.#stop = leases.watch((change) => this.#hear(change));
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  /** It loses what it should tell for so long; then all are listed again. */
  miss(forMs: number): void {
    const { agenda } = this.#cluster;
    this.#deafUntilMs = Math.max(this.#deafUntilMs, agenda.nowMs + forMs);
    agenda.after(forMs, () => {
      if (!this.#isClosed && agenda.nowMs >= this.#deafUntilMs) this.#list();
    });
  }

  #hear({ gone, object }: LeaseChange): void {
    const { agenda, chance } = this.#cluster;
    this.#latestMs = Math.max(this.#latestMs, agenda.nowMs + chance.lagMs());
    agenda.after(this.#latestMs - agenda.nowMs, () => {
      if (this.#isClosed || agenda.nowMs < this.#deafUntilMs) return;
      if (gone) this.#store.deleted(object);
      else this.#store.changed(object);
    });
  }

  #list(): void {
    const readings = this.#leases.list().map((lease) => this.#store.read(lease));
    this.#store.replace(readings, String(this.#leases.version));
  }
}
