import { isForHubs } from '../../api/hub.ts';
import { keyOf } from '../../api/kubernetes/key.ts';
import type { Key } from '../../api/kubernetes/key.ts';
import { ZONE_LABEL } from '../../api/zone.ts';
import { Backoff } from '../../engine/backoff.ts';
import type { Clock } from '../../engine/clock.ts';
import { runLoop } from '../../engine/loop.ts';
import { done } from '../../engine/outcome.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { Queue } from '../../engine/queue.ts';
import type { Client } from '../../kube/client.ts';
import { messageOf } from '../../kube/errors.ts';
import type { LearningStore } from '../../kube/store.ts';
import { stationKeys } from '../../observe/indexes.ts';
import type { StationObject } from '../../observe/objects.ts';
import type { LearningStores, Stores } from '../../observe/stores.ts';
import type { Log } from '../../report/log.ts';
import { areBypassed, givenPorts } from '../ownStores.ts';
import type { OwnStores } from '../ownStores.ts';
import { stationOfPort } from '../ports.ts';
import type { HubPorts } from '../ports.ts';
import { applySlicesStep } from './applySlices.ts';
import type { SlicesOwner } from './applySlices.ts';
import { HubLocality } from './locality.ts';
import type { AskLocal } from './locality.ts';
import { planSlices } from './planSlices.ts';
import type { SlicesStep } from './planSlices.ts';
import { HubReach } from './reach.ts';
import type { Knock } from './reach.ts';
import { takeSlices } from './takeSlices.ts';

export interface KeepSlicesOptions {
  /** Writes only while this process leads. */
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly stores: Stores & LearningStores;
  readonly own: OwnStores;
  readonly namespace: string;
  readonly knock: Knock;
  /** Undefined: the hubs of any node will do. */
  readonly askLocal: AskLocal | undefined;
  /** Told how to find out whether most hubs are not where the clients of their nodes are led. */
  readonly onLocality: (isMissed: () => boolean) => void;
}

const WORKERS = 8;
/**
 * A node that joins changes a slice of every Service. Written at once, they make the API server close the watches of all
 * nodes as too slow (measured with 500 Services and 200 nodes). Nobody waits for a hub that joins.
 */
const JOIN_EVERY_MS = 20;

/** Keeps the slices of all stations behind hubs, until the signal is aborted. */
export async function keepSlices(options: KeepSlicesOptions): Promise<void> {
  const { clock, random, signal, stores, own, namespace, knock, askLocal, log } = options;
  const queue = new Queue<Key>({ clock });
  const ports = (): HubPorts => givenPorts(own.ports, namespace);
  const wakeAll = (): void => {
    for (const key of concerned(stores)) queue.add(key);
  };
  const reach = new HubReach({
    knock,
    clock,
    signal,
    onOpen: (port) => {
      const key = stationOfPort(port, ports());
      if (key !== undefined) queue.add(key);
    },
  });
  const locality = askLocal && new HubLocality({ ask: askLocal, clock, signal, onLocal: wakeAll });
  options.onLocality(() => locality?.isMissed() === true);
  const stops = [
    stores.stations.onChange(({ key, before, after }) => {
      if ([before, after].some((station) => station !== undefined && isForHubs(station.object.spec))) queue.add(key);
    }),
    stores.services.onChange(({ before, after }) => addAll(queue, [before, after])),
    stores.slices.onChange(({ before, after }) => addAll(queue, [before, after])),
    stores.nodes.onChange(({ before, after }) => {
      if (before?.labels[ZONE_LABEL] !== after?.labels[ZONE_LABEL]) wakeAll();
    }),
    stores.policies.onChange(wakeAll),
    own.ports.onChange(() => {
      reach.keepPorts(new Set(ports().values()));
      wakeAll();
    }),
    own.hubs.onChange(() => {
      // One that was not ready may have started again, with other listeners.
      const ready = own.hubs.list().filter((hub) => hub.ready);
      reach.keepAddresses(new Set(ready.map(({ address }) => address)));
      locality?.keepAddresses(new Set(own.hubs.list().map(({ address }) => address)));
      wakeAll();
    }),
  ];
  wakeAll();
  const turns = new Turns(clock);
  const reconcile = (key: Key): Promise<Outcome> => look(key, { ...options, ports: ports(), reach, locality, turns });
  await runLoop({
    queue,
    workers: WORKERS,
    clock,
    signal,
    backoff: new Backoff({ baseMs: 100, maxMs: 30_000, random }),
    reconcile,
    hooks: {
      looked: (key, outcome) => {
        if (outcome.kind === 'retry') log.warn(`slices for the hubs: ${messageOf(outcome.error)}`, { station: key });
      },
    },
  });
  for (const stop of stops) stop();
}

/** Stations that are behind hubs, and those of which slices of ours are left. */
function concerned({ stations, slices }: Pick<Stores, 'stations' | 'slices'>): ReadonlySet<Key> {
  const behind = stations.list().filter((station) => isForHubs(station.object.spec));
  const left = slices.list().filter(({ hubs }) => hubs !== undefined);
  return new Set([...behind.map((station) => keyOf(station)), ...left.flatMap(stationKeys)]);
}

function addAll(queue: Queue<Key>, sides: readonly (Parameters<typeof stationKeys>[0] | undefined)[]): void {
  for (const side of sides) if (side !== undefined) for (const key of stationKeys(side)) queue.add(key);
}

interface SlicesLooking extends KeepSlicesOptions {
  readonly ports: HubPorts;
  readonly reach: HubReach;
  readonly locality: HubLocality | undefined;
  readonly turns: Turns;
}

async function look(key: Key, looking: SlicesLooking): Promise<Outcome> {
  const { stores, own, namespace, ports, reach, locality, turns, client, log } = looking;
  const isOpen = (address: string, port: number): boolean => reach.isOpen(address, port);
  const isLocal = (address: string, node: string): boolean => locality?.isLocal(address, node) !== false;
  const snapshot = takeSlices(key, {
    stores,
    hubs: own.hubs.list(),
    ports,
    areBypassed: areBypassed(own, namespace),
    isOpen,
    isLocal,
  });
  const station = stores.stations.get(key);
  const writing = { client, learn: ((object) => stores.slices.learn(object)) satisfies LearningStore['learn'] };
  let laterMs: number | undefined;
  for (const step of planSlices(snapshot)) {
    const waitMs = step.kind === 'apply' && step.isJoin ? turns.waitMs(key) : 0;
    if (waitMs > 0) {
      laterMs = waitMs;
      continue;
    }
    const place = { owner: station && ownerOf(station), namespace: namespaceIn(key), service: snapshot.service };
    await applySlicesStep(writing, step, place);
    log.info(`${sliceWords(step)}: ${step.why}`, { station: key });
  }
  return laterMs === undefined ? done : { kind: 'again', lookAgainMs: laterMs };
}

function sliceWords(step: SlicesStep): string {
  if (step.kind === 'apply') return `lead to hubs by ${step.slice.name}`;
  return step.kind === 'remove' ? `take away EndpointSlice ${step.name}` : 'take away the old Endpoints';
}

function namespaceIn(key: Key): string {
  return key.slice(0, key.indexOf('/'));
}

function ownerOf({ object, namespace, name, kitchen, station }: StationObject): SlicesOwner | undefined {
  const reference = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return reference && { namespace, service: name, kitchen, station, reference };
}

/** Gives each station a moment for what can wait, one after another. */
class Turns {
  readonly #clock: Clock;
  readonly #dueMs = new Map<Key, number>();
  #nextMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long a station has to wait yet; 0: its moment has come. */
  waitMs(key: Key): number {
    const nowMs = this.#clock.monotonicMs();
    const dueMs = this.#dueMs.get(key) ?? Math.max(nowMs, this.#nextMs);
    if (!this.#dueMs.has(key)) this.#nextMs = dueMs + JOIN_EVERY_MS;
    if (dueMs > nowMs) this.#dueMs.set(key, dueMs);
    else this.#dueMs.delete(key);
    return Math.max(0, dueMs - nowMs);
  }
}
