import type { Clock, Timer } from './clock.ts';

/** What a queue reports: the measures of Kubernetes' work queues, times in milliseconds. */
export interface QueueHooks {
  readonly depth?: (keys: number) => void;
  readonly added?: () => void;
  /** A worker took a key that had waited this long. */
  readonly taken?: (waitedMs: number) => void;
  /** A worker finished a key after this long. */
  readonly finished?: (workedMs: number) => void;
  readonly retried?: () => void;
}

export interface QueueOptions {
  readonly clock: Clock;
  readonly hooks?: QueueHooks;
  /**
   * After a look at a key, `addSoon` brings the key back only when this long has passed; 0 by default. The gap is longer
   * while very many keys are looked at.
   */
  readonly gapMs?: number;
  /** `addSoon` waits at least this long, whenever the last look was; 0 by default. */
  readonly gatherMs?: number;
}

/** For each key that was looked at lately the gap is this long at least, so that there are at most 200 such looks a second. */
const EACH_MS = 5;
/** But it is not longer than so many usual ones. */
const MOST_GAPS = 4;

interface Later {
  readonly dueMs: number;
  readonly timer: Timer;
}

/**
 * Keys that wait to be looked at. A key waits at most once, and only one worker has it in hand. A key that is added
 * while it is in hand comes again after `finish`.
 *
 * `add` is for what cannot wait. `addSoon` is for what can: one look sees all that happens in the gap after the look
 * before. A key that was not looked at for that long comes at once.
 */
export class Queue<Key extends string = string> {
  readonly #clock: Clock;
  readonly #hooks: QueueHooks;
  readonly #gapMs: number;
  readonly #gatherMs: number;
  /** Keys that wait, with the moment they came; first come, first served. */
  readonly #waiting = new Map<Key, number>();
  /** Keys in hand, with the moment they were taken. */
  readonly #inHand = new Map<Key, number>();
  /** Keys added while in hand, with the moment they came. */
  readonly #again = new Map<Key, number>();
  /** Keys in hand that `addSoon` added. */
  readonly #soon = new Set<Key>();
  /** When the last look at each key ended, oldest first. Those older than the gap are dropped. */
  readonly #endedMs = new Map<Key, number>();
  readonly #later = new Map<Key, Later>();
  readonly #takers: ((key: Key | undefined) => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #closed = false;

  constructor(options: QueueOptions) {
    this.#clock = options.clock;
    this.#hooks = options.hooks ?? {};
    this.#gapMs = options.gapMs ?? 0;
    this.#gatherMs = options.gatherMs ?? 0;
  }

  add(key: Key): void {
    if (this.#closed || this.#waiting.has(key) || this.#again.has(key)) return;
    this.#cancelLater(key);
    this.#hooks.added?.();
    if (this.#inHand.has(key)) {
      this.#again.set(key, this.#clock.monotonicMs());
      return;
    }
    this.#enqueue(key, this.#clock.monotonicMs());
  }

  /** Adds the key for a change that can wait: after `gatherMs`, and not before the gap after its last look is over. */
  addSoon(key: Key): void {
    if (this.#closed || this.#waiting.has(key) || this.#again.has(key)) return;
    if (this.#inHand.has(key)) {
      this.#soon.add(key);
      return;
    }
    const overMs = (this.#endedMs.get(key) ?? -Infinity) + this.#gapNowMs();
    this.addAfter(key, Math.max(this.#gatherMs, overMs - this.#clock.monotonicMs()));
  }

  /** Adds the key after a while. Of several times for one key the earliest counts; `add` comes before all of them. */
  addAfter(key: Key, afterMs: number): void {
    if (afterMs <= 0) return this.add(key);
    const dueMs = this.#clock.monotonicMs() + afterMs;
    const later = this.#later.get(key);
    if (this.#closed || (later !== undefined && later.dueMs <= dueMs)) return undefined;
    later?.timer.cancel();
    const timer = this.#clock.setTimer(afterMs, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { dueMs, timer });
    return undefined;
  }

  /** Adds the key after a failure: like `addAfter`, and counted as a retry. */
  retryAfter(key: Key, afterMs: number): void {
    if (this.#closed) return;
    this.#hooks.retried?.();
    this.addAfter(key, afterMs);
  }

  /** Takes the next key, which is in hand until `finish`; undefined once the queue was shut down. */
  take(): Promise<Key | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    for (const [key, sinceMs] of this.#waiting) return Promise.resolve(this.#handOut(key, sinceMs));
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  finish(key: Key): void {
    const sinceMs = this.#inHand.get(key);
    if (sinceMs === undefined) return;
    this.#inHand.delete(key);
    this.#hooks.finished?.(this.#clock.monotonicMs() - sinceMs);
    this.#noteEnd(key);
    const againSinceMs = this.#again.get(key);
    this.#again.delete(key);
    const isSoon = this.#soon.delete(key);
    if (againSinceMs !== undefined && !this.#closed) this.#enqueue(key, againSinceMs);
    else if (isSoon) this.addSoon(key);
    if (this.#closed && this.#inHand.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /**
   * Accepts and hands out no more keys, and resolves when none is in hand. Keys that only waited are dropped: the next
   * leader looks at all keys anyway.
   */
  shutDown(): Promise<void> {
    this.#closed = true;
    for (const key of this.#later.keys()) this.#cancelLater(key);
    this.#waiting.clear();
    this.#again.clear();
    this.#soon.clear();
    this.#endedMs.clear();
    this.#hooks.depth?.(0);
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
    return this.#inHand.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** How many keys wait, not counting those to be added later. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** How long each key in hand has been so, in milliseconds. */
  inHandMs(): ReadonlyMap<Key, number> {
    const nowMs = this.#clock.monotonicMs();
    return new Map([...this.#inHand].map(([key, sinceMs]) => [key, nowMs - sinceMs]));
  }

  #enqueue(key: Key, sinceMs: number): void {
    this.#waiting.set(key, sinceMs);
    this.#hooks.depth?.(this.#waiting.size);
    // A moment later: one look is enough for all that is added to a key meanwhile.
    if (this.#takers.length > 0) queueMicrotask(() => this.#serve());
  }

  #gapNowMs(): number {
    return Math.min(MOST_GAPS * this.#gapMs, Math.max(this.#gapMs, EACH_MS * this.#endedMs.size));
  }

  #noteEnd(key: Key): void {
    const nowMs = this.#clock.monotonicMs();
    const gapMs = this.#gapNowMs();
    this.#endedMs.delete(key);
    if (this.#gapMs > 0 && !this.#closed) this.#endedMs.set(key, nowMs);
    for (const [oldest, endedMs] of this.#endedMs) {
      if (endedMs + gapMs > nowMs) return;
      this.#endedMs.delete(oldest);
    }
  }

  #serve(): void {
    for (const [key, sinceMs] of this.#waiting) {
      const taker = this.#takers.shift();
      if (taker === undefined) return;
      taker(this.#handOut(key, sinceMs));
    }
  }

  #handOut(key: Key, sinceMs: number): Key {
    const nowMs = this.#clock.monotonicMs();
    this.#waiting.delete(key);
    this.#inHand.set(key, nowMs);
    this.#hooks.depth?.(this.#waiting.size);
    this.#hooks.taken?.(nowMs - sinceMs);
    return key;
  }

  #cancelLater(key: Key): void {
    this.#later.get(key)?.timer.cancel();
    this.#later.delete(key);
  }
}
