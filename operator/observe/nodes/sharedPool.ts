import type { Key } from '../../api/kubernetes/key.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { FirstSeen } from '../../engine/memory.ts';
import { NO_ROOM_MS } from '../../model/thresholds.ts';
import type { ZoneDoubt } from '../../model/zone.ts';
import { NodePool } from './nodePool.ts';
import type { PodKind } from './podKind.ts';

/** What a look at a station read of a pool, beside whether its zone lives. */
export interface PoolReading {
  /** With at least so many nodes in a zone, one more or less changes nothing for the station. */
  readonly enoughNodes: number;
  /** A pod waits for a node. */
  readonly waitsForRoom: boolean;
  /** A rollout may let an old pod go before a new one comes, but not while a node is down. */
  readonly mayTakeRisk: boolean;
  /** A node holds two pods, which may be evened out over others. */
  readonly isCrowded: boolean;
  /** Pods are to be made or to go, or a zone is in doubt: it matters whether a zone may be dying. */
  readonly heedsDoubt: boolean;
}

/**
 * A pool and the stations that looked at it. When one of a thousand nodes changes, nothing changes for a station
 * without a pod there. So a change of the pool concerns its onlookers only if it may change their plans.
 */
export class SharedPool {
  readonly zone: ZoneName;
  readonly kind: PodKind;
  readonly nodes = new NodePool();
  readonly #onlookers = new Map<Key, PoolReading>();
  readonly #waiting = new Set<Key>();
  readonly #risking = new Set<Key>();
  readonly #crowded = new Set<Key>();
  readonly #heeding = new Set<Key>();
  /** The most that is enough for any of them so far. */
  #enough = 0;
  #noted = noteOf(this.nodes);
  #doubt: ZoneDoubt | undefined;
  #doubtEndsAtMs = Infinity;

  constructor(zone: ZoneName, kind: PodKind) {
    this.zone = zone;
    this.kind = kind;
  }

  get isIdle(): boolean {
    return this.#onlookers.size === 0;
  }

  /** Notes what a look read. */
  read(key: Key, reading: PoolReading): void {
    if (this.isIdle) this.#noted = noteOf(this.nodes);
    this.#onlookers.set(key, reading);
    this.#enough = Math.max(this.#enough, reading.enoughNodes);
    keepIf(reading.waitsForRoom, this.#waiting, key);
    keepIf(reading.mayTakeRisk, this.#risking, key);
    keepIf(reading.isCrowded, this.#crowded, key);
    keepIf(reading.heedsDoubt, this.#heeding, key);
  }

  leave(key: Key): void {
    for (const keys of [this.#onlookers, this.#waiting, this.#risking, this.#crowded, this.#heeding]) keys.delete(key);
  }

  /** The stations whose plans may change by what has changed since it was asked last. */
  shifted(nowMs: number): Iterable<Key> {
    if (this.isIdle) return [];
    const before = this.#noted;
    const after = noteOf(this.nodes);
    this.#noted = after;
    if (after.life !== before.life) return this.#onlookers.keys();
    // While one node is new, a look is due at the end of that time, which sees any node that has come since.
    const mayHaveRoom = ({ healthyAtMs }: Note): boolean => nowMs - healthyAtMs < NO_ROOM_MS;
    return new Set([
      ...this.#thoseWithLess(this.#onlookers.keys(), before.count, after.count),
      ...this.#thoseWithLess(this.#crowded, before.healthy, after.healthy),
      ...(mayHaveRoom(before) === mayHaveRoom(after) ? [] : this.#waiting),
      ...(before.hasDown === after.hasDown ? [] : this.#risking),
      ...(before.hasSuspect === after.hasSuspect ? [] : this.#heeding),
    ]);
  }

  /** The stations to which it matters that a doubt about the zone has begun or ended since it was asked last. */
  doubted(memory: FirstSeen, nowMs: number): Iterable<Key> {
    if (this.zone === ANYWHERE) return [];
    const { doubts } = this.nodes;
    doubts.note(memory, this.#subject, nowMs);
    const { doubt, endsInMs } = doubts.at(nowMs);
    // A doubt that ended by its age needs no word: a look was due then.
    const before = nowMs < this.#doubtEndsAtMs ? this.#doubt : undefined;
    this.#doubt = doubt;
    this.#doubtEndsAtMs = nowMs + endsInMs;
    return doubt === before ? [] : this.#heeding;
  }

  /** Drops what the memory knows of it. */
  forget(memory: FirstSeen): void {
    memory.forget(this.#subject);
  }

  get #subject(): string {
    return `doubt of ${this.zone} ${this.kind.key}`;
  }

  /** Of these stations, those for which one of two different numbers of nodes is not enough. */
  #thoseWithLess(keys: Iterable<Key>, one: number, other: number): readonly Key[] {
    const fewest = Math.min(one, other);
    if (one === other || fewest >= this.#enough) return [];
    return [...keys].filter((key) => fewest < (this.#onlookers.get(key)?.enoughNodes ?? 0));
  }
}

function keepIf(isKept: boolean, keys: Set<Key>, key: Key): void {
  if (isKept) keys.add(key);
  else keys.delete(key);
}

/** What is remembered of a pool to see what has changed. */
interface Note {
  /** What decides whether a zone lives, fails, comes, goes, or takes pods. */
  readonly life: string;
  readonly count: number;
  readonly healthy: number;
  readonly hasDown: boolean;
  /** None lives, and one is only suspect. */
  readonly hasSuspect: boolean;
  readonly healthyAtMs: number;
}

function noteOf(nodes: NodePool): Note {
  const { size, count, healthy, leaving, down, healthyAtMs = -Infinity } = nodes;
  const life = [
    size > 0,
    count > 0,
    healthy > 0,
    healthy + leaving > 0,
    healthy === 0 && nodes.isOpen,
    nodes.isOutgoing,
    nodes.failingSinceMs() !== undefined,
  ];
  const hasSuspect = healthy + leaving === 0 && nodes.suspect > 0;
  return { life: life.join(' '), count, healthy, hasDown: down > 0, hasSuspect, healthyAtMs };
}
