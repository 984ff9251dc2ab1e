import type { Cluster } from './cluster.ts';
import { Told } from './told.ts';

/** Long enough for taint evictions and, while a rollout is timed or a zone may join, for that. */
const [USUAL_MS, TIMED_MS] = [400_000, 700_000];

/** When nothing has changed for so long that nothing will any more by itself. */
export class Rest {
  readonly #cluster: Cluster;
  readonly #told = new Told();
  #lastChangeMs = 0;
  #zonesMayMove = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.server.watch((change) => {
      if (change.kind !== 'slice' && !this.#told.isOnlyWords(change)) this.#lastChangeMs = cluster.agenda.nowMs;
    });
  }

  /** Something was done after which a zone may join or leave, which takes a while. */
  zonesMayMove(): void {
    this.#zonesMayMove = true;
  }

  /** How much longer nothing may change, and since this moment nothing has; `quietMs`: so long is enough. */
  leftMs(sinceMs: number, quietMs = this.#enoughMs): number {
    return Math.max(sinceMs, this.#lastChangeMs) + quietMs - this.#cluster.agenda.nowMs;
  }

  get #enoughMs(): number {
    const isTimed = this.#cluster.server.list('deployment').some(({ paused, status }) => {
      const reason = status.progress?.reason;
      return paused || reason === 'ReplicaSetUpdated' || reason === 'NewReplicaSetCreated';
    });
    return isTimed || this.#zonesMayMove ? TIMED_MS : USUAL_MS;
  }
}
