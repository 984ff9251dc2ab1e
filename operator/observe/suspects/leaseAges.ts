/*
 * How long the Leases of nodes have not been renewed, in the steps that tell of a dying zone (nodes/zoneDoubt.ts), and
 * which nodes have just come to another step.
 *
 * Hard part: thousands of nodes renew their Leases all the time, and next to no renewal says anything new. So a renewal
 * costs the same however many nodes there are, and so does a node that falls silent: what is due next is at the front
 * of a list.
 */
import type { LeaseObject } from '../projectLease.ts';
import { OVERDUE_MS, STEADY_MS } from './zoneSilence.ts';

/** `overdue`: not renewed for 12 s. `silent`: for 15 s. */
export type LeaseAge = 'timely' | 'overdue' | 'silent';

/** Nodes by name; `all`: Leases have begun or ended to tell of nodes at all. */
export type Turned = readonly string[] | 'all';

/** Kubelets renew every 10 s. Of several, one is heard within this time, even with jitter and a slow API server. */
const OTHERS_WITHIN_MS = 12_000;

interface Renewal {
  /** By the clock of the API server, in seconds since 1970. */
  readonly renewedAt: number;
  /** When we saw it. */
  readonly sinceMs: number;
  /** It was there when we saw the Lease for the first time. */
  readonly isFirst: boolean;
}

/** The step of a node whose Lease has not been renewed for so long. */
export function leaseAgeOf(silentMs: number): LeaseAge {
  if (silentMs < OVERDUE_MS) return 'timely';
  return silentMs < STEADY_MS ? 'overdue' : 'silent';
}

/** The ages of all Leases. */
export class LeaseAges {
  readonly #renewals = new Map<string, Renewal>();
  /** Those that have not been renewed for less than 12 s, and less than 15 s, in the order of their renewals. */
  readonly #timely = new Map<string, number>();
  readonly #overdue = new Map<string, number>();
  /** Those that we have not seen renewed yet, and that may be older than they look. */
  readonly #first = new Set<string>();
  /** The steps that were told of those that are not timely. */
  readonly #late = new Map<string, LeaseAge>();
  readonly #turned = new Set<string>();
  #allTurned = false;
  #heardMs = -Infinity;
  /** The latest of all renewals, in seconds since 1970 by the clock of the API server. */
  #newestAt = -Infinity;
  #doTell = false;

  /** Takes in a renewal. */
  renewed({ name, renewedAt }: LeaseObject, nowMs: number): void {
    const isFirst = !this.#renewals.has(name);
    this.#renewals.set(name, { renewedAt, sinceMs: nowMs, isFirst });
    this.#overdue.delete(name);
    // Deleting first moves it to the end.
    this.#timely.delete(name);
    this.#timely.set(name, nowMs);
    if (isFirst) this.#first.add(name);
    else this.#first.delete(name);
    this.#heardMs = nowMs;
    this.#setTelling(true);
    this.#judge(name, nowMs);
    if (renewedAt <= this.#newestAt) return;
    this.#newestAt = renewedAt;
    for (const each of this.#first) this.#judge(each, nowMs);
  }

  /** Takes in that a Lease is gone. */
  gone(name: string): void {
    for (const known of [this.#renewals, this.#timely, this.#overdue, this.#first]) known.delete(name);
    if (this.#late.delete(name)) this.#turned.add(name);
  }

  /** As `Suspects.silentMs`. */
  silentMs(name: string, nowMs: number): number | undefined {
    if (this.isNobodyHeard(nowMs)) return undefined;
    const renewal = this.#renewals.get(name);
    return renewal === undefined ? 0 : this.#silentMs(renewal, nowMs);
  }

  /** Whether no Lease at all is renewed. */
  isNobodyHeard(nowMs: number): boolean {
    return nowMs - this.#heardMs > OTHERS_WITHIN_MS;
  }

  /** When `turn` may have something to do although no Lease is renewed; `Infinity`: never. */
  get turnsAtMs(): number {
    const [timelyMs = Infinity] = this.#timely.values();
    const [overdueMs = Infinity] = this.#overdue.values();
    const quietMs = this.#doTell ? this.#heardMs + OTHERS_WITHIN_MS + 1 : Infinity;
    return Math.min(timelyMs + OVERDUE_MS, overdueMs + STEADY_MS, quietMs);
  }

  /** Takes in that time has passed. */
  turn(nowMs: number): void {
    for (const [name, sinceMs] of this.#timely) {
      if (nowMs - sinceMs < OVERDUE_MS) break;
      this.#timely.delete(name);
      this.#overdue.set(name, sinceMs);
      this.#judge(name, nowMs);
    }
    for (const [name, sinceMs] of this.#overdue) {
      if (nowMs - sinceMs < STEADY_MS) break;
      this.#overdue.delete(name);
      this.#judge(name, nowMs);
    }
    if (this.isNobodyHeard(nowMs)) this.#setTelling(false);
  }

  /** The nodes that have come to another step since it was asked last. */
  takeTurned(): Turned {
    const turned = this.#allTurned ? 'all' : [...this.#turned];
    this.#turned.clear();
    this.#allTurned = false;
    return turned;
  }

  #setTelling(doTell: boolean): void {
    if (doTell === this.#doTell) return;
    this.#doTell = doTell;
    this.#allTurned = true;
  }

  #silentMs({ renewedAt, sinceMs, isFirst }: Renewal, nowMs: number): number {
    return Math.max(nowMs - sinceMs, isFirst ? (this.#newestAt - renewedAt) * 1000 : 0);
  }

  #judge(name: string, nowMs: number): void {
    const renewal = this.#renewals.get(name);
    if (renewal === undefined) return;
    const before = this.#late.get(name) ?? 'timely';
    const age = leaseAgeOf(this.#silentMs(renewal, nowMs));
    if (age === 'silent') this.#first.delete(name);
    if (age === before) return;
    if (age === 'timely') this.#late.delete(name);
    else this.#late.set(name, age);
    this.#turned.add(name);
  }
}
