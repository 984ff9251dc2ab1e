import type { LeaseObject } from './projectLease.ts';
import { STEADY_MS, zoneSilences } from './zoneSilence.ts';
import type { Listener, ZoneSilences } from './zoneSilence.ts';

/*
 * Which nodes are suspect: those whose Lease has been seen unchanged for the time given while other Leases were renewed.
 * All on our clock, which is told: a node's own clock may be set back, so any change of its Lease is a renewal.
 *
 * The hard part is to tell a node that is cut off from ourselves, or the API server, being cut off from all nodes. Then all
 * fall silent within one renewal of each other: so a third or more of all nodes within 25 s is nobody's death, whoever of them
 * spoke again meanwhile, until each has; and while no Lease at all is renewed nobody becomes suspect. Who is suspect already
 * stays so then: taken back without a sign of life, its pods would count again, and others go in their place. But for a
 * third or more that is a whole zone, alone: it is believed (zoneSilence.ts), also of nodes that were excused before.
 */

const MASS_WITHIN_MS = 25_000;
/** Of several kubelets that renew every 10 s, jitter and a slow API server allowed for, one is heard within this. */
const OTHERS_WITHIN_MS = 12_000;
/** When to judge again while no Lease is renewed. */
const HELD_BACK_MS = 1_000;

interface Silence {
  readonly name: string;
  /** When it had lasted for so long that the node was suspect, if nothing spoke against it. */
  readonly suspectAtMs: number;
}

interface Heartbeat {
  readonly renewTime: string;
  readonly renewedAt: number;
  /** When that renewal was seen. */
  readonly sinceMs: number;
  /** Since when it was renewed without a break; a node seen for the first time always was. */
  readonly steadySinceMs: number;
  /** The silence that it ended, if that was a long one. */
  readonly ended: Silence | undefined;
  standing: Standing;
}

/**
 * `excused`: it is one of too many, and not suspect until it is heard again, or its whole zone is. `fallen`: suspect with its
 * whole zone, and no longer one of those by whom others are judged.
 */
type Standing = 'trusted' | 'suspect' | 'excused' | 'fallen';

/** What is known of a node beside its Lease. */
export interface NodePlace {
  /** By its label; empty without one. */
  readonly zone: string;
  readonly isReady: boolean;
}

/** The Leases of all nodes over time, and who is suspect by them. What changed is told as names of nodes. */
export class Suspects {
  readonly #suspectAfterMs: number;
  readonly #heartbeats = new Map<string, Heartbeat>();
  #suspects: ReadonlyMap<string, number> = new Map();
  #heardMs = -Infinity;
  #isHeldBack = false;

  constructor(suspectAfterMs: number) {
    this.#suspectAfterMs = suspectAfterMs;
  }

  /** Suspect nodes, each with when its Lease was renewed last, in seconds since 1970. A new map whenever that changes. */
  get suspects(): ReadonlyMap<string, number> {
    return this.#suspects;
  }

  /** Takes in a Lease as it is now; one seen for the first time was renewed now. */
  seen({ name, renewTime, renewedAt }: LeaseObject, nowMs: number): readonly string[] {
    const before = this.#heartbeats.get(name);
    if (before?.renewTime === renewTime) return [];
    // The silence of a zone that fell is explained, and speaks for no others'.
    const isExplained = before === undefined || before.standing === 'fallen';
    const ended = isExplained ? undefined : (this.#silenceOf(name, before, nowMs) ?? before.ended);
    const steadySinceMs = steadySince(before, nowMs);
    this.#heartbeats.set(name, { renewTime, renewedAt, sinceMs: nowMs, steadySinceMs, ended, standing: 'trusted' });
    this.#heardMs = nowMs;
    return this.#cleared(name, before);
  }

  /** Takes in that a Lease is gone: without one nobody is suspect. */
  gone(name: string): readonly string[] {
    const before = this.#heartbeats.get(name);
    this.#heartbeats.delete(name);
    return this.#cleared(name, before);
  }

  /** Judges all nodes there are anew; of zones, `most` may fall silent at once. */
  judge(nodes: ReadonlyMap<string, NodePlace>, most: number, nowMs: number): readonly string[] {
    const silent = this.#silences(nodes.keys(), nowMs);
    const open = silent.filter(({ name }) => !isSuspect(this.#heartbeats.get(name)));
    const isNobodyHeard = nowMs - this.#heardMs > OTHERS_WITHIN_MS;
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

  /** When to judge again, in ms, if no more than what is known happens; a Lease first seen later is never due before. */
  judgeAgainMs(nowMs: number): number {
    if (this.#isHeldBack) return HELD_BACK_MS;
    let soonestMs = this.#suspectAfterMs;
    for (const { sinceMs } of this.#heartbeats.values()) {
      const leftMs = sinceMs + this.#suspectAfterMs - nowMs;
      if (leftMs > 0) soonestMs = Math.min(soonestMs, leftMs);
    }
    return soonestMs;
  }

  #listeners(nodes: ReadonlyMap<string, NodePlace>): readonly Listener[] {
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

  /** Returns the names of those that are suspect now and were not, or the other way round. */
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

/** Those of which at least so many nodes fell silent within `MASS_WITHIN_MS`. */
function fallenTogether(silences: readonly Silence[], least: number): ReadonlySet<Silence> {
  const inOrder = silences.toSorted((a, b) => a.suspectAtMs - b.suspectAtMs);
  const together = new Set<Silence>();
  // How often each node is in the window that ends with the silence at hand: one that spoke for a moment is in it twice.
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
