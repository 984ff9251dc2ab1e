import type { Key } from '../../api/kubernetes/key.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import type { NodeObject } from '../objects.ts';
import { judgeNode, zoneOfNode } from './nodes.ts';
import type { JudgedNode } from './nodes.ts';
import type { PodKind } from './podKind.ts';
import { SharedPool } from './sharedPool.ts';
import type { PoolReading } from './sharedPool.ts';
import type { Moment } from '../moment.ts';
import type { Turned } from '../suspects/leaseAges.ts';

/** What nodes are judged by, beside their objects. */
export interface Sight extends Pick<Moment, 'silentMs' | 'hasReadyPods'> {
  readonly memory: FirstSeen;
  /** As in `Moment`. */
  readonly suspects: () => ReadonlyMap<string, number>;
}

/** So many pools are kept that no station looks at now. A new station looks at several while it is made. */
const IDLE_POOLS = 200;

/**
 * All nodes of the cluster, in pools that the looks at stations share. A node is judged when it changes, not at each
 * look, and each pool is counted on as it changes. So a look costs as much as the station has pods and zones, however
 * many nodes there are, and so does a change of a node.
 */
export class Fleet {
  readonly #sight: Sight;
  readonly #nodes = new Map<string, NodeObject>();
  /** The zone under which each node was judged. */
  readonly #zoneOf = new Map<string, ZoneName>();
  readonly #namesIn = new Map<ZoneName, Set<string>>();
  /** Each node as it is for pods that tolerate nothing. */
  readonly #judged = new Map<string, JudgedNode>();
  readonly #pools = new Map<string, SharedPool>();
  readonly #poolsIn = new Map<ZoneName, Set<SharedPool>>();
  readonly #lookedAt = new Map<Key, readonly SharedPool[]>();
  readonly #idle = new Set<SharedPool>();
  /** What was said of a zone's nodes, until one of them changes. */
  readonly #said = new Map<ZoneName, Map<string, string>>();
  /** Names of nodes that are to be judged again. */
  readonly #open = new Set<string>();
  /** When nodes are judged again by their age, unless they change before. */
  readonly #turning = new Map<string, number>();
  /** Not after the first of these moments. */
  #turnsAtMs = Infinity;
  #nowMs = 0;
  /** Called with the stations whose plans may have changed by a change of nodes that carry none of their pods. */
  onShift: (stations: readonly Key[]) => void = () => undefined;
  /** Called with the stations to which it matters that a doubt about a zone has begun or ended. */
  onDoubt: (stations: readonly Key[]) => void = () => undefined;

  constructor(nodes: Iterable<NodeObject>, sight: Sight) {
    this.#sight = sight;
    for (const node of nodes) this.put(node);
  }

  /** Zones by the labels of nodes. */
  get zones(): Iterable<ZoneName> {
    return this.#namesIn.keys();
  }

  /** When `settle` may have something to do although no node has changed; `Infinity`: never. */
  get turnsAtMs(): number {
    return this.#turnsAtMs;
  }

  /** The node as pods see it that tolerate nothing; undefined when it is gone. */
  find(name: string): JudgedNode | undefined {
    return this.#judged.get(name);
  }

  /** The nodes of a zone, as they are stored. */
  nodesIn(zone: ZoneName): readonly NodeObject[] {
    const names = zone === ANYWHERE ? this.#nodes.keys() : (this.#namesIn.get(zone) ?? []);
    return [...names].flatMap((name) => this.#nodes.get(name) ?? []);
  }

  /** The nodes of a zone that take pods of a kind, in service or not. */
  pool(zone: ZoneName, kind: PodKind): SharedPool {
    const key = `${zone} ${kind.key}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new SharedPool(zone, kind);
    for (const node of this.nodesIn(zone)) this.#judgeIn(pool, node.name);
    pool.doubted(this.#sight.memory, this.#nowMs);
    this.#pools.set(key, pool);
    added(this.#poolsIn, zone, pool);
    this.#idle.add(pool);
    return pool;
  }

  /** Words about a zone's nodes, found once for all stations that need them. */
  said(zone: ZoneName, about: string, find: () => string): string {
    const known = this.#said.get(zone) ?? new Map<string, string>();
    this.#said.set(zone, known);
    const words = known.get(about) ?? find();
    known.set(about, words);
    return words;
  }

  /** Takes in a node that came or changed. It is judged at the next `settle`. */
  put(node: NodeObject): void {
    this.#nodes.set(node.name, node);
    this.#open.add(node.name);
  }

  /** Takes in that a node is gone. */
  drop(name: string): void {
    this.#nodes.delete(name);
    this.#open.add(name);
  }

  /** Judges nodes again at the next `settle`: something that their objects do not tell has changed. */
  recheck(names: Turned): void {
    for (const name of names === 'all' ? this.#nodes.keys() : names) if (this.#nodes.has(name)) this.#open.add(name);
  }

  /** Judges the nodes that changed, or that age alone has changed, and tells whom that concerns. */
  settle(nowMs: number): void {
    this.#nowMs = nowMs;
    if (nowMs >= this.#turnsAtMs) this.#turn(nowMs);
    if (this.#open.size === 0) return;
    const shifted = new Set<Key>();
    const changed = new Set([...this.#open].flatMap((name) => this.#judge(name, shifted)));
    this.#open.clear();
    const doubting = new Set<Key>();
    for (const pool of changed) {
      for (const key of pool.shifted(nowMs)) shifted.add(key);
      for (const key of pool.doubted(this.#sight.memory, nowMs)) doubting.add(key);
    }
    if (shifted.size > 0) this.onShift([...shifted]);
    if (doubting.size > 0) this.onDoubt([...doubting]);
  }

  /** Notes which pools a look at a station read, and what of them. */
  looked(key: Key, pools: readonly SharedPool[], reading: PoolReading): void {
    const before = this.#lookedAt.get(key) ?? [];
    for (const pool of pools) {
      pool.read(key, reading);
      this.#idle.delete(pool);
    }
    this.#lookedAt.set(key, pools);
    this.#leave(
      key,
      before.filter((pool) => !pools.includes(pool)),
    );
    this.#dropIdle();
  }

  /** Notes that a station is looked at no more. */
  forget(key: Key): void {
    this.#leave(key, this.#lookedAt.get(key) ?? []);
    this.#lookedAt.delete(key);
  }

  #turn(nowMs: number): void {
    const due = [...this.#turning].filter(([, atMs]) => atMs <= nowMs);
    for (const [name] of due) {
      this.#open.add(name);
      this.#turning.delete(name);
    }
    this.#turnsAtMs = Math.min(Infinity, ...this.#turning.values());
  }

  /** Judges one node again; returns the pools that it may have changed. */
  #judge(name: string, shifted: Set<Key>): readonly SharedPool[] {
    const node = this.#nodes.get(name);
    const before = this.#zoneOf.get(name);
    const zone = node && zoneOfNode(node);
    if (before !== zone) this.#move(name, { before, zone }, shifted);
    this.#turning.delete(name);
    if (node === undefined) this.#judged.delete(name);
    else {
      const judged = judgeNode(node, this.#moment());
      this.#judged.set(name, judged);
      this.#turns(name, judged.turnsAtMs);
    }
    const places = [...new Set([before, zone, ANYWHERE])].flatMap((each) => (each === undefined ? [] : [each]));
    for (const place of places) this.#said.delete(place);
    const pools = places.flatMap((each) => [...(this.#poolsIn.get(each) ?? [])]);
    for (const pool of pools) this.#judgeIn(pool, name);
    return pools;
  }

  #turns(name: string, atMs: number | undefined): void {
    if (atMs === undefined) return;
    this.#turning.set(name, atMs);
    this.#turnsAtMs = Math.min(this.#turnsAtMs, atMs);
  }

  #move(
    name: string,
    { before, zone }: { readonly before: ZoneName | undefined; readonly zone: ZoneName | undefined },
    shifted: Set<Key>,
  ): void {
    if (before !== undefined) {
      const names = this.#namesIn.get(before);
      names?.delete(name);
      if (names?.size === 0) this.#namesIn.delete(before);
    }
    if (zone === undefined) {
      this.#zoneOf.delete(name);
      return;
    }
    this.#zoneOf.set(name, zone);
    // No station has looked at the pools of a zone that was not there.
    if (!this.#namesIn.has(zone)) for (const key of this.#lookedAt.keys()) shifted.add(key);
    added(this.#namesIn, zone, name);
  }

  /** Puts the node into the pool, as its pods see it, or takes it out. */
  #judgeIn({ zone, kind, nodes }: SharedPool, name: string): void {
    const judged = this.#judged.get(name);
    const isHere = zone === ANYWHERE || this.#zoneOf.get(name) === zone;
    if (judged === undefined || !isHere || !kind.takes(judged.object)) nodes.drop(name);
    else if (isAlikeForAll(judged.object)) nodes.put(judged);
    else nodes.put(judgeNode(judged.object, this.#moment(), kind.tenants));
  }

  #moment(): Parameters<typeof judgeNode>[1] {
    return { ...this.#sight, nowMs: this.#nowMs, suspects: this.#sight.suspects() };
  }

  #leave(key: Key, pools: readonly SharedPool[]): void {
    for (const pool of pools) {
      pool.leave(key);
      if (pool.isIdle) this.#idle.add(pool);
    }
  }

  #dropIdle(): void {
    for (const oldest of this.#idle) {
      if (this.#idle.size <= IDLE_POOLS) return;
      this.#idle.delete(oldest);
      this.#pools.delete(`${oldest.zone} ${oldest.kind.key}`);
      oldest.forget(this.#sight.memory);
      this.#poolsIn.get(oldest.zone)?.delete(oldest);
    }
  }
}

/** Whether all pods see the node alike: nothing that they may tolerate keeps it from them or takes it away. */
export function isAlikeForAll({ taints, unschedulable, deleting, going }: NodeObject): boolean {
  return taints.length === 0 && !unschedulable && !deleting && going.length === 0;
}

function added<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}
