import type { Change } from './server.ts';

/** Tells whether a change is mere words, and nothing comes of it: a status of ours, or that a ReplicaSet was told to try again. */
export class Told {
  readonly #times = new Map<string, number>();
  readonly #generations = new Map<string, number>();

  /** To be asked of every change once. */
  isOnlyWords(change: Change): boolean {
    const { kind, object } = change;
    // As long as it cannot make its pods, that goes on.
    if (kind === 'deployment' || kind === 'replicaSet') return hasRisen(this.#times, object.uid, object.timesTold);
    if (kind !== 'station' && kind !== 'kitchen') return false;
    return !change.gone && !hasRisen(this.#generations, object.uid, object.generation);
  }
}

function hasRisen(known: Map<string, number>, uid: string, now: number): boolean {
  const before = known.get(uid) ?? 0;
  known.set(uid, now);
  return now > before;
}
