import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { PartialStore } from '../../operator/kube/partialStore.ts';
import type { Gate } from '../../operator/kube/partialStore.ts';
import type { Reading } from '../../operator/kube/store.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { check } from './check.ts';

const namespaces = ['food', 'drink'] as const;
type Namespace = (typeof namespaces)[number];

type Action =
  | { readonly kind: 'write' | 'delete' | 'learn'; readonly namespace: Namespace; readonly name: number }
  | { readonly kind: 'hear'; readonly events: number }
  | { readonly kind: 'select' | 'leave' | 'listed'; readonly namespace: Namespace }
  | { readonly kind: 'readAll' | 'relist' };

const namespace = fc.constantFrom(...namespaces);
const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), namespace, name: fc.nat({ max: 1 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom('delete', 'learn'), namespace, name: fc.nat({ max: 1 }) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('hear' as const), events: fc.nat({ max: 4 }) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('select', 'leave', 'listed'), namespace }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('readAll', 'relist') }) },
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);

/** An API server whose watch is heard of late, and a store that keeps some of its namespaces. */
class Cluster {
  readonly #objects = new Map<string, KubeObject>();
  #version = 1;
  /** What the watch has yet to tell. */
  #untold: { readonly type: 'changed' | 'deleted'; readonly object: KubeObject }[] = [];
  readonly #gates = new Map<string, Gate>();
  /** Lists of namespaces that are on their way. */
  readonly #lists = new Map<string, readonly Reading<{ readonly value: string }>[]>();
  /** A list of the whole cluster that is being read, because the watch broke off. Nothing is heard meanwhile. */
  #whole: { readonly readings: readonly Reading<{ readonly value: string }>[]; readonly version: number } | undefined;
  readonly store = new PartialStore<{ readonly value: string }>(
    {
      name: 'things',
      clock: new FakeClock(),
      onError: (error) => {
        throw error;
      },
      project: ({ metadata: { resourceVersion = '' } }) => ({ value: resourceVersion }),
    },
    { gateOf: (name) => this.#gates.get(name) ?? 'closed', onRelisted: () => this.#openAgain() },
  );

  constructor() {
    this.store.replace([], '1');
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'write':
        return this.#write(action.namespace, `o${action.name}`);
      case 'delete':
        return this.#delete(`${action.namespace}/o${action.name}`);
      case 'learn':
        return this.#learn(`${action.namespace}/o${action.name}`);
      case 'hear':
        return this.#hear(action.events);
      case 'select':
        return this.#gates.has(action.namespace) ? undefined : this.#open(action.namespace);
      case 'leave':
        return this.#close(action.namespace);
      case 'listed':
        return this.#listed(action.namespace);
      case 'readAll':
        this.#whole ??= { readings: this.#all().map((object) => this.store.read(object)), version: this.#version };
        return undefined;
      case 'relist':
        return this.#relist();
      default:
        return action satisfies never;
    }
  }

  /** Everything is heard of and listed in the end. */
  settle(): void {
    this.#relist();
    this.#hear(Infinity);
    for (const name of namespaces) this.#listed(name);
  }

  get shown(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.store.keys()].map((key) => [key, this.store.get(key)?.value ?? '']));
  }

  /** What is there in the namespaces that are kept. */
  get there(): Readonly<Record<string, string>> {
    const kept = this.#all().filter(({ metadata }) => this.#gates.get(metadata.namespace ?? '') === 'open');
    return Object.fromEntries(
      kept.map(({ metadata }) => [`${metadata.namespace}/${metadata.name}`, metadata.resourceVersion ?? '']),
    );
  }

  isOpen(name: string): boolean {
    return this.#gates.get(name) === 'open';
  }

  #all(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  #write(of: string, name: string): void {
    const key = `${of}/${name}`;
    const uid = this.#objects.get(key)?.metadata.uid ?? `uid-${this.#version}`;
    const object = { metadata: { namespace: of, name, uid, resourceVersion: String((this.#version += 1)) } };
    this.#objects.set(key, object);
    this.#untold.push({ type: 'changed', object });
  }

  #delete(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    const metadata = { ...object.metadata, resourceVersion: String((this.#version += 1)) };
    this.#untold.push({ type: 'deleted', object: { metadata } });
  }

  /** The answer to a write of ours comes. */
  #learn(key: string): void {
    const object = this.#objects.get(key);
    if (object !== undefined) this.store.learn(object);
  }

  #hear(events: number): void {
    if (this.#whole !== undefined) return;
    for (const { type, object } of this.#untold.splice(0, events)) this.store[type](object);
  }

  #open(name: string): void {
    this.#gates.set(name, 'opening');
    const inIt = this.#all().filter(({ metadata }) => metadata.namespace === name);
    this.#lists.set(
      name,
      inIt.map((object) => this.store.readForOpening(object)),
    );
  }

  #listed(name: string): void {
    const list = this.#lists.get(name);
    if (list === undefined) return;
    this.#lists.delete(name);
    this.#gates.set(name, 'open');
    this.store.open(name, list);
  }

  #close(name: string): void {
    this.#lists.delete(name);
    this.#gates.delete(name);
    this.store.close(name);
  }

  #openAgain(): void {
    const opening = Array.from(this.#lists.keys());
    for (const name of opening) {
      this.#close(name);
      this.#open(name);
    }
  }

  /** The watch broke off; the list that was read replaces what it would have told. */
  #relist(): void {
    if (this.#whole === undefined) return;
    const { readings, version } = this.#whole;
    this.#whole = undefined;
    this.#untold = this.#untold.filter(({ object }) => Number(object.metadata.resourceVersion) > version);
    this.store.replace(readings, String(version));
  }
}

describe('a store that keeps some namespaces', () => {
  it('shows what is there in those, and nothing else, however their lists and the watch overlap', () =>
    check(actions, (all) => {
      const cluster = new Cluster();
      for (const action of all) {
        cluster.act(action);
        const strangers = Object.keys(cluster.shown).filter((key) => !cluster.isOpen(key.split('/')[0]!));
        assert.deepEqual(strangers, [], `after ${JSON.stringify(action)}`);
      }
      cluster.settle();
      assert.deepEqual(cluster.shown, cluster.there);
    }));
});
