import type { Kind, Kinds } from './objects.ts';
import type { Server, Stock } from './server.ts';

/** What the operator has read before a step that cannot be undone, as it was then: it cannot know of anything later. */
export class LastLook implements Stock {
  readonly #tables: ReadonlyMap<Kind, Map<string, Kinds[Kind]>>;
  readonly #server: Server;

  /** Reads everything now, but for the nodes, which are asked for one by one when the pods are known. */
  constructor(server: Server, kinds: readonly Kind[]) {
    this.#server = server;
    this.#tables = new Map(kinds.map((kind) => [kind, new Map(server.list(kind).map((each) => [each.name, each]))]));
  }

  reread(kind: Kind, name: string): void {
    const now = this.#server.get(kind, name);
    if (now === undefined) this.#tables.get(kind)?.delete(name);
    else this.#tables.get(kind)?.set(name, now);
  }

  get<K extends Kind>(kind: K, name: string): Kinds[K] | undefined {
    return this.#tables.get(kind)?.get(name) as Kinds[K] | undefined;
  }

  list<K extends Kind>(kind: K): Kinds[K][] {
    return [...(this.#tables.get(kind)?.values() ?? [])] as Kinds[K][];
  }
}
