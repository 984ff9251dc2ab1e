/** At most this many news are kept for one object; the oldest is dropped first. */
const LIMIT = 10;

/** A status waits at most this long while stations wait for a worker: acting comes before telling. */
export const PATIENCE_MS = 15_000;

/** When no condition changes and nothing was decided, figures and words wait this long for others to follow. */
export const GATHERING_MS = 1_000;

interface Kept<News> {
  readonly sinceMs: number;
  readonly news: readonly News[];
}

/** News, by the uid of a Station or Kitchen, that its status does not tell yet: it could not be written, or may wait. */
export class Untold<News> {
  readonly #byUid = new Map<string, Kept<News>>();

  newsOf(uid: string): readonly News[] {
    return this.#byUid.get(uid)?.news ?? [];
  }

  /** How much longer its status may wait, in ms, of `mostMs` in all; 0 when it has waited long enough. */
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
