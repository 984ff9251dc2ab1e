import type { Key } from '../api/kubernetes/key.ts';
import type { Clock } from '../engine/clock.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { versionOf } from '../api/kubernetes/object.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { StoreIndex } from './storeIndex.ts';

/** One change; `before` is undefined for a new object, `after` for one that is gone. */
export interface Change<T> {
  readonly key: Key;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

export interface StoreOptions<T, Index extends string = never> {
  /** For errors and metrics: `pods`. */
  readonly name: string;
  /**
   * Returns what is kept of an object; undefined leaves it out of the store. It must not keep the raw object. `before`:
   * what is stored under its name.
   */
  readonly project: (object: KubeObject, before: T | undefined) => T | undefined;
  /** Functions by name that return the values under which `byIndex` finds an object. */
  readonly indexes?: Readonly<Record<Index, (projected: T) => readonly string[]>>;
  readonly clock: Clock;
  /** Called when a projection, index or listener throws; the store goes on. */
  readonly onError: (error: unknown) => void;
}

/** What snapshots are taken from: objects by key and by index, and how fresh they are. */
export interface ReadStore<T, Index extends string = never> {
  readonly name: string;
  /** Whether everything was listed at least once. */
  readonly synced: boolean;
  /** The monotonic moment of the last list, event or bookmark; undefined before the first list. */
  readonly lastHeardMs: number | undefined;
  readonly size: number;
  get(key: Key): T | undefined;
  list(): readonly T[];
  keys(): Iterable<Key>;
  byIndex(index: Index, value: string): readonly T[];
  /** The resource version of the stored object, to compare with that of the answer to a write. */
  resourceVersionOf(key: Key): string | undefined;
  /** Returns how to stop listening. */
  onChange(listener: (change: Change<T>) => void): () => void;
}

/** A store that takes in the answers to writes. */
export interface LearningStore {
  /**
   * Takes in the answer to a write, so that the next look sees it without waiting for the watch. Ignored when the store
   * has an equal or newer version. The object must be one that the store's watch selects.
   */
  learn(object: KubeObject): void;
}

interface Entry<T> {
  readonly uid: string;
  readonly version: bigint;
  readonly projected: T;
}

/** An object as the store reads it: small enough to be kept while the rest of a list is fetched. */
export interface Reading<T> {
  readonly key: Key;
  readonly uid: string;
  readonly version: bigint;
  /** `failed`: the projection threw, and what is stored stays. */
  readonly projected: T | undefined | 'failed';
}

/** How a store is filled; only its reflector does that. */
export interface StoreFeed<T> {
  /** Projects an object without storing it. */
  read(object: KubeObject): Reading<T>;
  /** Takes in a watch event that adds or modifies. */
  changed(object: KubeObject): void;
  /** Takes in a watch event that deletes; an object that was made since under the same name stays. */
  deleted(object: KubeObject): void;
  /** Takes in a whole list: an object that is not in it, and not newer than it, is gone. */
  replace(readings: Iterable<Reading<T>>, resourceVersion: string): void;
  /** Notes a bookmark or event: the store has all changes up to this version. */
  heard(resourceVersion: string | undefined): void;
}

/**
 * Objects as the API server sent them, projected. An older version never replaces a newer one, whether it comes from
 * the watch, a list or the answer to a write: resource versions of one cluster are compared as numbers.
 */
export class Store<T extends object, Index extends string = never>
  implements ReadStore<T, Index>, StoreFeed<T>, LearningStore
{
  readonly name: string;
  readonly #options: StoreOptions<T, Index>;
  readonly #entries = new Map<Key, Entry<T>>();
  readonly #indexes = new Map<string, StoreIndex<T>>();
  readonly #listeners = new Set<(change: Change<T>) => void>();
  /** The store has heard of all changes up to this version, by list, event or bookmark. */
  #heardVersion = 0n;
  #synced = false;
  #lastHeardMs: number | undefined;

  constructor(options: StoreOptions<T, Index>) {
    this.name = options.name;
    this.#options = options;
    for (const [name, valuesOf] of Object.entries<(projected: T) => readonly string[]>(options.indexes ?? {})) {
      this.#indexes.set(name, new StoreIndex(valuesOf));
    }
  }

  get synced(): boolean {
    return this.#synced;
  }

  get lastHeardMs(): number | undefined {
    return this.#lastHeardMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): T | undefined {
    return this.#entries.get(key)?.projected;
  }

  keys(): Iterable<Key> {
    return this.#entries.keys();
  }

  list(): readonly T[] {
    return Array.from(this.#entries.values(), (entry) => entry.projected);
  }

  byIndex(index: Index, value: string): readonly T[] {
    return this.#indexes.get(index)?.find(value) ?? [];
  }

  resourceVersionOf(key: Key): string | undefined {
    return this.#entries.get(key)?.version.toString();
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  learn(object: KubeObject): void {
    const reading = this.read(object);
    const known = this.#entries.get(reading.key);
    // An object that is not stored, although the watch has told all changes up to its version, was deleted since.
    if (known?.uid !== reading.uid && reading.version <= this.#heardVersion) return;
    this.#put(reading);
  }

  read(object: KubeObject): Reading<T> {
    const { metadata } = object;
    const key = keyOf(metadata);
    const version = versionOf(metadata.resourceVersion);
    const projected = this.#contain(() => this.#options.project(object, this.get(key)), 'failed' as const);
    return { key, uid: metadata.uid ?? '', version, projected };
  }

  changed(object: KubeObject): void {
    this.#put(this.read(object));
    this.heard(object.metadata.resourceVersion);
  }

  deleted(object: KubeObject): void {
    const key = keyOf(object.metadata);
    const known = this.#entries.get(key);
    if (known !== undefined && known.version <= versionOf(object.metadata.resourceVersion)) this.#drop(key, known);
    this.heard(object.metadata.resourceVersion);
  }

  replace(readings: Iterable<Reading<T>>, resourceVersion: string): void {
    const listVersion = versionOf(resourceVersion);
    // If a consistent list is older than what was heard before, the cluster was restored from a backup and its versions
    // went back.
    const restored = listVersion < this.#heardVersion;
    const listed = new Set<string>();
    for (const reading of readings) {
      listed.add(reading.key);
      this.#put(reading, restored);
    }
    for (const [key, entry] of this.#entries) {
      if (!listed.has(key) && (restored || entry.version <= listVersion)) this.#drop(key, entry);
    }
    this.#heardVersion = listVersion;
    this.#lastHeardMs = this.#options.clock.monotonicMs();
    this.#synced = true;
  }

  heard(resourceVersion: string | undefined): void {
    const version = versionOf(resourceVersion);
    if (version > this.#heardVersion) this.#heardVersion = version;
    this.#lastHeardMs = this.#options.clock.monotonicMs();
  }

  /** Takes in objects of a list that is not the whole, such as the list of one namespace. */
  add(readings: Iterable<Reading<T>>): void {
    for (const reading of readings) this.#put(reading);
  }

  /** Keeps these objects no more, whether or not they are still there. */
  forget(keys: Iterable<Key>): void {
    for (const key of keys) {
      const known = this.#entries.get(key);
      if (known !== undefined) this.#drop(key, known);
    }
  }

  #put(reading: Reading<T>, evenIfOlder = false): void {
    const { key, uid, version, projected } = reading;
    const known = this.#entries.get(key);
    if (projected === 'failed') return;
    if (known !== undefined && version <= known.version && !(evenIfOlder && version !== known.version)) return;
    if (projected === undefined) {
      if (known !== undefined) this.#drop(key, known);
      return;
    }
    if (known !== undefined && known.uid !== uid) this.#drop(key, known);
    const before = known?.uid === uid ? known.projected : undefined;
    this.#entries.set(key, { uid, version, projected });
    for (const index of this.#indexes.values()) this.#contain(() => index.replace(before, projected), undefined);
    this.#tell({ key, before, after: projected });
  }

  #drop(key: Key, known: Entry<T>): void {
    this.#entries.delete(key);
    for (const index of this.#indexes.values()) index.replace(known.projected, undefined);
    this.#tell({ key, before: known.projected, after: undefined });
  }

  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) this.#contain(() => listener(change), undefined);
  }

  #contain<R, F>(run: () => R, otherwise: F): R | F {
    try {
      return run();
    } catch (error) {
      this.#options.onError(error);
      return otherwise;
    }
  }
}
