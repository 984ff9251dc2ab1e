/**
 * We write the same content this many times in a row without a pause. So when a person changes a child by mistake, we
 * take the change back at once, and do so a second time.
 */
const FREE = 2;
/** The next write waits `FIRST_MS`, and each further one twice as long as the one before, up to `MOST_MS`. */
const FIRST_MS = 5_000;
const MOST_MS = 120_000;
/** A content that was not written for this long starts again without a pause. */
const FORGOTTEN_MS = 15 * 60_000;

/** A write, as the object that it goes to and a hash of what it says. */
export interface Content {
  readonly object: string;
  readonly hash: string;
}

interface Written {
  readonly hash: string;
  readonly times: number;
  readonly atMs: number;
}

/**
 * Counts how often we wrote the same content to an object, with no other content of ours in between. Then something
 * changes it back each time. Example: a person's script scales zone-a to 2, and we write 3 again and again. For each
 * object of an owner it keeps only the last content. A new decision has another content, and is never delayed.
 */
export class Pace {
  readonly #byOwner = new Map<string, Map<string, Written>>();

  /** How long the write has to wait, in ms. It never waits longer than `mostMs` after the last write. */
  waitMs(
    uid: string,
    { object, hash }: Content,
    { nowMs, mostMs = MOST_MS }: { readonly nowMs: number; readonly mostMs?: number | undefined },
  ): number {
    const last = this.#byOwner.get(uid)?.get(object);
    if (last === undefined || last.hash !== hash || last.times < FREE || nowMs - last.atMs >= FORGOTTEN_MS) return 0;
    const pauseMs = Math.min(MOST_MS, mostMs, FIRST_MS * 2 ** Math.min(30, last.times - FREE));
    return Math.max(0, last.atMs + pauseMs - nowMs);
  }

  /** Notes that the write was sent and accepted. */
  wrote(uid: string, { object, hash }: Content, nowMs: number): void {
    const known = this.#byOwner.get(uid) ?? new Map<string, Written>();
    const last = known.get(object);
    const goesOn = last?.hash === hash && nowMs - last.atMs < FORGOTTEN_MS;
    known.set(object, { hash, times: goesOn ? last.times + 1 : 1, atMs: nowMs });
    this.#byOwner.set(uid, known);
  }

  forgetOwner(uid: string): void {
    this.#byOwner.delete(uid);
  }
}
