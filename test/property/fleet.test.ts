import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Key } from '../../operator/api/kubernetes/key.ts';
import type { PodTemplate } from '../../operator/api/podtemplate.ts';
import { FirstSeen } from '../../operator/engine/memory.ts';
import type { Step } from '../../operator/model/plan.ts';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import { ofSuspicion } from '../../operator/observe/concerns.ts';
import { Fleet } from '../../operator/observe/nodes/fleet.ts';
import { takeSnapshot } from '../../operator/observe/station/takeSnapshot.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { planStation } from '../../operator/plan/station/planStation.ts';
import { aKey } from '../builders/aKey.ts';
import { aDeployment } from '../builders/childObjects.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import type { NodeParts } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import type { PodParts } from '../builders/podObjects.ts';
import { drop, put, storesWith } from '../builders/stores.ts';
import { check } from './check.ts';

const zones = ['zone-a', 'zone-b', 'zone-c'] as const;
const forBatch = { key: 'for', value: 'batch' };

/** Stations whose pods take different nodes, and leave them for different reasons. */
const pickiness: Readonly<Record<string, Partial<PodTemplate['spec']>>> = {
  any: {},
  blue: { nodeSelector: { pool: 'blue' } },
  batch: { tolerations: [{ key: 'for', operator: 'Exists', tolerationSeconds: 60 }] },
  tolerant: { tolerations: [{ operator: 'Exists' }] },
};
const stations = Object.keys(pickiness);

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
  | { readonly kind: 'flips'; readonly node: number };

const node = fc.nat({ max: 30 });
const zoneIndex = fc.nat({ max: 2 });
const look = fc.nat({ max: looks.length - 1 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('becomes' as const), node, look, isBlue: fc.boolean() }),
  fc.record({ kind: fc.constant('sweeps' as const), zone: zoneIndex, from: fc.nat({ max: 6 }), look }),
  fc.record({ kind: fc.constant('moves' as const), node, zone: zoneIndex }),
  fc.record({ kind: fc.constant('goes' as const), node }),
  fc.record({ kind: fc.constant('flips' as const), node }),
);
/** Each zone of a station has a pod, which may wait for room, or is of an old template and has a new one beside it. */
type Mood = 'settled' | 'waiting' | 'rolling';
const cases = fc.record({
  perZone: fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 })),
  podsOn: fc.array(node, { minLength: 12, maxLength: 12 }),
  deployedIn: fc.array(fc.nat({ max: 3 }), { minLength: 4, maxLength: 4 }),
  moods: fc.array(fc.constantFrom<Mood>('settled', 'waiting', 'rolling'), { minLength: 4, maxLength: 4 }),
  events: fc.array(fc.tuple(fc.constantFrom(0, 1_000, 7_000, 30_000), event), { minLength: 1, maxLength: 30 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const keyOfStation = (station: string): Key => aKey(`food/pizzeria-${station}`);

/** Four stations and the nodes that change under them. */
class Scene {
  readonly stores: WritableStores;
  readonly suspects = new Map<string, number>();
  readonly #parts = new Map<string, NodeParts & { readonly name: string }>();

  constructor(value: Case) {
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
      const on = `n${podsOn[index * 3 + nth]}`;
      const aPodOf = (hash: string, over: PodParts): object =>
        aPod({ name: `pizzeria-${station}-${zone}-${hash}-1`, station, zone, node: on, hash, tolerations, ...over });
      const maxUnavailable = moods[index] === 'rolling' ? 1 : 0;
      const spec = { template, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable } } };
      put(this.stores, aDeployment({ station, zone, replicas: 1, spec }), aPodOf('rs1', waits));
      if (moods[index] === 'rolling') put(this.stores, aPodOf('rs2', { unschedulable: 'no room', readyAt: false }));
    }
  }

  /** Makes it happen; returns the names of the nodes that changed. */
  happen(what: Event): readonly string[] {
    if (what.kind === 'sweeps') return this.#sweep(what);
    const name = `n${what.node}`;
    const before = this.#parts.get(name) ?? { name, zone: zones[what.node % 3]! };
    if (what.kind === 'goes') this.#gone(name, before);
    else if (what.kind === 'flips') this.#flip(name);
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

/** One operator's memory and fleet. */
class Watcher {
  readonly memory = new FirstSeen();
  readonly fleet: Fleet;
  readonly #scene: Scene;
  #shifted: readonly Key[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
    const { nodes } = scene.stores;
    this.fleet = new Fleet(nodes.list(), { memory: this.memory, suspects: () => scene.suspects });
    this.fleet.onShift = (keys) => (this.#shifted = [...this.#shifted, ...keys]);
    nodes.onChange(({ before, after }) => {
      if (after !== undefined) this.fleet.put(after);
      else if (before !== undefined) this.fleet.drop(before.name);
    });
  }

  look(station: string, nowMs: number, shared = true): Snapshot {
    const { stores, suspects } = this.#scene;
    const moment = { memory: this.memory, nowMs, suspects, ...(shared ? { fleet: this.fleet } : {}) };
    const snapshot = takeSnapshot(keyOfStation(station), stores, moment);
    assert.ok(snapshot !== undefined);
    return snapshot;
  }

  /** Whom the changes of these nodes concern besides the stations with pods on them. */
  settled(names: readonly string[], nowMs: number): ReadonlySet<Key> {
    this.#shifted = [];
    this.fleet.recheck(names);
    this.fleet.settle(nowMs);
    return new Set(this.#shifted);
  }
}

/** The order in which nodes are told of depends on when they changed, and only for a fleet that has seen that. */
function inOrder(snapshot: Snapshot): object {
  const zonesInOrder = snapshot.zones.map(({ nodes: { firstDown, open, ...rest }, ...zone }) => ({
    ...zone,
    nodes: { ...rest, isDown: firstDown !== undefined, open: open.toSorted((a, b) => (a.name < b.name ? -1 : 1)) },
  }));
  return { ...snapshot, zones: zonesInOrder };
}

describe('a fleet', () => {
  it('shows each station what it would see if it went through all nodes by itself', () =>
    check(cases, (value) => {
      const scene = new Scene(value);
      const [shared, alone] = [new Watcher(scene), new Watcher(scene)];
      let nowMs = 1_000;
      for (const [afterMs, what] of [[0, { kind: 'flips', node: 99 }] as const, ...value.events]) {
        nowMs += afterMs;
        shared.settled(scene.happen(what), nowMs);
        for (const station of stations) {
          const seen = inOrder(shared.look(station, nowMs));
          assert.deepEqual(
            seen,
            inOrder(alone.look(station, nowMs, false)),
            `${station} after ${JSON.stringify(what)}`,
          );
        }
      }
    }));

  it('tells of every change that may change a plan', () =>
    check(cases, (value) => {
      const scene = new Scene(value);
      const watcher = new Watcher(scene);
      let nowMs = 1_000;
      for (const [afterMs, what] of value.events) {
        nowMs += afterMs;
        const before = new Map(stations.map((station) => [station, planned(watcher.look(station, nowMs))]));
        const names = scene.happen(what);
        const told = new Set([...watcher.settled(names, nowMs), ...ofSuspicion(names, scene.stores).atOnce.stations]);
        for (const station of stations.filter((each) => !told.has(keyOfStation(each)))) {
          const [was, is] = [before.get(station)!, planned(watcher.look(station, nowMs))];
          if ([was, is].some(waitsForWave)) continue;
          assert.deepEqual(is, was, `${station} was not told of ${JSON.stringify(what)}`);
        }
      }
    }));
});

interface Planned {
  readonly steps: readonly Step[];
  readonly problems: readonly (readonly unknown[])[];
  readonly waits: readonly (readonly [what: string, why: string])[];
  readonly states: readonly string[];
}

/** What happens to other nodes makes this wait longer or shorter. The look at its end is soon enough to see that. */
function waitsForWave({ waits }: Planned): boolean {
  return waits.some(([, why]) => why.startsWith('its other nodes may be lost too'));
}

/** The plan, without the words of problems: they tell of nodes that take no pods of the station, too. */
function planned(snapshot: Snapshot): Planned {
  const { steps, problems, waits } = planStation(snapshot);
  return {
    steps,
    problems: problems.map(({ kind, reason }) => [kind, reason]),
    waits: waits.map(({ what, why }) => [what, why]),
    states: snapshot.zones.map(({ state }) => state),
  };
}
