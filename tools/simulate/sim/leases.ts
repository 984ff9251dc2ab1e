import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import type { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Kubelets } from './kubelets.ts';
import { epochMs } from './raw.ts';
import type { Server } from './server.ts';

const everyMs = 10_000;
/** A kubelet waits up to so much longer, as a share. */
const jitter = 0.04;
/** A renewal that was refused is tried again after this long, then twice as long, and so on. */
const [firstRetryMs, mostRetryMs] = [200, 7000];

/** What a watch tells of one Lease. */
export interface LeaseChange {
  readonly gone: boolean;
  readonly object: KubeObject;
}

interface Parts {
  readonly server: Server;
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly kubelets: Kubelets;
}

interface Renewal {
  readonly atMs: number;
  readonly version: number;
}

/** The Leases of all nodes: each kubelet that is heard renews its own, at its own moments of the same 10 s. */
export class Leases {
  readonly #parts: Parts;
  readonly #renewals = new Map<string, Renewal>();
  readonly #listeners = new Set<(change: LeaseChange) => void>();
  readonly #frozenUntilMs = new Map<string, number>();
  #refusedUntilMs = 0;
  #version = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.server.watch(({ kind, gone, object }) => {
      if (kind !== 'node') return;
      if (gone) this.#remove(object.name);
      else if (!this.#renewals.has(object.name)) this.#begin(object.name);
    });
  }

  /** Counts every renewal. */
  get version(): number {
    return this.#version;
  }

  /** When the node controller may have heard of the node last: it counts from the moment at which the API server is back. */
  heardMs(node: string): number {
    return Math.max(this.renewedMs(node), this.#refusedUntilMs);
  }

  renewedMs(node: string): number {
    return this.#renewals.get(node)?.atMs ?? 0;
  }

  get isRefusing(): boolean {
    return this.#parts.agenda.nowMs < this.#refusedUntilMs;
  }

  /** The API server takes none for so long. */
  refuse(forMs: number): void {
    this.#refusedUntilMs = Math.max(this.#refusedUntilMs, this.#parts.agenda.nowMs + forMs);
  }

  /** The node's is not renewed for so long, although its kubelet does all else. */
  freeze(node: string, forMs: number): void {
    this.#frozenUntilMs.set(node, this.#parts.agenda.nowMs + forMs);
  }

  list(): readonly KubeObject[] {
    return [...this.#renewals].map(([node, renewal]) => rawLease(node, renewal));
  }

  /** Returns how to stop listening. */
  watch(listener: (change: LeaseChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #begin(node: string): void {
    const { agenda, chance } = this.#parts;
    this.#renew(node);
    agenda.after(chance.between(0, everyMs), () => this.#tick(node));
  }

  #tick(node: string, retryMs = firstRetryMs): void {
    const { agenda, chance, kubelets } = this.#parts;
    if (!this.#renewals.has(node)) return;
    const isFrozen = agenda.nowMs < (this.#frozenUntilMs.get(node) ?? 0);
    const tries = kubelets.isHeard(node) && !isFrozen;
    if (tries && this.isRefusing) {
      agenda.after(retryMs, () => this.#tick(node, Math.min(2 * retryMs, mostRetryMs)));
      return;
    }
    if (tries) this.#renew(node);
    agenda.after(everyMs * chance.between(1, 1 + jitter), () => this.#tick(node));
  }

  #renew(node: string): void {
    this.#version += 1;
    const renewal = { atMs: this.#parts.agenda.nowMs, version: this.#version };
    this.#renewals.set(node, renewal);
    this.#tell({ gone: false, object: rawLease(node, renewal) });
  }

  /** The garbage collector takes the Lease of a node that is gone. */
  #remove(node: string): void {
    if (!this.#renewals.delete(node)) return;
    this.#version += 1;
    this.#tell({ gone: true, object: rawLease(node, { atMs: this.#parts.agenda.nowMs, version: this.#version }) });
  }

  #tell(change: LeaseChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function rawLease(name: string, { atMs, version }: Renewal): KubeObject {
  const renewTime = new Date(epochMs + atMs).toISOString();
  const time = renewTime.replace(/\.\d+Z$/, 'Z');
  const managedFields = [{ manager: 'kubelet', time, fieldsV1: { 'f:spec': { 'f:renewTime': {} } } }];
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: 'kube-node-lease',
      uid: `lease-${name}`,
      resourceVersion: String(version),
      managedFields,
    },
    spec: { renewTime },
  } as KubeObject;
}
