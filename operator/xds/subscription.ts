import type { PackedResource } from '../envoy/translate.ts';
import type { Delta, DeltaRequest } from './messages.ts';
import { refusalReason } from './refusalReason.ts';

/** A resource that one Envoy refused: it goes on with the form that it had before. */
export interface Nack {
  readonly name: string;
  /** In Envoy's words; they name the field. */
  readonly message: string;
  /** Of the form that it refused; empty: it refused that the resource is gone. */
  readonly version: string;
}

interface UnderWay {
  readonly nonce: string;
  readonly names: readonly string[];
}

/**
 * What one Envoy asks for of one type, what it has, and what it lacks. One response is under way at a time: an Envoy
 * that reads slowly gets the newest state, and no queue.
 *
 * A version that it refused is not sent again. It counts as one that it has, until there is another.
 *
 * Hard part: where one resource breaks a rule of Envoy's schema, Envoy refuses the whole response, and the good ones in
 * it are not used. So the resources of a refused response are sent again, each in a response of its own.
 *
 * Example: the ports of 500 stations are sent at once, and one of them is 99999. Envoy refuses all. It gets them one by
 * one, and refuses only that one.
 *
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#incremental-xds
 */
export class Subscription {
  readonly #typeUrl: string;
  readonly #names = new Set<string>();
  /** Versions by name. */
  readonly #has = new Map<string, string>();
  /** Names asked for since the last response: they get an answer even when nothing has changed. */
  readonly #asked = new Set<string>();
  /** Names of a refused response that are still to be sent alone. */
  readonly #alone = new Set<string>();
  #isWildcard = false;
  #isAnswered = false;
  #hasReplied = false;
  #underWay: UnderWay | undefined;
  #seen: ReadonlyMap<string, PackedResource> | undefined;

  constructor(typeUrl: string, first: DeltaRequest) {
    this.#typeUrl = typeUrl;
    for (const [name, version] of Object.entries(first.initialResourceVersions)) this.#has.set(name, version);
    // The protocol's older way to ask for everything.
    this.#isWildcard = first.resourceNamesSubscribe.length === 0;
  }

  /** Whether it has taken in, or refused, a response, and none of its resources is still to be sent alone. */
  get hasReplied(): boolean {
    return this.#hasReplied && this.#alone.size === 0;
  }

  /** Takes in a request. Returns what it refuses, once it is known which resource that is. */
  hear(request: DeltaRequest): Nack | undefined {
    for (const name of request.resourceNamesSubscribe) this.#subscribe(name);
    for (const name of request.resourceNamesUnsubscribe) this.#unsubscribe(name);
    const answered = this.#underWay;
    if (request.responseNonce === '' || answered?.nonce !== request.responseNonce) return undefined;
    this.#underWay = undefined;
    this.#hasReplied = true;
    return request.errorDetail && this.#refuse(answered.names, refusalReason(request.errorDetail.message));
  }

  /** What it lacks now; undefined when it lacks nothing, or has not answered yet. */
  next(all: ReadonlyMap<string, PackedResource>, newNonce: () => string): Delta | undefined {
    if (this.#underWay !== undefined) return undefined;
    const [alone] = this.#alone;
    if (alone !== undefined) return this.#sendAlone(alone, all, newNonce);
    if (this.#seen === all && this.#asked.size === 0 && this.#isAnswered) return undefined;
    this.#seen = all;
    const changed = new Map([...this.#wanted(all)].filter(([name, { version }]) => this.#lacks(name, version)));
    const removed = this.#gone(all);
    this.#asked.clear();
    // Without any answer an Envoy that asks for everything is not ready for 15 s.
    const owesAnswer = this.#isWildcard && !this.#isAnswered;
    if (changed.size === 0 && removed.length === 0 && !owesAnswer) return undefined;
    this.#isAnswered = true;
    return this.#send({ typeUrl: this.#typeUrl, nonce: newNonce(), changed, removed });
  }

  #refuse(names: readonly string[], message: string): Nack | undefined {
    const [name = '', ...others] = names;
    if (others.length === 0) return { name, message, version: this.#has.get(name) ?? '' };
    for (const each of names) this.#alone.add(each);
    return undefined;
  }

  /** One resource of a refused response. One that is gone by now is told as gone. */
  #sendAlone(name: string, all: ReadonlyMap<string, PackedResource>, newNonce: () => string): Delta {
    this.#alone.delete(name);
    this.#seen = undefined;
    const resource = all.get(name);
    const changed = new Map(resource === undefined ? [] : [[name, resource]]);
    const removed = resource === undefined ? [name] : [];
    return this.#send({ typeUrl: this.#typeUrl, nonce: newNonce(), changed, removed });
  }

  #subscribe(name: string): void {
    if (name === '*') this.#isWildcard = true;
    else {
      this.#names.add(name);
      this.#asked.add(name);
    }
  }

  #unsubscribe(name: string): void {
    if (name === '*') this.#isWildcard = false;
    this.#names.delete(name);
    this.#has.delete(name);
    this.#asked.delete(name);
    this.#alone.delete(name);
    this.#seen = undefined;
  }

  #wanted(all: ReadonlyMap<string, PackedResource>): Iterable<readonly [string, PackedResource]> {
    if (this.#isWildcard) return all;
    return [...this.#names].flatMap((name) => {
      const resource = all.get(name);
      return resource === undefined ? [] : [[name, resource] as const];
    });
  }

  #lacks(name: string, version: string): boolean {
    return this.#has.get(name) !== version || this.#asked.has(name);
  }

  /** Names that it has, or has just asked for, and that do not exist. */
  #gone(all: ReadonlyMap<string, PackedResource>): readonly string[] {
    const known = new Set([...this.#has.keys(), ...this.#asked]);
    return [...known].filter((name) => !all.has(name));
  }

  #send(delta: Delta): Delta {
    for (const [name, { version }] of delta.changed) this.#has.set(name, version);
    for (const name of delta.removed) this.#has.delete(name);
    this.#underWay = { nonce: delta.nonce, names: [...delta.changed.keys(), ...delta.removed] };
    return delta;
  }
}
