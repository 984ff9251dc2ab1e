/** At most twice as many texts are kept. */
const LIMIT = 25_000;

/** Keeps equal texts once. A text that did not come for a long time is forgotten, whether or not an object still has it. */
export class Texts {
  #lately = new Map<string, string>();
  #before = new Map<string, string>();

  /** The one text that is equal to this one. */
  one(text: string): string {
    const same = this.#lately.get(text);
    if (same !== undefined) return same;
    const kept = this.#before.get(text) ?? text;
    if (this.#lately.size >= LIMIT) {
      this.#before = this.#lately;
      this.#lately = new Map();
    }
    this.#lately.set(kept, kept);
    return kept;
  }

  get size(): number {
    return this.#lately.size + this.#before.size;
  }
}
