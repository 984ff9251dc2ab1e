/**
 * Remembers when, on the monotonic clock, each fact about a subject was first seen without a break since. A subject is
 * anything with an identity that is not used twice (a UID). All its facts are told together: a fact that is left out
 * has ended. The memory starts empty, so after a restart every age starts at 0: waits get longer, never shorter.
 */
export class FirstSeen {
  readonly #limit: number;
  readonly #subjects = new Map<string, Map<string, number>>();

  /**
   * At most `limit` subjects are remembered; the one observed longest ago is forgotten first. Subjects that are gone are
   * to be forgotten one by one. The limit only bounds what is left over: Kubernetes supports 150,000 pods and 5,000
   * nodes, and with less room than they need, each look would take the ages of another station.
   */
  constructor(limit = 1_000_000) {
    this.#limit = limit;
  }

  /** Takes in all facts that hold for the subject now, and returns each with its age in milliseconds (0 when new). */
  observe(subject: string, facts: Iterable<string>, nowMs: number): ReadonlyMap<string, number> {
    const known = this.#subjects.get(subject);
    const current = new Map<string, number>();
    const ages = new Map<string, number>();
    for (const fact of facts) {
      const sinceMs = known?.get(fact) ?? nowMs;
      current.set(fact, sinceMs);
      ages.set(fact, Math.max(0, nowMs - sinceMs));
    }
    // Deleting first moves the subject to the end: the map's order is the order of the last observations.
    this.#subjects.delete(subject);
    if (current.size > 0) this.#subjects.set(subject, current);
    this.#forgetOldest();
    return ages;
  }

  /** The age of a fact as of the last observation of its subject; undefined when it did not hold then. */
  ageMs(subject: string, fact: string, nowMs: number): number | undefined {
    const sinceMs = this.#subjects.get(subject)?.get(fact);
    return sinceMs === undefined ? undefined : Math.max(0, nowMs - sinceMs);
  }

  /** Forgets a subject that is gone. */
  forget(subject: string): void {
    this.#subjects.delete(subject);
  }

  get size(): number {
    return this.#subjects.size;
  }

  #forgetOldest(): void {
    for (const [oldest] of this.#subjects) {
      if (this.#subjects.size <= this.#limit) return;
      this.#subjects.delete(oldest);
    }
  }
}
