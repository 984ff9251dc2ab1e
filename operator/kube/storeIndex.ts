/** Up to this length a list is copied when it grows, so that it has no room to spare: most lists have a few objects. */
const SHORT = 64;

/** Finds objects by the values that a function gives them. It must give the same object the same values each time. */
export class StoreIndex<T extends object> {
  readonly #valuesOf: (projected: T) => readonly string[];
  readonly #byValue = new Map<string, T[]>();
  /** Objects for which the function threw. */
  readonly #nowhere = new WeakSet<T>();

  constructor(valuesOf: (projected: T) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  find(value: string): readonly T[] {
    return [...(this.#byValue.get(value) ?? [])];
  }

  /**
   * Puts an object in the place of what it was before; undefined: it was not there, or is there no more. When the
   * function throws for the new one, so does this, and it is found under no value.
   */
  replace(before: T | undefined, after: T | undefined): void {
    const old = before === undefined || this.#nowhere.has(before) ? [] : this.#values(before);
    try {
      const values = after === undefined ? [] : this.#values(after);
      for (const value of old) this.#put(value, before, values.includes(value) ? after : undefined);
      for (const value of values) if (!old.includes(value)) this.#put(value, undefined, after);
    } catch (error) {
      for (const value of old) this.#put(value, before, undefined);
      if (after !== undefined) this.#nowhere.add(after);
      throw error;
    }
  }

  #values(projected: T): readonly string[] {
    const values = this.#valuesOf(projected);
    return values.length < 2 ? values : [...new Set(values)];
  }

  #put(value: string, before: T | undefined, after: T | undefined): void {
    const found = this.#byValue.get(value) ?? [];
    const place = before === undefined ? -1 : found.indexOf(before);
    if (place >= 0 && after !== undefined) {
      found[place] = after;
    } else if (after !== undefined && found.length >= SHORT) {
      found.push(after);
    } else {
      const others = place < 0 ? found : found.toSpliced(place, 1);
      const now = others.concat(after ?? []);
      if (now.length === 0) this.#byValue.delete(value);
      else this.#byValue.set(value, now);
    }
  }
}
