import type { Turned } from '../../operator/observe/suspects/leaseAges.ts';
import type { SuspectWatch } from '../../operator/observe/suspects/watchSuspects.ts';

/** Says of nodes what it is told to say. */
export class FakeSuspicion implements SuspectWatch {
  readonly suspects = new Map<string, number>();
  /** How many ms Leases have not been renewed, by node; 0 for others. Undefined: Leases do not tell. */
  silence: ReadonlyMap<string, number> | undefined;
  readonly #onFlip = new Set<(nodes: readonly string[]) => void>();
  readonly #onTurn = new Set<(nodes: Turned) => void>();

  readonly silentMs = (node: string): number | undefined =>
    this.silence === undefined ? undefined : (this.silence.get(node) ?? 0);

  get listeners(): number {
    return this.#onFlip.size + this.#onTurn.size;
  }

  onFlip(listener: (nodes: readonly string[]) => void): () => void {
    this.#onFlip.add(listener);
    return () => void this.#onFlip.delete(listener);
  }

  onTurn(listener: (nodes: Turned) => void): () => void {
    this.#onTurn.add(listener);
    return () => void this.#onTurn.delete(listener);
  }

  /** These nodes, and no others, are suspect from now on; of `also` it is said that they flipped too. */
  suspect(nodes: readonly string[], ...also: readonly string[]): void {
    const flipped = [...this.suspects.keys(), ...nodes, ...also];
    this.suspects.clear();
    for (const node of nodes) this.suspects.set(node, 400);
    for (const listener of this.#onFlip) listener(flipped);
  }

  /** The Leases of these nodes, and of no others, are not renewed for so many ms. */
  silent(ms: number, ...nodes: readonly string[]): void {
    const before = this.silence;
    const now = new Map(nodes.map((node) => [node, ms]));
    this.silence = now;
    const names = new Set([...(before?.keys() ?? []), ...nodes]);
    const turned = [...names].filter((node) => before?.get(node) !== now.get(node));
    for (const listener of this.#onTurn) listener(before === undefined ? 'all' : turned);
  }
}
