import { emptyTables } from './server.ts';
import type { Change, Server } from './server.ts';
import type { Agenda } from './agenda.ts';
import type { Kind, Kinds } from './objects.ts';

/** A watch cache: what somebody has heard of the server so far, each kind in order and each some time late. */
export class View {
  readonly #tables = emptyTables();
  readonly #latestMs = new Map<Kind, number>();
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor(server: Server, agenda: Agenda, lagMs: (kind: Kind) => number) {
    server.watch((change) => {
      const atMs = Math.max(agenda.nowMs + lagMs(change.kind), this.#latestMs.get(change.kind) ?? 0);
      this.#latestMs.set(change.kind, atMs);
      agenda.after(atMs - agenda.nowMs, () => this.#hear(change));
    });
  }

  /** Calls back after each change has become visible here. */
  watch(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  get<K extends Kind>(kind: K, name: string): Kinds[K] | undefined {
    return (this.#tables[kind] as Map<string, Kinds[K]>).get(name);
  }

  list<K extends Kind>(kind: K): Kinds[K][] {
    return [...(this.#tables[kind] as Map<string, Kinds[K]>).values()];
  }

  #hear(change: Change): void {
    const table = this.#tables[change.kind] as Map<string, unknown>;
    if (change.gone) table.delete(change.object.name);
    else table.set(change.object.name, change.object);
    for (const listener of this.#listeners) listener(change);
  }
}
