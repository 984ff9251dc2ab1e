/** What is kept for one object: the oldest is dropped first. */
const LIMIT = 10;

/** So long a status waits at most while stations wait to be looked at: what is to be done comes before what is to be said. */
export const PATIENCE_MS = 15_000;

/** So long figures and words wait for others to follow, where no condition turns and nothing was decided. */
export const GATHERING_MS = 1_000;

interface Kept<News> {
  readonly sinceMs: number;
  readonly news: readonly News[];
}

/** News by the uid of a Station or Kitchen whose status does not tell of them yet: it could not be written, or may wait. */
export class Untold<News> {
  readonly #byUid = new Map<string, Kept<News>>();

  newsOf(uid: string): readonly News[] {
    return this.#byUid.get(uid)?.news ?? [];
  }

  /** How much longer its status may wait, in ms, of `mostMs` in all; 0 when it has waited for long enough. */
  patienceMs(uid: string, nowMs: number, mostMs: number): number {
    return Math.max(0, mostMs - (nowMs - (this.#byUid.get(uid)?.sinceMs ?? nowMs)));
  }

  keep(uid: string, news: readonly News[], nowMs: number): void {
    this.#byUid.set(uid, { sinceMs: this.#byUid.get(uid)?.sinceMs ?? nowMs, news: news.slice(-LIMIT) });
  }

  forget(uid: string): void {
    this.#byUid.delete(uid);
  }

  /** How many objects have something untold. */
  get size(): number {
    return this.#byUid.size;
  }
}
