import type { LeaseObject } from '../projectLease.ts';
import { LeaseAges } from './leaseAges.ts';
import { STEADY_MS, zoneSilences } from './zoneSilence.ts';
import type { HeardNode, ZoneSilences } from './zoneSilence.ts';

/*
 * Which nodes are suspect: those whose Lease has not been renewed for `--suspect-after` (25 s) while other Leases were.
 * All times are by our clock, which the caller passes in. A node's own clock may be set back, so any change of its
 * Lease counts as a renewal.
 *
 * The hard part is to tell a node that is cut off from a network failure that cuts us, or the API server, off from all
 * nodes. In such a failure all nodes fall silent within one renewal interval. Therefore:
 *
 * - If a third or more of all nodes fall silent within 25 s, assume that the network failed, not the nodes. None of
 *   them becomes suspect until it has renewed its Lease again. A node that renews soon still counts as one that fell
 *   silent.
 * - While no Lease at all is renewed, no node becomes suspect.
 * - In both cases a node that is suspect already stays so. If it were trusted again without having renewed its Lease,
 *   its pods would count as sure, and other pods would be deleted in their place.
 * - A third or more that is exactly one whole zone is believed to be dead (zoneSilence.ts), also when its nodes were
 *   excused before.
 */

const MASS_WITHIN_MS = 25_000;
/** When to judge again while no Lease is renewed, or while a whole zone is overdue. */
const HELD_BACK_MS = 1_000;

interface Silence {
  readonly name: string;
  /** When it had lasted long enough to make the node suspect, if no rule forbade it. */
  readonly suspectAtMs: number;
}

interface Heartbeat {
  readonly renewTime: string;
  readonly renewedAt: number;
  /** When we saw that renewal. */
  readonly sinceMs: number;
  /** Since when it has been renewed without a break; `-Infinity` for a node seen for the first time. */
  readonly steadySinceMs: number;
  /** The silence that this renewal ended, if it was a long one. */
  readonly ended: Silence | undefined;
  standing: Standing;
}

/**
 * - `excused`: it fell silent together with too many others. It is not suspect until it is heard again, or its whole
 *   zone is suspect.
 * - `fallen`: it is suspect with its whole zone, and no longer counts when others are judged.
 */
type Standing = 'trusted' | 'suspect' | 'excused' | 'fallen';

/** What is known of a node besides its Lease. */
export interface NodePlace {
  /** By its label; empty without one. */
  readonly zone: string;
  readonly isReady: boolean;
}

/** Follows the Leases of all nodes, and says which are suspect. Methods return the names of nodes where that changed. */
export class Suspects {
  readonly #suspectAfterMs: number;
  readonly #heartbeats = new Map<string, Heartbeat>();
  /** How old the Leases are. */
  readonly ages = new LeaseAges();
  #suspects: ReadonlyMap<string, number> = new Map();
  #isHeldBack = false;

  constructor(suspectAfterMs: number) {
    this.#suspectAfterMs = suspectAfterMs;
  }

  /** Suspect nodes, each with the time of its last renewal in seconds since 1970. A new map whenever that changes. */
  get suspects(): ReadonlyMap<string, number> {
    return this.#suspects;
  }

  /** Takes in a Lease as it is now; one seen for the first time counts as renewed now. */
  seen(lease: LeaseObject, nowMs: number): readonly string[] {
    const { name, renewTime, renewedAt } = lease;
    const before = this.#heartbeats.get(name);
    if (before?.renewTime === renewTime) return [];
    // The death of its zone explains this silence, so it says nothing about other nodes.
    const isExplained = before === undefined || before.standing === 'fallen';
    const ended = isExplained ? undefined : (this.#silenceOf(name, before, nowMs) ?? before.ended);
    const steadySinceMs = steadySince(before, nowMs);
    this.#heartbeats.set(name, { renewTime, renewedAt, sinceMs: nowMs, steadySinceMs, ended, standing: 'trusted' });
    this.ages.renewed(lease, nowMs);
    return this.#cleared(name, before);
  }

  /** Takes in that a Lease is gone: a node without one is not suspect. */
  gone(name: string): readonly string[] {
    const before = this.#heartbeats.get(name);
    this.#heartbeats.delete(name);
    this.ages.gone(name);
    return this.#cleared(name, before);
  }

  /**
   * How many ms a node's Lease has not been renewed; 0 without a Lease. Undefined while no Lease at all is renewed: then
   * it says nothing about the node. Until the first renewal that we see, it counts from the one that the Lease tells.
   */
  silentMs(name: string, nowMs: number): number | undefined {
    return this.ages.silentMs(name, nowMs);
  }

  /** Judges all nodes again. Up to `most` zones that fall silent at once, each as a whole, are believed to be dead. */
  judge(nodes: ReadonlyMap<string, NodePlace>, most: number, nowMs: number): readonly string[] {
    const silent = this.#silences(nodes.keys(), nowMs);
    const open = silent.filter(({ name }) => !isSuspect(this.#heartbeats.get(name)));
    const isNobodyHeard = this.ages.isNobodyHeard(nowMs);
    this.#isHeldBack = isNobodyHeard && open.some(({ name }) => this.#heartbeats.get(name)?.standing === 'trusted');
    if (open.length === 0 || isNobodyHeard) return [];
    const suspectAfterMs = this.#suspectAfterMs;
    const zones = zoneSilences(this.#listeners(nodes), { nowMs, suspectAfterMs, most });
    this.#isHeldBack = open.some(({ name }) => zones.pending.has(name));
    this.#rejudge(silent, nodes, zones);
    return this.#listAnew();
  }

  #rejudge(silent: readonly Silence[], nodes: ReadonlyMap<string, NodePlace>, { dead, pending }: ZoneSilences): void {
    const standingOf = (name: string): Standing | undefined => this.#heartbeats.get(name)?.standing;
    const isFallen = (name: string): boolean => dead.has(name) || standingOf(name) === 'fallen';
    const left = [...nodes.keys()].filter((name) => !isFallen(name));
    const ended = left.flatMap((name) => this.#heartbeats.get(name)?.ended ?? []);
    const stillSilent = silent.filter(({ name }) => !isFallen(name));
    const together = fallenTogether([...stillSilent, ...ended], left.length / 3);
    for (const silence of silent) {
      const heartbeat = this.#heartbeats.get(silence.name);
      if (heartbeat === undefined || pending.has(silence.name)) continue;
      if (isFallen(silence.name)) heartbeat.standing = 'fallen';
      else if (together.has(silence)) heartbeat.standing = 'excused';
      else if (heartbeat.standing === 'trusted') heartbeat.standing = 'suspect';
    }
  }

  /** When to judge again, in ms, if nothing else happens; a Lease first seen later is never due sooner. */
  judgeAgainMs(nowMs: number): number {
    if (this.#isHeldBack) return HELD_BACK_MS;
    let soonestMs = this.#suspectAfterMs;
    for (const { sinceMs } of this.#heartbeats.values()) {
      const leftMs = sinceMs + this.#suspectAfterMs - nowMs;
      if (leftMs > 0) soonestMs = Math.min(soonestMs, leftMs);
    }
    return soonestMs;
  }

  #listeners(nodes: ReadonlyMap<string, NodePlace>): readonly HeardNode[] {
    return [...nodes].map(([name, { zone, isReady }]) => {
      const heartbeat = this.#heartbeats.get(name);
      const isGone = !isReady || isSuspect(heartbeat) || heartbeat === undefined;
      return {
        name,
        zone,
        isReady,
        heardAtMs: heartbeat?.sinceMs ?? (isReady ? Infinity : -Infinity),
        steadySinceMs: isGone ? undefined : heartbeat.steadySinceMs,
      };
    });
  }

  #silences(nodes: Iterable<string>, nowMs: number): readonly Silence[] {
    return [...nodes].flatMap((name) => {
      const heartbeat = this.#heartbeats.get(name);
      return (heartbeat && this.#silenceOf(name, heartbeat, nowMs)) ?? [];
    });
  }

  #silenceOf(name: string, { sinceMs }: Heartbeat, nowMs: number): Silence | undefined {
    const suspectAtMs = sinceMs + this.#suspectAfterMs;
    return nowMs >= suspectAtMs ? { name, suspectAtMs } : undefined;
  }

  #cleared(name: string, before: Heartbeat | undefined): readonly string[] {
    if (!isSuspect(before)) return [];
    this.#listAnew();
    return [name];
  }

  /** Lists the suspects again; returns the names of nodes that became suspect or no longer are. */
  #listAnew(): readonly string[] {
    const before = this.#suspects;
    const suspects = [...this.#heartbeats].filter(([, heartbeat]) => isSuspect(heartbeat));
    this.#suspects = new Map(suspects.map(([name, { renewedAt }]) => [name, renewedAt]));
    return [...new Set([...before.keys(), ...this.#suspects.keys()])].filter(
      (name) => before.has(name) !== this.#suspects.has(name),
    );
  }
}

function isSuspect(heartbeat: Heartbeat | undefined): boolean {
  return heartbeat?.standing === 'suspect' || heartbeat?.standing === 'fallen';
}

function steadySince(before: Heartbeat | undefined, nowMs: number): number {
  if (before === undefined) return -Infinity;
  return nowMs - before.sinceMs <= STEADY_MS ? before.steadySinceMs : nowMs;
}

/** The silences of groups in which at least `least` nodes fell silent within `MASS_WITHIN_MS`. */
function fallenTogether(silences: readonly Silence[], least: number): ReadonlySet<Silence> {
  const inOrder = silences.toSorted((a, b) => a.suspectAtMs - b.suspectAtMs);
  const together = new Set<Silence>();
  // Counts the silences of each node in the window that ends with the present one: a node that was heard for a moment
  // in between has two of them.
  const times = new Map<string, number>();
  const count = (name: string, more: number): void => {
    const now = (times.get(name) ?? 0) + more;
    if (now === 0) times.delete(name);
    else times.set(name, now);
  };
  let [first, told] = [0, 0];
  for (const [last, { name, suspectAtMs }] of inOrder.entries()) {
    count(name, 1);
    for (; suspectAtMs - (inOrder[first]?.suspectAtMs ?? 0) > MASS_WITHIN_MS; first++) {
      count(inOrder[first]?.name ?? '', -1);
    }
    if (times.size < least) continue;
    for (const silence of inOrder.slice(Math.max(first, told), last + 1)) together.add(silence);
    told = last + 1;
  }
  return together;
}
