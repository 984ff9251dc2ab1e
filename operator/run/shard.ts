import { backoffMs } from '../engine/backoff.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { messageOf } from '../kube/errors.ts';
import { listReadings } from '../kube/listing.ts';
import { writeWithinMs } from '../kube/lease.ts';
import { PartialStore } from '../kube/partialStore.ts';
import type { Gate, Gates } from '../kube/partialStore.ts';
import type { Reading } from '../kube/store.ts';
import { kindNamed } from '../observe/kinds.ts';
import type { KindName } from '../observe/kinds.ts';
import type { LabelSelector, NamespaceObject } from '../observe/objects.ts';
import { selects } from '../observe/selects.ts';
import { isGated } from '../observe/stores.ts';
import type { WritableStores } from '../observe/stores.ts';
import type { Log } from '../report/log.ts';

export interface ShardOptions {
  readonly selector: LabelSelector;
  /** Everything that is watched. */
  readonly kinds: readonly KindName[];
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * A namespace that comes over from another operator is served after this long. Its labels changed for both operators at
 * the same time. The last write of the other one has ended by then, if it heard of them within a second.
 */
export const HANDOVER_MS = writeWithinMs + 1_000;
const wait = { baseMs: 800, maxMs: 30_000 };

/**
 * The namespaces that one operator of several serves: those whose labels match a selector. Everything is watched in the
 * whole cluster, and the objects of other namespaces are dropped where they arrive. When the labels of a namespace
 * change, its objects are listed and taken in, or dropped, all at once: no look sees a part of them.
 */
export class Shard {
  readonly gates: Gates = {
    gateOf: (namespace) => this.#gates.get(namespace) ?? 'closed',
    onRelisted: () => this.#openAgain(),
  };
  readonly #options: ShardOptions;
  readonly #gates = new Map<string, Gate>();
  readonly #opening = new Map<string, Opening>();
  #stores: WritableStores | undefined;

  constructor(options: ShardOptions) {
    this.#options = options;
  }

  /** Whether the operator looks after this namespace now. */
  serves(namespace: string): boolean {
    return this.#gates.get(namespace) === 'open';
  }

  /** Opens the namespaces that match now, before anything else is listed, and follows their labels from then on. */
  begin(stores: WritableStores): void {
    if (this.#stores !== undefined) return;
    this.#stores = stores;
    const { namespaces } = stores;
    const served = namespaces.list().filter((each) => this.#matches(each));
    for (const { name } of served) this.#gates.set(name, 'open');
    this.#options.log.info(`serving ${served.length} of ${namespaces.size} namespaces`);
    namespaces.onChange(({ before, after }) => {
      const [was, is] = [this.#matches(before), this.#matches(after)];
      const name = after?.name ?? before?.name ?? '';
      if (is && !was) this.#open(name, this.#options.clock.monotonicMs() + HANDOVER_MS);
      if (was && !is) this.#close(name);
    });
  }

  #matches(namespace: NamespaceObject | undefined): boolean {
    return namespace !== undefined && selects(this.#options.selector, namespace.labels);
  }

  #open(namespace: string, notBeforeMs: number): void {
    const opening = { notBeforeMs, ended: new AbortController() };
    this.#gates.set(namespace, 'opening');
    this.#opening.set(namespace, opening);
    this.#openWhenListed(namespace, opening).catch((error: unknown) =>
      this.#options.log.error(`namespace ${namespace}: ${messageOf(error)}`),
    );
  }

  #close(namespace: string): void {
    this.#shut(namespace);
    this.#gates.delete(namespace);
    this.#options.log.info(`namespace ${namespace}: no longer served, its labels do not match or it is gone`);
  }

  #shut(namespace: string): void {
    this.#opening.get(namespace)?.ended.abort();
    this.#opening.delete(namespace);
    this.#gates.set(namespace, 'closed');
    for (const store of this.#gated()) store.close(namespace);
  }

  /** Begins again to list the namespaces that are opening. */
  #openAgain(): void {
    const opening = Array.from(this.#opening);
    for (const [namespace, { notBeforeMs }] of opening) {
      this.#shut(namespace);
      this.#open(namespace, notBeforeMs);
    }
  }

  async #openWhenListed(namespace: string, { notBeforeMs, ended }: Opening): Promise<void> {
    const { clock, log } = this.#options;
    const signal = AbortSignal.any([this.#options.signal, ended.signal]);
    await clock.sleep(notBeforeMs - clock.monotonicMs(), signal);
    const lists = await this.#listAll(namespace, signal);
    if (signal.aborted) return;
    this.#opening.delete(namespace);
    this.#gates.set(namespace, 'open');
    for (const [store, readings] of lists) store.open(namespace, readings);
    log.info(`namespace ${namespace}: served from now on, since its labels match`);
  }

  /** Lists all kinds, and tries again until that succeeds; empty once the signal is aborted. */
  async #listAll(namespace: string, signal: AbortSignal): Promise<Lists> {
    const { clock, random, log } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      try {
        return await Promise.all(
          this.#options.kinds.filter(isGated).map((kind) => this.#list(kind, namespace, signal)),
        );
      } catch (error) {
        if (signal.aborted) return [];
        failures++;
        const waitMs = backoffMs(failures, { ...wait, random });
        log.warn(`namespace ${namespace}: ${messageOf(error)}; trying again in ${(waitMs / 1000).toFixed(1)} s`);
        await clock.sleep(waitMs, signal);
      }
    }
    return [];
  }

  async #list(kind: KindName, namespace: string, signal: AbortSignal): Promise<Lists[number]> {
    const { client } = this.#options;
    const { resource, selection } = kindNamed(kind);
    const store = this.#storeOf(kind);
    const of = { resource, namespace };
    const { readings } = await listReadings({
      client,
      of,
      selection,
      signal,
      read: (raw) => store.readForOpening(raw),
    });
    return [store, readings];
  }

  #gated(): readonly PartialStore<object>[] {
    return this.#options.kinds.filter(isGated).map((kind) => this.#storeOf(kind));
  }

  #storeOf(kind: KindName): PartialStore<object> {
    const store: unknown = this.#stores?.[kind];
    if (store instanceof PartialStore) return store as PartialStore<object>;
    throw new TypeError(`the store of ${kind} keeps all namespaces: make it with the gates of the shard`);
  }
}

interface Opening {
  readonly notBeforeMs: number;
  readonly ended: AbortController;
}

type Lists = readonly (readonly [store: PartialStore<object>, readings: readonly Reading<object>[]])[];
