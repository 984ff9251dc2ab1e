import type { Agenda } from './agenda.ts';
import { kinds } from './objects.ts';
import type { Kind, Kinds, Stored } from './objects.ts';

type Tables = { readonly [K in Kind]: Map<string, Kinds[K]> };

/** One change as a watch tells it: the object as it is now, or as it was when it went. */
export type Change = {
  [K in Kind]: { readonly kind: K; readonly gone: boolean; readonly object: Kinds[K]; readonly version: number };
}[Kind];

/** Makes one empty table a kind. */
export function emptyTables(): Tables {
  return Object.fromEntries(kinds.map((kind) => [kind, new Map()])) as unknown as Tables;
}

/** What is stored, to be read. */
export type Stock = Pick<Server, 'get' | 'list'>;

/** The API server and its storage: one version for all writes, refused when the writer's copy is old. */
export class Server {
  readonly #agenda: Agenda;
  readonly #tables = emptyTables();
  readonly #listeners = new Set<(change: Change) => void>();
  #version = 0;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  get version(): number {
    return this.#version;
  }

  /** Returns how to stop listening. */
  watch(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get<K extends Kind>(kind: K, name: string): Kinds[K] | undefined {
    return (this.#tables[kind] as Map<string, Kinds[K]>).get(name);
  }

  list<K extends Kind>(kind: K): Kinds[K][] {
    return [...(this.#tables[kind] as Map<string, Kinds[K]>).values()];
  }

  /** Stores a new object; undefined when the name is taken. */
  create<K extends Kind>(kind: K, object: Omit<Kinds[K], 'uid' | 'version' | 'createdMs'>): Kinds[K] | undefined {
    const { name } = object as unknown as Stored;
    if (this.get(kind, name) !== undefined) return undefined;
    const version = this.#version + 1;
    return this.#put(kind, {
      ...object,
      uid: `${kind}-${version}`,
      version,
      createdMs: this.#agenda.nowMs,
    } as unknown as Kinds[K]);
  }

  /** Changes an object; undefined when it is gone, or no longer the `seen` one. */
  update<K extends Kind>(
    kind: K,
    seen: { readonly name: string; readonly uid?: string; readonly version?: number },
    change: Partial<Kinds[K]>,
  ): Kinds[K] | undefined {
    const now = this.get(kind, seen.name);
    if (now === undefined) return undefined;
    if (seen.uid !== undefined && seen.uid !== now.uid) return undefined;
    if (seen.version !== undefined && seen.version !== now.version) return undefined;
    return this.#put(kind, { ...now, ...change, version: this.#version + 1 });
  }

  remove(kind: Kind, name: string): void {
    const object = this.get(kind, name);
    if (object === undefined) return;
    this.#tables[kind].delete(name);
    this.#version += 1;
    this.#tell({ kind, gone: true, object, version: this.#version } as Change);
  }

  #put<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.#version = object.version;
    (this.#tables[kind] as Map<string, Kinds[K]>).set(object.name, object);
    this.#tell({ kind, gone: false, object, version: object.version } as Change);
    return object;
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
