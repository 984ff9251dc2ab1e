import { Suspects } from '../../operator/observe/suspects/suspects.ts';
import type { NodePlace } from '../../operator/observe/suspects/suspects.ts';

/** How long a Lease may go unrenewed, in ms. */
export const afterMs = 25_000;

/** Nodes `n1`, `n2`, … that renew every 10 s, evenly apart, seen second by second. */
export class Fleet {
  readonly tracker: Suspects;
  readonly #names: readonly string[];
  readonly #places: Map<string, NodePlace>;
  readonly #most: number;
  readonly #silent = new Set<string>();
  #renewals = 0;
  #nowMs = 0;
  /** Every flip so far: second and name. */
  readonly flips: (readonly [atSeconds: number, name: string])[] = [];

  /** Node by node over so many zones, `zone-1` and so on; without zones no node has a label. */
  constructor(nodes: number, { tracker = new Suspects(afterMs), zones = 0, most = 1 } = {}) {
    this.tracker = tracker;
    this.#most = most;
    this.#names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const zoneOf = (index: number): string => (zones === 0 ? '' : `zone-${(index % zones) + 1}`);
    this.#places = new Map(this.#names.map((name, index) => [name, { zone: zoneOf(index), isReady: true }]));
    for (const name of this.#names) this.renew(name);
  }

  get suspects(): readonly string[] {
    return [...this.tracker.suspects.keys()].toSorted();
  }

  /** Lets the seconds pass; every renewal is another text. */
  run(seconds: number): this {
    for (const untilMs = this.#nowMs + seconds * 1000; this.#nowMs < untilMs;) {
      this.#nowMs += 1000;
      for (const [index, name] of this.#names.entries()) {
        const due = Math.floor((index * 10) / this.#names.length) === (this.#nowMs / 1000) % 10;
        if (due && !this.#silent.has(name)) this.renew(name);
      }
      this.#note(this.tracker.judge(this.#places, this.#most, this.#nowMs));
    }
    return this;
  }

  silence(...names: readonly string[]): this {
    for (const name of names) this.#silent.add(name);
    return this;
  }

  wake(...names: readonly string[]): this {
    for (const name of names) this.#silent.delete(name);
    return this;
  }

  /** The cluster calls these lost. */
  lose(...names: readonly string[]): this {
    for (const name of names) this.#places.set(name, { zone: this.#places.get(name)?.zone ?? '', isReady: false });
    return this;
  }

  zone(number: number): readonly string[] {
    return this.#names.filter((name) => this.#places.get(name)?.zone === `zone-${number}`);
  }

  /** `renewTime` need not be later than before. */
  renew(name: string, renewTime = String((this.#renewals += 1))): this {
    this.#note(this.tracker.seen({ name, renewTime, renewedAt: this.#renewals }, this.#nowMs));
    return this;
  }

  all(): readonly string[] {
    return this.#names;
  }

  #note(names: readonly string[]): void {
    for (const name of names) this.flips.push([this.#nowMs / 1000, name]);
  }
}
