import * as fc from 'fast-check';
import type { PodTemplate } from '../../operator/api/podtemplate.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { aDeployment } from '../builders/childObjects.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import type { NodeParts } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import type { PodParts } from '../builders/podObjects.ts';
import { drop, put, storesWith } from '../builders/stores.ts';

const zones = ['zone-a', 'zone-b', 'zone-c'] as const;
const forBatch = { key: 'for', value: 'batch' };

/** Stations whose pods take different nodes, and leave them for different reasons. */
const pickiness: Readonly<Record<string, Partial<PodTemplate['spec']>>> = {
  any: {},
  blue: { nodeSelector: { pool: 'blue' } },
  batch: { tolerations: [{ key: 'for', operator: 'Exists', tolerationSeconds: 60 }] },
  tolerant: { tolerations: [{ operator: 'Exists' }] },
};
export const stations = Object.keys(pickiness);

/** What a node may be; each change makes it one of these. */
const looks: readonly NodeParts[] = [
  {},
  { ready: 'Unknown', readyAt: 500 },
  { ready: 'False', readyAt: 600 },
  { unschedulable: true },
  { unschedulable: true, ready: 'Unknown', readyAt: 700 },
  { taints: [{ ...forBatch, effect: 'NoSchedule' }] },
  { taints: [{ ...forBatch, effect: 'NoExecute' }] },
  { taints: [{ ...forBatch, effect: 'NoExecute' }], ready: 'Unknown', readyAt: 800 },
  { conditions: ['DrainInProgress'] },
  { createdAt: 50, readyAt: 50, ready: 'False' },
];

type Event =
  | { readonly kind: 'becomes'; readonly node: number; readonly look: number; readonly isBlue: boolean }
  | { readonly kind: 'sweeps'; readonly zone: number; readonly from: number; readonly look: number }
  | { readonly kind: 'moves'; readonly node: number; readonly zone: number }
  | { readonly kind: 'goes'; readonly node: number }
  | { readonly kind: 'flips'; readonly node: number }
  | { readonly kind: 'hushes'; readonly zone: number; readonly from: number; readonly ms: number }
  | { readonly kind: 'hears' }
  | { readonly kind: 'tells'; readonly node: number };

const node = fc.nat({ max: 30 });
const zoneIndex = fc.nat({ max: 2 });
const look = fc.nat({ max: looks.length - 1 });
const hush = fc.constantFrom(0, 12_000, 15_000);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('becomes' as const), node, look, isBlue: fc.boolean() }),
  fc.record({ kind: fc.constant('sweeps' as const), zone: zoneIndex, from: fc.nat({ max: 6 }), look }),
  fc.record({ kind: fc.constant('moves' as const), node, zone: zoneIndex }),
  fc.record({ kind: fc.constant('goes' as const), node }),
  fc.record({ kind: fc.constant('flips' as const), node }),
  fc.record({ kind: fc.constant('hushes' as const), zone: zoneIndex, from: fc.constantFrom(0, 1, 4), ms: hush }),
  fc.record({ kind: fc.constant('hears' as const) }),
  fc.record({ kind: fc.constant('tells' as const), node }),
);
/** Each zone of a station has a pod, which may wait for room, or is of an old template and has a new one beside it. */
type Mood = 'settled' | 'waiting' | 'rolling';
/** The cluster at the beginning, and what happens to it. */
export const cases = fc.record({
  perZone: fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 })),
  podsOn: fc.array(node, { minLength: 12, maxLength: 12 }),
  deployedIn: fc.array(fc.nat({ max: 3 }), { minLength: 4, maxLength: 4 }),
  moods: fc.array(fc.constantFrom<Mood>('settled', 'waiting', 'rolling'), { minLength: 4, maxLength: 4 }),
  leasesTell: fc.boolean(),
  events: fc.array(fc.tuple(fc.constantFrom(0, 1_000, 7_000, 30_000), event), { minLength: 1, maxLength: 30 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** Four stations and the nodes that change under them. */
export class Scene {
  readonly stores: WritableStores;
  readonly suspects = new Map<string, number>();
  /** For how long Leases have not been renewed, in ms. */
  readonly #silence = new Map<string, number>();
  #leasesTell: boolean;
  readonly #pods = new Map<string, readonly PodParts[]>();
  readonly #parts = new Map<string, NodeParts & { readonly name: string }>();

  constructor(value: Case) {
    this.#leasesTell = value.leasesTell;
    zones.forEach((zone, index) => {
      for (let each = 0; each < value.perZone[index]!; each++) {
        const name = `n${this.#parts.size}`;
        this.#parts.set(name, { name, zone, labels: { pool: each % 3 === 0 ? 'red' : 'blue' } });
      }
    });
    this.stores = storesWith(aKitchen());
    put(this.stores, ...[...this.#parts.values()].map(aNode));
    stations.forEach((_, index) => this.#addStation(index, value));
  }

  #addStation(index: number, { podsOn, deployedIn, moods }: Case): void {
    const station = stations[index]!;
    const template = { spec: { containers: [{ name: 'main' }], ...pickiness[station] } };
    const { tolerations = [] } = template.spec;
    const waits = moods[index] === 'waiting' ? { unschedulable: 'no room', readyAt: false as const } : {};
    put(this.stores, aStation({ station, replicas: 2, survive: { zones: 1 }, template }));
    for (const [nth, zone] of zones.slice(0, deployedIn[index]).entries()) {
      const on = this.#nodeFor(zone, podsOn[index * 3 + nth]!);
      const aPodOf = (hash: string, over: PodParts): object => {
        const name = `pizzeria-${station}-${zone}-${hash}-1`;
        const parts = { name, station, zone, node: on, hash, tolerations, ...over };
        this.#pods.set(on, [...(this.#pods.get(on) ?? []), parts]);
        return aPod(parts);
      };
      const maxUnavailable = moods[index] === 'rolling' ? 1 : 0;
      const spec = { template, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable } } };
      put(this.stores, aDeployment({ station, zone, replicas: 1, spec }), aPodOf('rs1', waits));
      if (moods[index] === 'rolling') put(this.stores, aPodOf('rs2', { unschedulable: 'no room', readyAt: false }));
    }
  }

  /** Most pods are where their Deployment makes them. */
  #nodeFor(zone: string, pick: number): string {
    const here = [...this.#parts.values()].filter((each) => each.zone === zone);
    return pick % 4 === 0 ? `n${pick}` : (here[pick % here.length]?.name ?? `n${pick}`);
  }

  readonly silentMs = (name: string): number | undefined =>
    this.#leasesTell ? (this.#silence.get(name) ?? 0) : undefined;

  /** Makes it happen; returns the names of the nodes that changed. */
  happen(what: Event): readonly string[] {
    if (what.kind === 'sweeps') return this.#sweep(what);
    if (what.kind === 'hushes') return this.#hush(what);
    if (what.kind === 'hears') return this.#hear();
    const name = `n${what.node}`;
    const before = this.#parts.get(name) ?? { name, zone: zones[what.node % 3]! };
    if (what.kind === 'goes') this.#gone(name, before);
    else if (what.kind === 'flips') this.#flip(name);
    else if (what.kind === 'tells') this.#tell(name);
    else if (what.kind === 'moves') this.#set({ ...before, zone: zones[what.zone]! });
    else {
      const { zone = 'zone-a' } = before;
      this.#set({ name, zone, ...looks[what.look], labels: { pool: what.isBlue ? 'blue' : 'red' } });
    }
    return [name];
  }

  /** All nodes of a zone but the first ones change in the same way. */
  #sweep({ zone: index, from, look: nth }: Extract<Event, { readonly kind: 'sweeps' }>): readonly string[] {
    const swept = [...this.#parts.values()].filter(({ zone }) => zone === zones[index]).slice(from);
    for (const { name, zone = '', labels = {} } of swept) this.#set({ name, zone, ...looks[nth], labels });
    return swept.map(({ name }) => name);
  }

  /** The Leases of a zone's nodes, but for the first ones, have not been renewed for so long. */
  #hush({ zone: index, from, ms }: Extract<Event, { readonly kind: 'hushes' }>): readonly string[] {
    const names = [...this.#parts.values()].filter(({ zone }) => zone === zones[index]).map(({ name }) => name);
    for (const name of names.slice(from)) this.#silence.set(name, ms);
    return names.slice(from);
  }

  /** Leases begin to tell of nodes, or end to. */
  #hear(): readonly string[] {
    this.#leasesTell = !this.#leasesTell;
    return [...this.#parts.keys()];
  }

  /** Kubernetes says of the pods on a node that they are not Ready. */
  #tell(on: string): void {
    for (const raw of this.#pods.get(on) ?? []) put(this.stores, aPod({ ...raw, readyAt: false }));
  }

  #set(parts: NodeParts & { readonly name: string }): void {
    this.#parts.set(parts.name, parts);
    put(this.stores, aNode(parts));
  }

  #gone(name: string, parts: NodeParts): void {
    this.#parts.delete(name);
    drop(this.stores, aNode(parts));
  }

  #flip(name: string): void {
    if (!this.suspects.delete(name)) this.suspects.set(name, 400);
  }
}
