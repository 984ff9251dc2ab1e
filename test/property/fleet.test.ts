import assert from 'node:assert/strict';
import type { Key } from '../../operator/api/kubernetes/key.ts';
import { FirstSeen } from '../../operator/engine/memory.ts';
import type { Step } from '../../operator/model/plan.ts';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import { ofSuspicion } from '../../operator/observe/concerns.ts';
import type { Moment } from '../../operator/observe/moment.ts';
import { Fleet } from '../../operator/observe/nodes/fleet.ts';
import { readyPodsIn } from '../../operator/observe/nodes/readyPods.ts';
import { takeSnapshot } from '../../operator/observe/station/takeSnapshot.ts';
import { planStation } from '../../operator/plan/station/planStation.ts';
import { aKey } from '../builders/aKey.ts';
import { check } from './check.ts';
import { cases, Scene, stations } from './fleetScene.ts';

const keyOfStation = (station: string): Key => aKey(`food/pizzeria-${station}`);

/** One operator's memory and fleet. */
class Watcher {
  readonly memory = new FirstSeen();
  readonly fleet: Fleet;
  readonly #scene: Scene;
  readonly #hearing: Pick<Moment, 'silentMs' | 'hasReadyPods'>;
  #shifted: readonly Key[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
    const { nodes } = scene.stores;
    this.#hearing = { silentMs: scene.silentMs, hasReadyPods: readyPodsIn(scene.stores) };
    this.fleet = new Fleet(nodes.list(), { memory: this.memory, suspects: () => scene.suspects, ...this.#hearing });
    this.fleet.onShift = (keys) => (this.#shifted = [...this.#shifted, ...keys]);
    this.fleet.onDoubt = this.fleet.onShift;
    nodes.onChange(({ before, after }) => {
      if (after !== undefined) this.fleet.put(after);
      else if (before !== undefined) this.fleet.drop(before.name);
    });
  }

  look(station: string, nowMs: number, shared = true): Snapshot {
    const { stores, suspects } = this.#scene;
    const fleet = shared ? { fleet: this.fleet } : {};
    const moment = { memory: this.memory, nowMs, suspects, ...this.#hearing, ...fleet };
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
          const words = `${station} was not told of ${JSON.stringify(what)}`;
          if (is.isInDoubt) assert.deepEqual(newDeeds(was, is), [], words);
          else assert.deepEqual(is, was, words);
        }
      }
    }));
});

interface Planned {
  readonly steps: readonly Step[];
  readonly problems: readonly (readonly unknown[])[];
  readonly waits: readonly (readonly [what: string, why: string])[];
  readonly states: readonly string[];
  readonly isInDoubt: boolean;
}

/** What happens to other nodes makes this wait longer or shorter. The look at its end is soon enough to see that. */
function waitsForWave({ waits }: Planned): boolean {
  return waits.some(([, why]) => why.startsWith('its other nodes may be lost too'));
}

/**
 * A doubt holds things back, or makes pods in other zones. Where nothing is under way, such things can only be about to
 * be written, and the station is looked at again then. So it need not be told, if the doubt gives it nothing more to do.
 */
function newDeeds({ steps: were }: Planned, { steps }: Planned): readonly string[] {
  const known = new Set<string>([...were.map(({ kind }) => kind), 'applyBudget', 'mend']);
  const made = (all: readonly Step[]): number =>
    all.reduce((sum, step) => sum + ('to' in step ? Math.max(0, step.to - step.from) : 0), 0);
  const more = made(steps) > made(were) ? ['makes more pods'] : [];
  return [...more, ...steps.map(({ kind }) => kind).filter((kind) => !known.has(kind))];
}

/** The plan, without the words of problems: they tell of nodes that take no pods of the station, too. */
function planned(snapshot: Snapshot): Planned {
  const { steps, problems, waits } = planStation(snapshot);
  return {
    steps,
    problems: problems.map(({ kind, reason }) => [kind, reason]),
    waits: waits.map(({ what, why }) => [what, why]),
    states: snapshot.zones.map(({ state }) => state),
    isInDoubt: snapshot.zones.some(({ doubt }) => doubt !== undefined),
  };
}
