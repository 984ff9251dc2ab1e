import assert from 'node:assert/strict';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { deploymentName } from '../../operator/api/names.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import { lookAtStation } from '../../operator/apply/station/look.ts';
import { FirstSeen } from '../../operator/engine/memory.ts';
import { done } from '../../operator/engine/outcome.ts';
import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';
import { planStation } from '../../operator/plan/station/planStation.ts';
import { silentLog } from '../../operator/report/log.ts';
import { createMetrics } from '../../operator/report/metrics.ts';
import type { ControllerRow } from '../../operator/run/controllers.ts';
import { serveTerm } from '../../operator/run/term.ts';
import { aBudget, aDeployment, anEndpointSlice, aService } from '../builders/childObjects.ts';
import { countedStores } from '../builders/counted.ts';
import type { Reads } from '../builders/counted.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { FakeSuspicion } from '../builders/fakeSuspicion.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';
import type { PodParts } from '../builders/podObjects.ts';
import { drop, put } from '../builders/stores.ts';

const zones = ['zone-a', 'zone-b', 'zone-c'] as const;

/** What was done for something that happened: looks at stations, and reads of stored objects, by kind and in all. */
interface Work extends Reads {
  readonly looks: number;
  readonly all: number;
}

/** A term over so many nodes, with a station of three pods for every two nodes. It plans and writes nothing. */
class BigTerm {
  readonly #clock = new FakeClock();
  readonly #stores: WritableStores;
  readonly #reads: Reads;
  readonly #suspicion = new FakeSuspicion();
  readonly #stop = new AbortController();
  readonly #nodes: number;
  #served: Promise<void> | undefined;
  memory = new FirstSeen();
  #looks = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
    ({ stores: this.#stores, reads: this.#reads } = countedStores(this.#clock));
    const raw = Array.from({ length: nodes }, (_, index) => this.#node(index));
    put(this.#stores, ...raw, ...Array.from({ length: nodes / 2 }, (_, index) => this.#station(index)).flat());
  }

  begin(): Promise<Work> {
    const never = Promise.resolve();
    const row: ControllerRow = {
      name: 'station',
      concern: 'stations',
      gapMs: 0,
      gatherMs: 0,
      reconcile: (key, parts) => {
        this.#looks += 1;
        this.memory = parts.memory;
        const snapshot = lookAtStation(key, parts);
        assert.ok(snapshot !== undefined);
        planStation(snapshot);
        return Promise.resolve(done);
      },
    };
    return this.work(() => {
      this.#served = serveTerm({
        world: {
          namespace: undefined,
          stores: this.#stores,
          suspicion: this.#suspicion,
          synced: never,
          ended: never,
          watches: () => [],
        },
        controllers: [row],
        client: new FakeClient(),
        clock: this.#clock,
        metrics: createMetrics(),
        random: () => 0,
        log: silentLog,
        events: { record: () => undefined, close: () => never },
        workers: 4,
        forgetZoneAfterMs: 1_000,
        leavingSigns: usualSigns,
        mayWrite: () => true,
        signal: this.#stop.signal,
        lost: this.#stop.signal,
      });
    });
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#clock.advance(3_500);
    await this.#served;
  }

  /** What is done for a thing that happens, until nothing is left to do. */
  async work(happens: () => void | Promise<void>): Promise<Work> {
    const [reads, looks] = [{ ...this.#reads }, this.#looks];
    await happens();
    await this.#clock.advance(100);
    const kinds = Object.entries(this.#reads).map(([kind, many]) => [kind, many - reads[kind as keyof Reads]] as const);
    const all = kinds.reduce((sum, [, many]) => sum + many, 0);
    return { ...(Object.fromEntries(kinds) as Reads), all, looks: this.#looks - looks };
  }

  /** All nodes of zone-a change one after another, and there is time for looks after each. */
  async zoneTurns(parts: Parameters<typeof aNode>[0]): Promise<void> {
    for (let index = 0; index < this.#nodes; index += 3) {
      put(this.#stores, this.#node(index, parts));
      await this.#clock.advance(20);
    }
  }

  /** All nodes of zone-a are suspect at once. */
  zoneIsSuspect(): void {
    this.#suspicion.suspect(this.#zoneA());
  }

  /** Leases begin to tell of nodes; then those of zone-a are not renewed, one after another, and then they are. */
  async zoneIsSilent(): Promise<void> {
    this.#suspicion.silent(0);
    const names = this.#zoneA();
    for (let many = 1; many <= names.length; many++) {
      this.#suspicion.silent(15_000, ...names.slice(0, many));
      await this.#clock.advance(20);
    }
    this.#suspicion.silent(0);
  }

  /** One more node in each zone. */
  nodesCome(): void {
    put(this.#stores, ...[0, 1, 2].map((each) => this.#node(this.#nodes + each)));
  }

  podFails(): void {
    put(this.#stores, this.#pod({ kitchen: 's0', zone: 'zone-a', node: 'n0', readyAt: false }));
  }

  /** All pods and nodes are gone. */
  allGo(): void {
    for (let index = 0; index < this.#nodes; index++) drop(this.#stores, this.#node(index));
    for (const { namespace, name } of this.#stores.pods.list()) {
      drop(this.#stores, aPod({ namespace, name }));
    }
  }

  #zoneA(): readonly string[] {
    return Array.from({ length: this.#nodes / 3 }, (_, index) => `n${index * 3}`);
  }

  #node(index: number, parts: Parameters<typeof aNode>[0] = {}): object {
    return aNode({ name: `n${index}`, zone: zones[index % 3]!, ...parts });
  }

  #pod(parts: PodParts & { readonly kitchen: string; readonly zone: string }): object {
    const name = `${deploymentName(parts.kitchen, 'grill', parts.zone as ZoneName)}-rs1-1`;
    return aPod({ namespace: 'food', name, ...parts });
  }

  #station(index: number): readonly object[] {
    const kitchen = `s${index}`;
    const name = `${kitchen}-grill`;
    const first = 3 * Math.floor((index * 2) / 3);
    const metadata = { namespace: 'food' };
    const uids = zones.map((zone) => `uid-${deploymentName(kitchen, 'grill', zone as ZoneName)}-rs1-1`);
    return [
      aKitchen({ metadata: { name: kitchen, namespace: 'food' } }),
      aStation({ kitchen, station: 'grill', replicas: 2, survive: { zones: 1 }, metadata: { ...metadata, name } }),
      ...zones.flatMap((zone, nth) => [
        aDeployment({ kitchen, zone, replicas: 1, metadata: { ...metadata, annotations: notes(zone) } }),
        this.#pod({ kitchen, zone, node: `n${first + nth}` }),
      ]),
      aService({ kitchen }),
      aBudget({ kitchen }),
      anEndpointSlice({ kitchen, ready: uids }),
    ] as readonly KubeObject[];
  }
}

function notes(zone: string): Readonly<Record<string, string>> {
  return { 'kitchen.dev/zone': zone, 'kitchen.dev/zones': JSON.stringify(zones), 'kitchen.dev/demand': '2' };
}

describe('what the operator does in a big cluster', () => {
  const small = 30;
  const times = 5;
  /** What grows with the square would be 25-fold. */
  const atMost = times * 1.25;

  const rows: readonly (readonly [what: string, happens: (term: BigTerm) => void | Promise<void>, most: number])[] = [
    ['when one pod is not Ready any more, does not grow with the cluster', (term) => term.podFails(), 1.25],
    ['when a node comes to each zone, does not grow with the cluster', (term) => term.nodesCome(), 1.25],
    ['when a zone is called lost, node after node, grows with the cluster', (term) => term.zoneTurns(lost), atMost],
    ['when a zone is cordoned, node after node, grows with the cluster', (term) => term.zoneTurns(cordoned), atMost],
    ['when a zone falls silent, node after node, grows with the cluster', (term) => term.zoneIsSilent(), atMost],
    ['when all nodes of a zone are suspect, grows with the cluster', (term) => term.zoneIsSuspect(), atMost],
  ];
  const lost = { ready: 'Unknown', readyAt: 500 } as const;
  const cordoned = { unschedulable: true };

  it('when it begins, grows with the cluster and no faster', async () => {
    const [one, other] = [new BigTerm(small), new BigTerm(small * times)];
    grows(await one.begin(), await other.begin(), atMost);
    await Promise.all([one.end(), other.end()]);
  });

  it('when all pods and nodes are gone, forgets them', async () => {
    const term = new BigTerm(small);
    await term.begin();
    const before = term.memory.size;
    term.allGo();
    assert.ok(before >= 2.5 * small);
    assert.ok(term.memory.size <= before - 2.5 * small, `${term.memory.size} of ${before} subjects are remembered`);
    await term.end();
  });

  for (const [what, happens, most] of rows) {
    it(`${what} and no faster`, async () => {
      const works: Work[] = [];
      for (const nodes of [small, small * times]) {
        const term = new BigTerm(nodes);
        await term.begin();
        works.push(await term.work(() => happens(term)));
        await term.end();
      }
      grows(works[0]!, works[1]!, most);
    });
  }
});

function grows(small: Work, big: Work, most: number): void {
  assert.ok(small.all > 0);
  const grown = { looks: big.looks / Math.max(1, small.looks), reads: big.all / small.all };
  const told = `${JSON.stringify(grown)}: from ${JSON.stringify(small)} to ${JSON.stringify(big)}`;
  assert.ok(grown.looks <= most && grown.reads <= most, told);
}
