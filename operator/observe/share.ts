/*
 * Shared values: parts of objects that are equal (field sets, templates, selectors) are kept once. Parsed JSON has a
 * copy of them in each object, and thousands of stations have a handful of templates.
 *
 * The hash of a value finds an equal one that is kept, and then nothing of it has to be looked at further. If there is
 * none, its parts are shared. Later comparisons gain too: what is shared and equal is identical.
 *
 * Hard part: sharing must not keep what is gone. The table holds values weakly, and is swept whenever it has doubled.
 * Most values come once (labels, annotations), and an entry costs as much as they do. So a value gets one when it comes
 * for the second time.
 */
import { isEqual } from './isEqual.ts';
import { Texts } from './texts.ts';

/** How many hashes of values that came once are remembered. A newer one takes the place of one with the same last bits. */
const PLACES = 2 ** 16;
/** Parsed JSON has one copy of a text up to this length; of a longer one, each object has its own. */
const SHORT_TEXT = 9;
/** A longer text is hashed by its beginning, its end and its length. */
const HASHED_WHOLE = 64;
/** The leaves of field sets: two of three objects that the API server sends. */
const EMPTY = Object.freeze({});
const EMPTY_LIST = Object.freeze([]);

type Whole = Readonly<Record<string, unknown>>;

/** Keeps equal values once. */
export class Sharing {
  readonly #known = new Map<number, WeakRef<object>>();
  readonly #cameOnce = new Int32Array(PLACES);
  readonly #textsThatCameOnce = new Int32Array(PLACES);
  readonly #texts = new Texts();
  #sweepAt = 1_024;
  /** Of the value in hand, for it and each of its parts that has parts, depth first: its hash, and where the next begins. */
  readonly #hashes: number[] = [];
  readonly #ends: number[] = [];
  #next = 0;

  /** How many values may be found again. */
  get size(): number {
    return this.#known.size;
  }

  /** Returns an equal value, whose parts other objects may have too: it must never be changed. */
  share<T>(value: T): T {
    this.#next = 0;
    this.#hash(value);
    this.#next = 0;
    return this.#shared(value) as T;
  }

  #hash(value: unknown): number {
    if (typeof value === 'string') return hashOfText(value);
    if (typeof value !== 'object' || value === null) return hashOfText(String(value));
    const at = this.#next;
    this.#next += 1;
    let hash = 0;
    if (Array.isArray(value)) for (const item of value) hash = mixed(hash, this.#hash(item));
    else for (const key in value) hash = mixed(mixed(hash, hashOfText(key)), this.#hash((value as Whole)[key]));
    this.#hashes[at] = hash;
    this.#ends[at] = this.#next;
    return hash;
  }

  #shared(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value) ?? value;
    if (typeof value !== 'object' || value === null) return value;
    const at = this.#next;
    const hash = this.#hashes[at] ?? 0;
    const end = this.#ends[at] ?? 0;
    this.#next = at + 1;
    const same = end === at + 1 ? emptyLike(value) : this.#known.get(hash)?.deref();
    if (same !== undefined && isEqual(same, value)) {
      this.#next = end;
      return same;
    }
    const whole = Array.isArray(value) ? this.#list(value) : this.#parts(value as Whole);
    if (cameBefore(hash, this.#cameOnce)) this.#keep(hash, whole);
    return whole;
  }

  /** The text that is kept, if there is one. It is equal, so only this tells whether it is another. */
  #text(text: string): string | undefined {
    if (text.length <= SHORT_TEXT || !cameBefore(hashOfText(text), this.#textsThatCameOnce)) return undefined;
    return this.#texts.one(text);
  }

  #list(list: readonly unknown[]): readonly unknown[] {
    return list.map((item) => this.#shared(item));
  }

  #parts(parts: Whole): Whole {
    const copy: Record<string, unknown> = { ...parts };
    for (const key in parts) copy[key] = this.#shared(parts[key]);
    return copy;
  }

  #keep(hash: number, value: object): void {
    this.#known.set(hash, new WeakRef(value));
    if (this.#known.size < this.#sweepAt) return;
    for (const [each, reference] of this.#known) if (reference.deref() === undefined) this.#known.delete(each);
    this.#sweepAt = Math.max(1_024, 2 * this.#known.size);
  }
}

const sharing = new Sharing();

/** Returns an equal value, whose parts all objects in the stores may have: it must never be changed. */
export function share<T>(value: T): T {
  return sharing.share(value);
}

/** What was kept before when it is equal to what is there now, else what is there now, shared. */
export function reuse<T>(before: T | undefined, now: T): T {
  return before !== undefined && isEqual(before, now) ? before : share(now);
}

/** What was kept before when it is equal to what is there now, else what is there now, whose parts are kept already. */
export function reuseWhole<T>(before: T | undefined, now: T): T {
  return before !== undefined && isEqual(before, now) ? before : now;
}

function emptyLike(value: object): object | undefined {
  if (Array.isArray(value)) return value.length === 0 ? EMPTY_LIST : undefined;
  for (const _ in value) return undefined;
  return EMPTY;
}

function cameBefore(hash: number, once: Int32Array): boolean {
  const place = hash & (PLACES - 1);
  if (once[place] === hash) return true;
  once[place] = hash;
  return false;
}

function hashOfText(text: string): number {
  let hash = text.length;
  const whole = text.length <= HASHED_WHOLE;
  const end = whole ? text.length : HASHED_WHOLE / 2;
  for (let at = 0; at < end; at += 1) hash = mixed(hash, text.charCodeAt(at));
  if (!whole) for (let at = text.length - end; at < text.length; at += 1) hash = mixed(hash, text.charCodeAt(at));
  return hash;
}

/** One step of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), over 32 bits; high bits come back to the low ones. */
function mixed(hash: number, part: number): number {
  const product = Math.imul(hash ^ part, 0x01000193);
  return product ^ (product >>> 15);
}
