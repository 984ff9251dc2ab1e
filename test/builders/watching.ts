import { aKey } from './aKey.ts';
import assert from 'node:assert/strict';
import { FirstSeen } from '../../operator/engine/memory.ts';
import type { Moment } from '../../operator/observe/moment.ts';
import { Fleet } from '../../operator/observe/nodes/fleet.ts';
import { readyPodsIn } from '../../operator/observe/nodes/readyPods.ts';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import type { ZoneView } from '../../operator/model/zone.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { takeSnapshot } from '../../operator/observe/station/takeSnapshot.ts';
import { annotations } from '../../operator/api/labels.ts';
import { aDeployment } from './childObjects.ts';
import { aNode } from './nodeObjects.ts';
import type { NodeParts } from './nodeObjects.ts';
import type { RawObject } from './objects.ts';
import { drop, pizzeriaWith, put } from './stores.ts';

/** The station `pizzeria-grill`, looked at again and again by one operator as its cluster changes. */
export class Watching {
  readonly stores: WritableStores;
  /** Suspect nodes by name, each with when its Lease was renewed last. */
  readonly suspects = new Map<string, number>();
  /** How many ms a node's Lease has not been renewed, by name; 0 for others. Undefined: no Lease is watched. */
  silence: ReadonlyMap<string, number> | undefined;
  #memory = new FirstSeen();
  #fleet: Fleet;
  readonly #forgetting: Pick<Moment, 'forgetZoneAfterMs'>;

  constructor(objects: readonly object[], forgetting: Pick<Moment, 'forgetZoneAfterMs'> = {}) {
    this.#forgetting = forgetting;
    this.stores = pizzeriaWith(...objects);
    this.#fleet = this.#newFleet();
    this.stores.nodes.onChange(({ before, after }) => {
      if (after !== undefined) this.#fleet.put(after);
      else if (before !== undefined) this.#fleet.drop(before.name);
    });
  }

  /** The operator restarts: it has seen nothing yet. */
  restart(): this {
    this.#memory = new FirstSeen();
    this.#fleet = this.#newFleet();
    return this;
  }

  put(...objects: readonly object[]): this {
    put(this.stores, ...objects);
    return this;
  }

  drop(...objects: readonly object[]): this {
    drop(this.stores, ...objects);
    return this;
  }

  /** Looks at every one of these moments and returns what is seen at the last. */
  look(...momentsMs: readonly number[]): Snapshot {
    this.#fleet.recheck(this.stores.nodes.list().map(({ name }) => name));
    const looks = momentsMs.map((nowMs) =>
      takeSnapshot(aKey('food/pizzeria-grill'), this.stores, {
        memory: this.#memory,
        nowMs,
        suspects: this.suspects,
        ...this.#hearing,
        fleet: this.#fleet,
        ...this.#forgetting,
      }),
    );
    const last = looks.at(-1);
    assert.ok(last !== undefined, 'there is a snapshot');
    return last;
  }

  zone(name: string, ...momentsMs: readonly number[]): ZoneView {
    const zone = this.look(...momentsMs).zones.find((each) => each.name === name);
    assert.ok(zone !== undefined, `zone ${name} is in the snapshot`);
    return zone;
  }

  get #hearing(): Pick<Moment, 'silentMs' | 'hasReadyPods'> {
    const silentMs = (node: string): number | undefined =>
      this.silence === undefined ? undefined : (this.silence.get(node) ?? 0);
    return { silentMs, hasReadyPods: readyPodsIn(this.stores) };
  }

  #newFleet(): Fleet {
    const sight = { memory: this.#memory, suspects: () => this.suspects, ...this.#hearing };
    return new Fleet(this.stores.nodes.list(), sight);
  }
}

/** Nodes of a zone, named `<zone>-1`, `<zone>-2` …, as told each. */
export function nodesOf(zone: string, count: number, parts: NodeParts = {}): RawObject[] {
  return Array.from({ length: count }, (_, index) => aNode({ name: `${zone}-${index + 1}`, zone, ...parts }));
}

/** A silent node. */
export const silent: NodeParts = { ready: 'Unknown', readyAt: 500 };

/** A Deployment in each of the zones, noting them all. */
export function deploymentsIn(...zones: readonly string[]): RawObject[] {
  return zones.map((zone) => noting(zones, zone));
}

/** The Deployment of a zone, noting these. */
export function noting(zones: readonly string[], zone: string): RawObject {
  const noted = { [annotations.zone]: zone, [annotations.zones]: JSON.stringify(zones) };
  return aDeployment({ zone, metadata: { annotations: noted } });
}

/** The zones of the set, and behind a stroke those that are left. */
export function setAt(watching: Watching, ...momentsMs: readonly number[]): string {
  const { zones } = watching.look(...momentsMs);
  const names = (declared: boolean): string =>
    zones
      .flatMap((zone) => (zone.declared === declared ? [zone.name] : []))
      .toSorted()
      .join('');
  return `${names(true)}|${names(false)}`;
}
