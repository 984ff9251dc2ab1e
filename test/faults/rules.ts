import type { Proxied } from './proxied.ts';
import type { WriteKind } from './writes.ts';

/** Which requests a rule is about; what is left out may be anything. */
export interface Which {
  readonly method?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly userAgent?: RegExp;
  /** The object's name. */
  readonly name?: RegExp;
  /** `any`: every write, whatever it does. */
  readonly write?: WriteKind | 'any';
}

/**
 * What happens to a request.
 * - `pass`: nothing; for rules that only want to be told.
 * - `delay`: it goes to the API server later.
 * - `hold`: it goes to the API server when the promise is resolved, even if whoever sent it has gone.
 * - `holdAnswer`: its answer is given when the promise is resolved.
 * - `reset`: the connection is reset, `before` anything was sent on, or `after` the API server did it: nobody hears of it.
 * - `answer`: the API server never hears of it.
 */
export type Fault =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hold' | 'holdAnswer'; readonly until: Promise<unknown> }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'answer'; readonly status: 429 | 503; readonly retryAfterSeconds?: number };

export interface Rule {
  readonly which: Which;
  /** Of those requests only every so manieth is struck, the first of them first; 1 unless told. */
  readonly every?: number;
  /** How many are let through before the first is struck; none unless told. */
  readonly after?: number;
  /** How many are struck; 1 unless told. */
  readonly times?: number;
  /** Asked for each strike, from 0. */
  readonly fault: (strike: number) => Fault;
  /** Called when the fault was done: for `pass` after the answer went out, for a reset when the connection is gone. */
  readonly done?: (request: Proxied) => void;
}

/** Rules in the order they were given; the first that strikes a request is the one. */
export class Rules {
  readonly #rules: { readonly rule: Rule; seen: number; strikes: number }[] = [];

  add(rule: Rule): () => void {
    const entry = { rule, seen: 0, strikes: 0 };
    this.#rules.push(entry);
    return () => void this.#rules.splice(this.#rules.indexOf(entry), 1);
  }

  clear(): void {
    this.#rules.splice(0);
  }

  strike(request: Proxied, write: WriteKind | undefined): { readonly rule: Rule; readonly fault: Fault } | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (entry.strikes >= (rule.times ?? 1) || !isMeant(rule.which, request, write)) continue;
      const turn = entry.seen - (rule.after ?? 0);
      entry.seen += 1;
      if (turn >= 0 && turn % (rule.every ?? 1) === 0) return { rule, fault: rule.fault(entry.strikes++) };
    }
    return undefined;
  }
}

function isMeant(which: Which, request: Proxied, write: WriteKind | undefined): boolean {
  const { method, resource, subresource, userAgent, name } = which;
  return (
    (method === undefined || method === request.method) &&
    (resource === undefined || resource === request.resource) &&
    (subresource === undefined || subresource === request.subresource) &&
    (userAgent === undefined || userAgent.test(request.userAgent)) &&
    (name === undefined || name.test(request.name ?? '')) &&
    (which.write === undefined || (which.write === 'any' ? write !== undefined : write === which.write))
  );
}
