import type { NodeState } from '../../model/zone.ts';
import type { JudgedNode } from './nodes.ts';
import { Times } from './times.ts';
import { DoubtSigns } from './zoneDoubt.ts';

/** A pool needs this many nodes to be failing. A smaller one is lost soon enough, or not at all. */
const FAILING_NODES = 3;
const AT_ONCE_MS = 15_000;
/** So many nodes that left the pool are remembered, to find them again in another zone. */
const REMEMBERED = 3;

type Liveliness = 'healthy' | 'leaving' | 'down';

/**
 * The nodes of one zone that take pods of one kind, counted, so that a look at a station need not go through them all.
 * Nodes that are not in service yet count nowhere.
 */
export class NodePool {
  readonly #nodes = new Map<string, JudgedNode>();
  readonly #young = new Map<string, JudgedNode>();
  /** Lost and suspect nodes, those that have been so longest at the front. */
  readonly #down = new Map<string, JudgedNode>();
  /** Leaving nodes on which pods may still land, in the same order. */
  readonly #open = new Map<string, JudgedNode>();
  readonly #since: Readonly<Record<Liveliness, Times>> = {
    healthy: new Times(),
    leaving: new Times(),
    down: new Times(),
  };
  readonly #downSince = new Times();
  /** What they tell of their zone's death. */
  readonly doubts = new DoubtSigns();
  #outgoing = 0;
  #suspect = 0;
  #failing: { readonly sinceMs: number | undefined } | undefined;
  #lastLeft: readonly JudgedNode[] = [];

  get count(): number {
    return this.#nodes.size;
  }

  /** Those in service, and those that are not yet. */
  get size(): number {
    return this.#nodes.size + this.#young.size;
  }

  get healthy(): number {
    return this.#since.healthy.size;
  }

  /** Lost or suspect ones. */
  get down(): number {
    return this.#since.down.size;
  }

  get suspect(): number {
    return this.#suspect;
  }

  get leaving(): number {
    return this.#since.leaving.size;
  }

  /** When the newest state of any of them began; `-Infinity` without nodes. */
  get changedAtMs(): number {
    return Math.max(...Object.values(this.#since).map(({ latestMs }) => latestMs ?? -Infinity));
  }

  /** When the youngest healthy one became so. */
  get healthyAtMs(): number | undefined {
    return this.#since.healthy.latestMs;
  }

  /** When the last one that is down became lost, or suspect. */
  get downAtMs(): number | undefined {
    return this.#since.down.latestMs;
  }

  /** Whether all leave, or left before they went down. */
  get isOutgoing(): boolean {
    return this.count > 0 && this.#outgoing === this.count;
  }

  /** Nodes that were taken out of the pool last, in whatever way. */
  get lastLeft(): readonly JudgedNode[] {
    return this.#lastLeft;
  }

  /** At most so many of the leaving ones on which pods may still land, those that have been leaving longest first. */
  open(most: number): readonly JudgedNode[] {
    const first: JudgedNode[] = [];
    for (const node of this.#open.values()) {
      if (first.length === most) break;
      first.push(node);
    }
    return first;
  }

  /** The one that has been down longest; undefined while none is. */
  get firstDown(): JudgedNode | undefined {
    for (const node of this.#down.values()) return node;
    return undefined;
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  get(name: string): JudgedNode | undefined {
    return this.#nodes.get(name);
  }

  /** The node, in service or not. */
  find(name: string): JudgedNode | undefined {
    return this.#nodes.get(name) ?? this.#young.get(name);
  }

  [Symbol.iterator](): Iterator<JudgedNode> {
    return this.#nodes.values();
  }

  put(node: JudgedNode): void {
    const { name, uid } = node.object;
    const before = this.#nodes.get(name);
    if (before !== undefined && before.object.uid !== uid) this.drop(name);
    else this.#forget(name);
    if (node.isNew) this.#young.set(name, node);
    else this.#add(name, node);
  }

  /** Takes a node out: it is gone, or does not belong here any more. */
  drop(name: string): void {
    const before = this.#nodes.get(name);
    if (before !== undefined) this.#lastLeft = [...this.#lastLeft, before].slice(-REMEMBERED);
    this.#forget(name);
  }

  /**
   * When the zone began to fail: more than half of its nodes went down within 15 s, and are down still. Undefined when
   * it does not; of several such times the last.
   */
  failingSinceMs(): number | undefined {
    const more = Math.floor(this.count / 2) + 1;
    if (this.count < FAILING_NODES || this.down < more) return undefined;
    this.#failing ??= { sinceMs: this.#downSince.latestGroup(more, AT_ONCE_MS) };
    return this.#failing.sinceMs;
  }

  /** A pool of these nodes and no others. */
  static of(nodes: Iterable<JudgedNode>): NodePool {
    const pool = new NodePool();
    for (const node of nodes) pool.put(node);
    return pool;
  }

  /** The pool with some nodes seen in another way; one that is undefined is not in it. */
  with(others: ReadonlyMap<string, JudgedNode | undefined>): NodePool {
    const pool = NodePool.of([...this.#nodes.values(), ...this.#young.values()]);
    for (const [name, node] of others) {
      if (node === undefined) pool.drop(name);
      else pool.put(node);
    }
    pool.#lastLeft = this.#lastLeft;
    pool.doubts.recall(this.doubts);
    return pool;
  }

  #add(name: string, node: JudgedNode): void {
    this.#nodes.set(name, node);
    this.#since[livelinessOf(node.state)].add(node.sinceMs);
    if (node.downSinceMs !== undefined) {
      this.#down.set(name, node);
      this.#downSince.add(node.downSinceMs);
    }
    if (node.leaving?.isOpen === true) this.#open.set(name, node);
    if (node.isOutgoing) this.#outgoing++;
    if (node.state === 'suspect') this.#suspect++;
    this.doubts.add(node);
    this.#failing = undefined;
  }

  #forget(name: string): void {
    this.#young.delete(name);
    const node = this.#nodes.get(name);
    if (node === undefined) return;
    this.#nodes.delete(name);
    this.#since[livelinessOf(node.state)].remove(node.sinceMs);
    if (node.downSinceMs !== undefined) this.#downSince.remove(node.downSinceMs);
    this.#down.delete(name);
    this.#open.delete(name);
    if (node.isOutgoing) this.#outgoing--;
    if (node.state === 'suspect') this.#suspect--;
    this.doubts.remove(node);
    this.#failing = undefined;
  }
}

function livelinessOf(state: NodeState): Liveliness {
  return state === 'lost' || state === 'suspect' ? 'down' : state;
}
