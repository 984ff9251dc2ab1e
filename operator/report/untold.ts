import type { Hurry } from './hurry.ts';

/** At most this many news are kept for one object; the oldest is dropped first. */
const LIMIT = 10;

/** While an object is under way, its status waits at most this long. */
const PATIENCE_MS = 10_000;
/**
 * When a zone dies under many stations, their statuses wait longer: at most one is written in this time, so that they
 * do not take the API server from the pods that are being made.
 */
const EACH_MS = 50;
/** But not longer than this. */
const MOST_MS = 30_000;
/** What has settled waits this long for figures that follow. */
const GATHERING_MS = 1_000;

interface Kept<News> {
  readonly sinceMs: number;
  /** Since when nothing is under way any more. */
  readonly settledMs: number | undefined;
  readonly news: readonly News[];
}

/** How a status waits. */
interface Waiting {
  readonly hurry: Hurry;
  /** Stations wait for a worker: acting on them comes before any words. */
  readonly isBehind: boolean;
  readonly nowMs: number;
}

/** News, by the uid of a Station or Kitchen, that its status does not tell yet: it could not be written, or may wait. */
export class Untold<News> {
  readonly #byUid = new Map<string, Kept<News>>();

  newsOf(uid: string): readonly News[] {
    return this.#byUid.get(uid)?.news ?? [];
  }

  /** How much longer its status may wait, in ms; 0: it is to be written now. */
  patienceMs(uid: string, { hurry, isBehind, nowMs }: Waiting): number {
    const { sinceMs = nowMs, settledMs = nowMs } = this.#byUid.get(uid) ?? {};
    const mostMs = Math.min(MOST_MS, Math.max(PATIENCE_MS, EACH_MS * this.#byUid.size));
    const leftMs = Math.max(0, sinceMs + mostMs - nowMs);
    if (isBehind || hurry === 'underWay') return leftMs;
    return hurry === 'mustBeKnown' ? 0 : Math.min(leftMs, Math.max(0, settledMs + GATHERING_MS - nowMs));
  }

  keep(uid: string, news: readonly News[], { hurry, nowMs }: Omit<Waiting, 'isBehind'>): void {
    const { sinceMs = nowMs, settledMs = nowMs } = this.#byUid.get(uid) ?? {};
    const settled = hurry === 'settled' ? settledMs : undefined;
    this.#byUid.set(uid, { sinceMs, settledMs: settled, news: news.slice(-LIMIT) });
  }

  forget(uid: string): void {
    this.#byUid.delete(uid);
  }

  /** How many objects have something untold. */
  get size(): number {
    return this.#byUid.size;
  }
}
