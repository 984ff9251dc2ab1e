import { API_VERSION } from '../../../operator/api/labels.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import type { Store } from '../../../operator/kube/store.ts';
import { onConcern } from '../../../operator/observe/onConcern.ts';
import type { Moment } from '../../../operator/observe/moment.ts';
import { makeStores } from '../../../operator/observe/stores.ts';
import type { WritableStores } from '../../../operator/observe/stores.ts';
import { takeSnapshot, takeSnapshotFrom } from '../../../operator/observe/takeSnapshot.ts';
import { partsOf, withFresh } from '../../../operator/observe/parts.ts';
import { projectPod } from '../../../operator/observe/project.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { Plan } from '../../../operator/model/plan.ts';
import { planStation } from '../../../operator/plan/planStation.ts';
import { FakeClock } from '../../../test/builders/fakeClock.ts';
import type { Cluster } from './cluster.ts';
import type { Kind } from './objects.ts';
import { kitchen, namespace, rawOf, station } from './raw.ts';
import type { Change } from './server.ts';
import { View } from './view.ts';

const key = `${namespace}/${kitchen}-${station}`;

/** One look: the plan, and when to look again if no event comes. */
export interface Look {
  readonly plan: Plan;
  readonly paused: boolean;
  /** Of the Station. */
  readonly generation: number;
  readonly lookAgainMs: number | undefined;
}

/** The operator's eyes from one start to its end: real stores, fed late with what the server stored, and a memory of ages. */
export class Looker {
  readonly #cluster: Cluster;
  readonly #stores: WritableStores;
  readonly #suspects: ReadonlyMap<string, number>;
  readonly #memory = new FirstSeen();
  /** What was listed at the start: earlier changes are told no more. */
  readonly #listed: number;
  #closed = false;
  /** Kinds of which it hears nothing for now, and what was listed anew after that. */
  readonly #missing = new Set<Watched>();
  readonly #relisted = new Map<Kind, number>();

  /** `suspects`: nodes whose Leases are old, and when they were renewed last, in seconds. */
  constructor(cluster: Cluster, suspects: ReadonlyMap<string, number>, wake: () => void) {
    this.#cluster = cluster;
    this.#suspects = suspects;
    this.#stores = makeStores(new FakeClock(), (error) => {
      throw error;
    });
    this.#listed = cluster.server.version;
    for (const kind of watched) this.#list(kind);
    this.#stores.kitchens.changed(rawKitchen());
    const view = new View(cluster.server, cluster.agenda, () => cluster.chance.lagMs());
    view.watch((change) => {
      if (!this.#closed && change.version > this.#listed) this.#hear(change);
    });
    onConcern(this.#stores, () => wake());
  }

  close(): void {
    this.#closed = true;
  }

  /** A watch loses what it should tell for so long; then the kind is listed anew. */
  missEvents(kind: Watched, forMs: number, then: () => void): void {
    this.#missing.add(kind);
    this.#cluster.agenda.after(forMs, () => {
      if (this.#closed) return;
      this.#missing.delete(kind);
      this.#relisted.set(kind, this.#cluster.server.version);
      this.#list(kind);
      then();
    });
  }

  /** What is planned from what has been seen so far. */
  look(): Look | undefined {
    const seen = takeSnapshot(key, this.#stores, this.#moment);
    if (seen === undefined) return undefined;
    const snapshot = this.#withRefusal(seen);
    const plan = planStation(snapshot);
    const waits = [snapshot.lookAgainMs, ...plan.waits.map((wait) => wait.lookAgainMs)].filter(
      (ms) => ms !== undefined,
    );
    return {
      plan,
      paused: snapshot.station.spec.paused,
      generation: snapshot.station.metadata.generation ?? 0,
      lookAgainMs: waits.length === 0 ? undefined : Math.min(...waits),
    };
  }

  /** The plan from pods, their nodes, Deployments and the budget as they are on the server at this moment. */
  planAnew(): Plan | undefined {
    const parts = partsOf(key, this.#stores);
    if (parts === undefined) return undefined;
    const [budget] = this.#raw('budget');
    const pods = this.#raw('pod');
    const carrying = new Set(pods.map((pod) => projectPod(pod)?.node));
    const fresh = withFresh(parts, {
      nodes: this.#raw('node').filter(({ metadata }) => carrying.has(metadata.name)),
      pods,
      deployments: this.#raw('deployment'),
      budget,
    });
    return planStation(this.#withRefusal(takeSnapshotFrom(fresh, this.#moment)));
  }

  #withRefusal(snapshot: Snapshot): Snapshot {
    if (!this.#cluster.admission.rollBacksRefused) return snapshot;
    return { ...snapshot, rollBackRefused: { message: 'denied by a webhook', retryMs: 300_000 } };
  }

  get #moment(): Moment {
    return { memory: this.#memory, nowMs: this.#cluster.agenda.nowMs, suspects: this.#suspects };
  }

  /** Takes in what the server answered to a write. */
  learn(written: readonly { readonly kind: Kind; readonly name: string }[]): void {
    for (const { kind, name } of written) {
      const object = this.#cluster.server.get(kind, name);
      const raw = object && (rawOf[kind] as (object: unknown) => KubeObject | undefined)(object);
      if (raw !== undefined) this.#storeOf(kind)?.learn(raw);
    }
  }

  #hear(change: Change): void {
    if ((this.#missing as ReadonlySet<Kind>).has(change.kind)) return;
    if (change.version <= (this.#relisted.get(change.kind) ?? 0)) return;
    const store = this.#storeOf(change.kind);
    const raw = (rawOf[change.kind] as (object: unknown) => KubeObject | undefined)({
      ...change.object,
      version: change.version,
    });
    if (store === undefined || raw === undefined) return;
    if (change.gone) store.deleted(raw);
    else store.changed(raw);
  }

  #list(kind: Watched): void {
    const store = this.#storeOf(kind);
    if (store === undefined) return;
    store.replace(
      this.#raw(kind).map((raw) => store.read(raw)),
      String(this.#cluster.server.version),
    );
  }

  #raw(kind: Watched): KubeObject[] {
    const raw = rawOf[kind] as (object: unknown) => KubeObject | undefined;
    return this.#cluster.server.list(kind).flatMap((object) => raw(object) ?? []);
  }

  #storeOf(kind: Kind): Store<object> | undefined {
    const stores: Readonly<Partial<Record<Kind, unknown>>> = {
      node: this.#stores.nodes,
      pod: this.#stores.pods,
      replicaSet: this.#stores.replicaSets,
      deployment: this.#stores.deployments,
      budget: this.#stores.budgets,
      service: this.#stores.services,
      slice: this.#stores.slices,
      station: this.#stores.stations,
    };
    return stores[kind] as Store<object> | undefined;
  }
}

/** What the operator watches of the simulated kinds. */
export const watched = ['node', 'pod', 'replicaSet', 'deployment', 'budget', 'service', 'slice', 'station'] as const;
export type Watched = (typeof watched)[number];

function rawKitchen(): KubeObject {
  const metadata = { name: kitchen, namespace, uid: `uid-kitchen-${kitchen}`, resourceVersion: '1', generation: 1 };
  return { apiVersion: API_VERSION, kind: 'Kitchen', metadata };
}
