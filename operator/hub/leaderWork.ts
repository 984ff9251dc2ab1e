import { HUB_PORTS_OBJECT } from '../api/hub.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { configMaps, secrets } from '../api/kubernetes/resource.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import { fieldManagers } from '../api/labels.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import type { LearningStore } from '../kube/store.ts';
import type { Stores } from '../observe/stores.ts';
import { issueFor } from '../xds/certificates.ts';
import { isServedByHubs } from './isServedByHubs.ts';
import { authoritiesOf, keysAfter, keysStep } from './keys.ts';
import { AUTHORITY_OBJECT, authorityObject, KEYS_OBJECT, keysObject } from './keysObject.ts';
import type { OwnStores, Single } from './ownStores.ts';
import { allot, hubPortName } from './ports.ts';
import type { GivenPorts, PortRange } from './ports.ts';
import { portsObject } from './portsObject.ts';

/** The name in the server's certificate, which hubs check. It is no address. */
export const SERVER_NAME = 'hub.kitchen.dev';

export interface LeaderWork {
  /** Writes only while this process leads. */
  readonly client: Client;
  readonly clock: Clock;
  readonly namespace: string;
  readonly own: OwnStores;
  readonly stores: Pick<Stores, 'stations' | 'slices'>;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** The ports that were seen last: should their object be lost, they are given again. */
  readonly remembered: { ports?: GivenPorts };
  readonly range: PortRange;
  /** Ports of Services for which the range has none left. */
  readonly onWithout: (names: readonly string[]) => void;
}

/** Brings the objects that hubs need up to date, as far as they are not. Each write holds only for the version seen. */
export async function doLeaderWork(work: LeaderWork): Promise<void> {
  await keepKeys(work);
  await keepAuthority(work);
  await keepPorts(work);
}

async function keepKeys(work: LeaderWork): Promise<void> {
  const { own, namespace, clock } = work;
  const seen = own.keys.get(keyOf({ namespace, name: KEYS_OBJECT }));
  const nowMs = clock.now().getTime();
  const step = keysStep(seen?.value, nowMs);
  if (step === undefined) return;
  const keys = await keysAfter(step, { keys: seen?.value, fresh: () => issueFor(SERVER_NAME, nowMs), nowMs });
  const place = { namespace, resourceVersion: seen?.resourceVersion };
  await write(work, { resource: secrets, object: keysObject(keys, place), store: own.keys, seen });
}

async function keepAuthority(work: LeaderWork): Promise<void> {
  const { own, namespace } = work;
  const keys = own.keys.get(keyOf({ namespace, name: KEYS_OBJECT }))?.value;
  const seen = own.authority.get(keyOf({ namespace, name: AUTHORITY_OBJECT }));
  if (keys === undefined || seen?.value === authoritiesOf(keys)) return;
  const place = { namespace, resourceVersion: seen?.resourceVersion };
  await write(work, { resource: configMaps, object: authorityObject(keys, place), store: own.authority, seen });
}

async function keepPorts(work: LeaderWork): Promise<void> {
  const { own, namespace, range, onWithout } = work;
  const seen = own.ports.get(keyOf({ namespace, name: HUB_PORTS_OBJECT }));
  const given = seen?.value ?? work.remembered.ports ?? { ports: new Map(), next: somewhereIn(work) };
  const allotted = allot(wantedPorts(work.stores), given, range);
  onWithout(allotted.without);
  work.remembered.ports = allotted;
  if (seen !== undefined && isSame(given.ports, allotted.ports)) return;
  const gone = [...given.ports.keys()].filter((name) => !allotted.ports.has(name));
  const place = { namespace, resourceVersion: seen?.resourceVersion };
  const object = withoutThem(portsObject(allotted, place), gone);
  await write(work, { resource: configMaps, object, store: own.ports, seen });
}

/** Not always the first port: an operator that has lost the object must not give the ports of one Service to another. */
function somewhereIn({ range: { first, last }, random }: LeaderWork): number {
  return first + Math.floor(random() * (last - first + 1));
}

/** The ports of all Services that are behind hubs, or are to be. */
function wantedPorts({ stations, slices }: LeaderWork['stores']): ReadonlySet<string> {
  const names = stations.list().flatMap((station) => {
    const { ports } = station.object.spec;
    if (station.deleting || !isServedByHubs(station, { slices })) return [];
    return ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => hubPortName(station, port));
  });
  return new Set(names);
}

/** In a merge patch, null takes an entry away. */
function withoutThem(object: KubeObject, gone: readonly string[]): KubeObject {
  const { data } = object as KubeObject & { readonly data: Readonly<Record<string, string>> };
  return { ...object, data: { ...Object.fromEntries(gone.map((name) => [name, null])), ...data } } as KubeObject;
}

interface Written {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly store: LearningStore;
  readonly seen: Single<unknown> | undefined;
}

async function write({ client, namespace }: LeaderWork, { resource, object, store, seen }: Written): Promise<void> {
  const name = object.metadata.name ?? '';
  const options = { fieldManager: fieldManagers.operator, doing: `writing ${resource.kind} ${name}` };
  const written =
    seen === undefined
      ? await client.create<KubeObject>({ resource, namespace }, withoutNulls(object), options)
      : await client.patch<KubeObject>({ resource, namespace, name }, object, { ...options, type: 'merge' });
  store.learn(written);
}

function withoutNulls(object: KubeObject): KubeObject {
  const { data = {} } = object as KubeObject & { readonly data?: Readonly<Record<string, string | null>> };
  return {
    ...object,
    data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)),
  } as KubeObject;
}

function isSame(some: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): boolean {
  return some.size === others.size && [...some].every(([name, port]) => others.get(name) === port);
}
