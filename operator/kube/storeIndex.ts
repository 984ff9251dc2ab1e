import type { Key } from '../api/kubernetes/key.ts';

/** Finds objects by the values that a function gives them. */
export class StoreIndex<T> {
  readonly name: string;
  readonly #valuesOf: (projected: T) => readonly string[];
  readonly #byValue = new Map<string, Map<string, T>>();
  readonly #valuesByKey = new Map<string, readonly string[]>();

  constructor(name: string, valuesOf: (projected: T) => readonly string[]) {
    this.name = name;
    this.#valuesOf = valuesOf;
  }

  find(value: string): readonly T[] {
    return [...(this.#byValue.get(value)?.values() ?? [])];
  }

  /** Adds the object under its values; when the function throws, under none. */
  put(key: Key, projected: T): void {
    this.remove(key);
    const values = this.#valuesOf(projected);
    this.#valuesByKey.set(key, values);
    for (const value of values) {
      const found = this.#byValue.get(value);
      if (found === undefined) this.#byValue.set(value, new Map([[key, projected]]));
      else found.set(key, projected);
    }
  }

  remove(key: Key): void {
    for (const value of this.#valuesByKey.get(key) ?? []) {
      const found = this.#byValue.get(value);
      found?.delete(key);
      if (found?.size === 0) this.#byValue.delete(value);
    }
    this.#valuesByKey.delete(key);
  }
}
