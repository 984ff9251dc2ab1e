/** A hub that was sent away so often finds the way to the leader barred: it is served here after all. */
const TRIES = 16;
/** And for so long, before it is to try again. */
const KEPT_MS = 300_000;
/** Of so many addresses that is remembered, for so long. */
const ADDRESSES_MOST = 2_000;
const REMEMBERED_MS = 60_000;
/** Hubs move to a new leader one after another, not all at once: each second every tenth. */
const MOVES = 0.1;

/** Until when a connection stays here, no matter who leads, in milliseconds of a monotonic clock. */
export interface Admission {
  readonly keptUntilMs: number;
}

/**
 * Which replica serves a hub: the leader, since what hubs tell has to be summed in one place. A replica that does not lead
 * ends a hub's connection, and the next one comes to any replica, by chance. While nobody leads, every replica serves.
 *
 * Hard part: a hub may reach this replica and not the leader. One that was sent away sixteen times in a minute stays. Its two
 * Envoys count together: with three replicas, chance alone does that to one hub of 150, and with two to one of 5,000.
 */
export class Preference {
  readonly #isElsewhere: () => boolean;
  readonly #random: () => number;
  /** The times at which addresses were sent away; the address that came first is the oldest. */
  readonly #sent = new Map<string, readonly number[]>();

  /** `isElsewhere`: another replica leads. `random`: a number in [0, 1). */
  constructor(isElsewhere: () => boolean, random: () => number) {
    this.#isElsewhere = isElsewhere;
    this.#random = random;
  }

  /** Whether a new connection from this address is served, and how long in any case; undefined: it is not. */
  admit(address: string, nowMs: number): Admission | undefined {
    if (!this.#isElsewhere()) return { keptUntilMs: nowMs };
    const tries = [...(this.#sent.get(address) ?? []).filter((atMs) => nowMs - atMs < REMEMBERED_MS), nowMs];
    this.#sent.delete(address);
    if (tries.length > TRIES) return { keptUntilMs: nowMs + KEPT_MS };
    this.#sent.set(address, tries);
    for (const [oldest] of this.#sent) {
      if (this.#sent.size <= ADDRESSES_MOST) break;
      this.#sent.delete(oldest);
    }
    return undefined;
  }

  /** Whether a connection is to end now, so that its hub goes to the leader. Asked once a second. */
  isToMove({ keptUntilMs }: Admission, nowMs: number): boolean {
    return nowMs >= keptUntilMs && this.#isElsewhere() && this.#random() < MOVES;
  }
}
