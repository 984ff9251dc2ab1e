import { keyOf } from '../api/kubernetes/key.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { Store } from './store.ts';
import type { Reading, StoreOptions } from './store.ts';

/**
 * - `closed`: its objects are not kept.
 * - `opening`: they are being listed. What the watch tells meanwhile is set aside until the list is there.
 * - `open`: they are kept.
 */
export type Gate = 'closed' | 'opening' | 'open';

export interface Gates {
  readonly gateOf: (namespace: string) => Gate;
  /** Called when everything was listed again: what was set aside for opening namespaces may lack something. */
  readonly onRelisted: () => void;
}

interface Deletion {
  readonly deleted: KubeObject;
}

/**
 * A store that keeps the objects of some namespaces only, although its reflector follows all of them. An object of a
 * closed namespace is dropped where it arrives, so that it takes no memory.
 */
export class PartialStore<T extends object, Index extends string = never> extends Store<T, Index> {
  readonly #gates: Gates;
  /** What the watch has told of a namespace since it began to open, in order. */
  readonly #aside = new Map<string, (Reading<T> | Deletion)[]>();

  constructor(options: StoreOptions<T, Index>, gates: Gates) {
    super(options);
    this.#gates = gates;
  }

  override learn(object: KubeObject): void {
    if (this.#gate(object) === 'open') super.learn(object);
  }

  override read(object: KubeObject): Reading<T> {
    if (this.#gate(object) !== 'closed') return super.read(object);
    return { key: keyOf(object.metadata), uid: '', version: 0n, projected: undefined };
  }

  override changed(object: KubeObject): void {
    const gate = this.#gate(object);
    if (gate === 'open') super.changed(object);
    else {
      if (gate === 'opening') this.#setAside(object, super.read(object));
      this.heard(object.metadata.resourceVersion);
    }
  }

  override deleted(object: KubeObject): void {
    const gate = this.#gate(object);
    if (gate === 'open') super.deleted(object);
    else {
      if (gate === 'opening') this.#setAside(object, { deleted: withoutBody(object) });
      this.heard(object.metadata.resourceVersion);
    }
  }

  override replace(readings: Iterable<Reading<T>>, resourceVersion: string): void {
    this.#gates.onRelisted();
    // The list of a namespace that opened while this one was read is newer. It is not changed by empty readings.
    const kept = [...readings].filter(({ key }) => this.#gates.gateOf(namespaceIn(key)) === 'open');
    super.replace(kept, resourceVersion);
  }

  /** Reads an object whatever the gate of its namespace. */
  readForOpening(object: KubeObject): Reading<T> {
    return super.read(object);
  }

  /** Takes in the list of a namespace that is open from now on, and then what the watch has told meanwhile. */
  open(namespace: string, listed: Iterable<Reading<T>>): void {
    const told = this.#aside.get(namespace) ?? [];
    this.#aside.delete(namespace);
    this.add(listed);
    for (const each of told) {
      if ('deleted' in each) super.deleted(each.deleted);
      else this.add([each]);
    }
  }

  /** Keeps the objects of a namespace no more. */
  close(namespace: string): void {
    this.#aside.delete(namespace);
    this.forget([...this.keys()].filter((key) => namespaceIn(key) === namespace));
  }

  #gate({ metadata: { namespace = '' } }: KubeObject): Gate {
    return this.#gates.gateOf(namespace);
  }

  #setAside({ metadata: { namespace = '' } }: KubeObject, told: Reading<T> | Deletion): void {
    const aside = this.#aside.get(namespace) ?? [];
    aside.push(told);
    this.#aside.set(namespace, aside);
  }
}

function withoutBody({ metadata: { namespace = '', name = '', resourceVersion = '' } }: KubeObject): KubeObject {
  return { metadata: { namespace, name, resourceVersion } };
}

function namespaceIn(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('/')));
}
