/*
 * Plan slices: decides which EndpointSlices lead a station's Service to the hubs.
 *
 *   one slice for each 25 hubs of a zone, since a hub that joins changes one slice of every Service
 *   a hub comes in when it is Ready and has accepted a connection on every port of the Service
 *   the slices that Kubernetes keeps go when the Service has no selector any more
 *
 * Hard part: each order has a moment in which requests can be lost. A hub that leaves stays listed, not ready, until its
 * pod is gone: what it has begun is answered. The slices of Kubernetes go only when the headless Service lists all their
 * pods, or the station's pods would count as not served. Ours go only when those of Kubernetes are back.
 *
 * Example: zone-a has 3 hubs, zone-b 2. The Service gets the slices pizzeria-grill-hub-zone-a-0 and -zone-b-0.
 */
import { zoneSlug } from '../../api/names.ts';
import { zoneOf } from '../../api/zone.ts';
import type { HubEndpoint, HubSlicePort } from '../../observe/objects.ts';

/** The most hubs in one slice. */
export const SLICE_HUBS_MAX = 25;

/** A hub, as far as a Service may lead to it. */
export interface HubSeen {
  readonly address: string;
  readonly node: string;
  /** Empty: its node has none. */
  readonly zone: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** It has accepted a connection on every port of the Service, and is where the clients of its node are led. */
  readonly reached: boolean;
}

export interface OwnSlice {
  readonly name: string;
  readonly uid: string;
  readonly endpoints: readonly HubEndpoint[];
  readonly ports: readonly HubSlicePort[];
}

/** A slice that another controller keeps for the Service. */
export interface OtherSlice {
  readonly name: string;
  readonly uid: string;
  readonly readyPods: readonly string[];
}

/** What there is to see of one station's slices. */
export interface SlicesSnapshot {
  /** The name of the Service. */
  readonly service: string;
  /** Whether the station is to be served through hubs. */
  readonly isForHubs: boolean;
  /** A person asked that no Service lead to the hubs: they are treated as if they left. */
  readonly areBypassed: boolean;
  /** A paused station changes over to nothing, but hubs that leave are told of. */
  readonly paused: boolean;
  /** Undefined: there is no Service of ours. */
  readonly selects: boolean | undefined;
  /** Where hubs listen for each port of the Service; undefined while not all have a port. */
  readonly ports: readonly HubSlicePort[] | undefined;
  readonly hubs: readonly HubSeen[];
  readonly own: readonly OwnSlice[];
  readonly others: readonly OtherSlice[];
  /** Uids of the pods that the headless Service lists as ready. */
  readonly podsListed: ReadonlySet<string>;
}

export type SlicesStep =
  | { readonly kind: 'apply'; readonly slice: SliceWanted; readonly isJoin: boolean; readonly why: string }
  | { readonly kind: 'remove'; readonly name: string; readonly uid: string; readonly why: string }
  /** The old Endpoints object, which would be mirrored into another slice. */
  | { readonly kind: 'dropEndpoints'; readonly why: string };

export interface SliceWanted {
  readonly name: string;
  readonly endpoints: readonly HubEndpoint[];
  readonly ports: readonly HubSlicePort[];
}

/** What to do now about the slices of one station. */
export function planSlices(seen: SlicesSnapshot): readonly SlicesStep[] {
  const snapshot = seen.areBypassed ? { ...seen, hubs: seen.hubs.map((hub) => ({ ...hub, deleting: true })) } : seen;
  const { isForHubs, areBypassed, ports, selects, paused, own } = snapshot;
  if (paused) {
    const live = new Set(own.map(({ name }) => name));
    return applySteps(snapshot, ports ?? []).filter((step) => step.kind === 'apply' && live.has(step.slice.name));
  }
  if (!isForHubs || selects === undefined || (areBypassed && selects)) return endSteps(snapshot);
  // The first hub alone would get the requests of all nodes.
  if (own.length === 0 && !areMostReached(snapshot)) return [];
  return ports === undefined ? [] : [...applySteps(snapshot, ports), ...takeOverSteps(snapshot)];
}

function areMostReached({ hubs }: SlicesSnapshot): boolean {
  const able = hubs.filter(({ ready, deleting }) => ready && !deleting);
  return able.filter(({ reached }) => reached).length * 2 > able.length;
}

/** Ours go when nobody needs them: there is no Service, or the slices of Kubernetes lead to pods again. */
function endSteps({ selects, own, others, podsListed }: SlicesSnapshot): readonly SlicesStep[] {
  const listed = new Set(others.flatMap(({ readyPods }) => readyPods));
  const isBack = [...podsListed].every((uid) => listed.has(uid));
  if (selects === false || (selects === true && (!isBack || others.length === 0))) return [];
  return own.map(({ name, uid }) => ({ kind: 'remove', name, uid, why: 'the Service leads to the pods itself' }));
}

function applySteps(snapshot: SlicesSnapshot, ports: readonly HubSlicePort[]): readonly SlicesStep[] {
  const { own } = snapshot;
  const live = new Map(own.map((slice) => [slice.name, slice]));
  const wanted = wantedSlices(snapshot, ports).map((slice) => withPortsReached(slice, live.get(slice.name), snapshot));
  const applied = wanted.flatMap((slice): readonly SlicesStep[] => {
    const before = live.get(slice.name);
    if (before !== undefined && isSame(before, slice)) return [];
    return [{ kind: 'apply', slice, isJoin: isJoin(before, slice), why: whyOf(before, slice) }];
  });
  const names = new Set(wanted.map(({ name }) => name));
  const empty = own.filter(({ name }) => !names.has(name));
  return [
    ...applied,
    ...empty.map(({ name, uid }): SlicesStep => ({ kind: 'remove', name, uid, why: 'its hubs are gone' })),
  ];
}

/** The Service has no selector any more: what Kubernetes still lists would keep requests away from the hubs. */
function takeOverSteps(snapshot: SlicesSnapshot): readonly SlicesStep[] {
  const { selects, own, others, podsListed, hubs } = snapshot;
  const isReady = ({ endpoints }: Pick<OwnSlice, 'endpoints'>): boolean =>
    endpoints.some(({ state }) => state === 'Ready');
  const listsHubs = own.some(isReady) && hubs.some(({ ready, deleting }) => ready && !deleting);
  if (selects !== false || others.length === 0 || !listsHubs) return [];
  if (!others.every(({ readyPods }) => readyPods.every((uid) => podsListed.has(uid)))) return [];
  const why = 'the Service leads to the hubs';
  return [
    { kind: 'dropEndpoints', why },
    ...others.map(({ name, uid }): SlicesStep => ({ kind: 'remove', name, uid, why })),
  ];
}

/** The slices as they are to be. A hub stays in the slice that has it. */
function wantedSlices({ service, hubs, own }: SlicesSnapshot, ports: readonly HubSlicePort[]): readonly SliceWanted[] {
  const sliceOf = new Map(own.flatMap(({ name, endpoints }) => endpoints.map(({ address }) => [address, name])));
  const before = new Map(own.flatMap(({ endpoints }) => endpoints.map(({ address, state }) => [address, state])));
  const filled = new Map<string, HubEndpoint[]>();
  const listed = hubs.flatMap((hub) => {
    const state = stateOf(hub, before.get(hub.address));
    const { address, node, zone } = hub;
    return state === undefined ? [] : [{ address, node, zone, state }];
  });
  const inPlace = listed.toSorted(
    (a, b) => Number(sliceOf.has(b.address)) - Number(sliceOf.has(a.address)) || order(a, b),
  );
  for (const endpoint of inPlace) {
    const prefix = `${service}-hub-${zoneSlug(zoneOf(endpoint.zone))}-`;
    const had = sliceOf.get(endpoint.address);
    const name = had?.startsWith(prefix) === true ? had : roomIn(filled, prefix);
    filled.set(name, [...(filled.get(name) ?? []), endpoint]);
  }
  return [...filled].map(([name, endpoints]) => ({ name, ports, endpoints: endpoints.toSorted(order) }));
}

/** A slice keeps the ports that it has while a hub in it does not serve the new ones yet. */
function withPortsReached(slice: SliceWanted, live: OwnSlice | undefined, { hubs }: SlicesSnapshot): SliceWanted {
  const reached = new Set(hubs.filter((hub) => hub.reached).map(({ address }) => address));
  const isServed = slice.endpoints.every(({ address, state }) => state !== 'Ready' || reached.has(address));
  return live === undefined || isServed ? slice : { ...slice, ports: live.ports };
}

/** The first slice of a zone that has room for one more. */
function roomIn(filled: ReadonlyMap<string, readonly HubEndpoint[]>, prefix: string): string {
  for (let number = 0; ; number += 1) {
    const name = `${prefix}${number}`;
    if ((filled.get(name)?.length ?? 0) < SLICE_HUBS_MAX) return name;
  }
}

/** How a hub is listed; `before`: how it is listed now. Undefined: it is not listed, since it has never served. */
function stateOf(
  { ready, deleting, reached }: HubSeen,
  before: HubEndpoint['state'] | undefined,
): HubEndpoint['state'] | undefined {
  if (deleting) return before && 'Leaving';
  if (ready && (reached || before === 'Ready')) return 'Ready';
  return before && 'Away';
}

function order(a: HubEndpoint, b: HubEndpoint): number {
  return a.node < b.node ? -1 : a.node > b.node ? 1 : a.address < b.address ? -1 : 1;
}

function isSame(live: OwnSlice, wanted: SliceWanted): boolean {
  const text = ({ endpoints }: Pick<OwnSlice, 'endpoints'>): string =>
    JSON.stringify(endpoints.toSorted(order).map(({ address, node, zone, state }) => [address, node, zone, state]));
  return text(live) === text(wanted) && hasSamePorts(live, wanted);
}

function hasSamePorts(live: OwnSlice, wanted: SliceWanted): boolean {
  const text = ({ ports }: Pick<OwnSlice, 'ports'>): string =>
    ports
      .map(({ name, port, appProtocol = '' }) => `${name} ${port} ${appProtocol}`)
      .toSorted()
      .join();
  return text(live) === text(wanted);
}

/** Only hubs come in, and nobody waits for them: the others serve meanwhile. */
function isJoin(before: OwnSlice | undefined, wanted: SliceWanted): boolean {
  if (before === undefined || !hasSamePorts(before, wanted)) return false;
  const now = new Map(wanted.endpoints.map(({ address, state }) => [address, state]));
  return before.endpoints.every(({ address, state }) => now.get(address) === state);
}

function whyOf(before: OwnSlice | undefined, { endpoints }: SliceWanted): string {
  const was = new Map((before?.endpoints ?? []).map(({ address, state }) => [address, state]));
  const now = new Set(endpoints.map(({ address }) => address));
  const named = (state: HubEndpoint['state'], word: string): readonly string[] => {
    const some = endpoints.filter((each) => each.state === state && was.get(each.address) !== state);
    return some.length === 0 ? [] : [`${some.map(({ node }) => node).join(', ')} ${word}`];
  };
  const gone = (before?.endpoints ?? []).filter(({ address }) => !now.has(address));
  const words = [
    ...named('Ready', 'can serve'),
    ...named('Leaving', 'leaves'),
    ...named('Away', 'cannot serve'),
    ...(gone.length === 0 ? [] : [`${gone.map(({ node }) => node).join(', ')} has gone`]),
  ];
  return words.length === 0 ? 'its ports have changed' : words.join('; ');
}
