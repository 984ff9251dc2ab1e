import { emptyTables } from './server.ts';
import type { Change, Server } from './server.ts';
import type { Agenda } from './agenda.ts';
import type { Kind, Kinds } from './objects.ts';

/** A watch cache: what somebody has heard of the server so far, each kind in order and each some time late. */
export class View {
  readonly #tables = emptyTables();
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor(server: Server, agenda: Agenda, lagMs: (kind: Kind) => number) {
    hearLate({ server, agenda }, lagMs, (change) => this.#hear(change));
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

/** Tells of every change some time late, of each kind in order. Returns how to stop listening. */
export function hearLate(
  { server, agenda }: { readonly server: Server; readonly agenda: Agenda },
  lagMs: (kind: Kind) => number,
  hear: (change: Change) => void,
): () => void {
  const latestMs = new Map<Kind, number>();
  return server.watch((change) => {
    const atMs = Math.max(agenda.nowMs + lagMs(change.kind), latestMs.get(change.kind) ?? 0);
    latestMs.set(change.kind, atMs);
    agenda.after(atMs - agenda.nowMs, () => hear(change));
  });
}
