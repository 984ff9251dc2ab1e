import type { SuspectWatch } from '../../../operator/observe/suspects/watchSuspects.ts';

/** Nodes that are held to be suspect, whatever their Leases say. */
export class Suspicion implements SuspectWatch {
  #suspects: ReadonlyMap<string, number> = new Map();
  readonly #listeners = new Set<(nodes: readonly string[]) => void>();

  get suspects(): ReadonlyMap<string, number> {
    return this.#suspects;
  }

  /** No Lease tells. */
  silentMs(): undefined {
    return undefined;
  }

  onTurn(): () => void {
    return () => undefined;
  }

  onFlip(listener: (nodes: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The node is suspect, its Lease renewed last at that second; undefined: no more. */
  set(node: string, renewedAt: number | undefined): void {
    const others = [...this.#suspects].filter(([name]) => name !== node);
    this.#suspects = new Map(renewedAt === undefined ? others : [...others, [node, renewedAt]]);
    for (const listener of this.#listeners) listener([node]);
  }

  /** The process that listened is gone. */
  deafen(): void {
    this.#listeners.clear();
  }
}
