/** Moments, some of them equal. Adding one that is not before all others takes no search. */
export class Times {
  /** In ascending order. */
  readonly #moments: number[] = [];

  get size(): number {
    return this.#moments.length;
  }

  get latestMs(): number | undefined {
    return this.#moments.at(-1);
  }

  add(atMs: number): void {
    if (atMs >= (this.latestMs ?? -Infinity)) this.#moments.push(atMs);
    else this.#moments.splice(this.#firstAfter(atMs), 0, atMs);
  }

  remove(atMs: number): void {
    const index = this.#firstAfter(atMs) - 1;
    if (this.#moments[index] === atMs) this.#moments.splice(index, 1);
  }

  /**
   * Of all groups of so many moments within so many ms, the one that is latest: when it began. Undefined when there is
   * no such group.
   */
  latestGroup(many: number, withinMs: number): number | undefined {
    for (let first = this.#moments.length - many; first >= 0; first--) {
      const [beganMs = 0, endedMs = 0] = [this.#moments[first], this.#moments[first + many - 1]];
      if (endedMs - beganMs <= withinMs) return beganMs;
    }
    return undefined;
  }

  #firstAfter(atMs: number): number {
    let [from, to] = [0, this.#moments.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#moments[middle] ?? 0) <= atMs) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
