/*
 * Hub traffic: what hubs get, kept up to date from the stores.
 *
 * A change marks the stations that it concerns. A moment later these are translated again, all in one go: when a node
 * dies, its pods change one after another. A resource that is as it was keeps its version, and is not sent.
 *
 * Hard part: a resource that cannot be packed (an address that is none) must not stop others. The station keeps the
 * form that it had, and the error is told.
 */
import type { Key } from '../api/kubernetes/key.ts';
import type { Clock } from '../engine/clock.ts';
import { merged, pack, packCommon, translate } from '../envoy/translate.ts';
import type { Packed, PackedResource } from '../envoy/translate.ts';
import { byType } from '../envoy/types.ts';
import type { ResourceType } from '../envoy/types.ts';
import { stationKeys } from '../observe/indexes.ts';
import type { Stores } from '../observe/stores.ts';
import type { Traffic, ZoneShares } from '../traffic/form.ts';
import type { Source } from '../xds/source.ts';
import type { StationBackend } from './balancer.ts';
import { stationTraffic } from './stationTraffic.ts';
import type { HubPorts } from './ports.ts';

/** Changes of one moment are told together. */
const GATHER_MS = 20;
/**
 * A station that leaves the hubs is served for so long after the last slice that led there: kube-proxy is late, and
 * connections last up to 10 s.
 */
const LINGER_MS = 15_000;

export interface HubTrafficOptions {
  readonly stores: Stores;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
  readonly signal: AbortSignal;
  /** Ports as they are now. */
  readonly ports: () => HubPorts;
  /** Where the requests for a backend are to go; undefined: nothing is known. */
  readonly sharesOf: (backend: string) => ZoneShares | undefined;
  readonly onError: (error: unknown, station: Key) => void;
}

/** The traffic of all stations behind hubs, in Envoy's words. */
export class HubTraffic implements Source {
  readonly #options: HubTrafficOptions;
  readonly #common = packCommon();
  readonly #traffic = new Map<Key, Traffic>();
  readonly #backends = new Map<string, StationBackend>();
  /** By the zone of the hub, and in it by station. A zone comes in when a hub of it asks. */
  readonly #packed = new Map<string, Map<Key, Packed>>();
  readonly #merged = new Map<string, Packed>();
  /** Since when stations have nothing any more that hubs should serve. */
  readonly #leaving = new Map<Key, number>();
  readonly #marked = new Set<Key>();
  readonly #listeners = new Set<() => void>();
  #isGathering = false;

  constructor(options: HubTrafficOptions) {
    this.#options = options;
  }

  /** Takes in what the stores have, and follows them from then on. Returns how to stop. */
  follow(): () => void {
    const { stores } = this.#options;
    const mark = (...keys: readonly Key[]): void => this.#mark(keys);
    for (const key of stores.stations.keys()) this.#marked.add(key);
    this.#settle();
    const stops = [
      stores.stations.onChange(({ key }) => mark(key)),
      stores.services.onChange(({ key }) => mark(key)),
      stores.slices.onChange(({ before, after }) =>
        mark(...[before, after].flatMap((slice) => (slice?.hubs === undefined ? [] : stationKeys(slice)))),
      ),
      stores.pods.onChange(({ before, after }) =>
        mark(...[before, after].flatMap((pod) => (pod === undefined ? [] : stationKeys(pod)))),
      ),
      stores.nodes.onChange(({ before, after }) => {
        const name = after?.name ?? before?.name ?? '';
        mark(...stores.pods.byIndex('node', name).flatMap(stationKeys));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The ports have changed. */
  changed(): void {
    this.#mark([...this.#options.stores.stations.keys()]);
  }

  /** The shares of these stations have changed. */
  rebalanced(stations: readonly Key[]): void {
    this.#mark(stations);
  }

  /** The names of a station's backends. */
  backendsOf(station: Key): readonly string[] {
    return this.#traffic.get(station)?.backends.map(({ name }) => name) ?? [];
  }

  /** A backend by its name. */
  backend(name: string): StationBackend | undefined {
    return this.#backends.get(name);
  }

  resources(type: ResourceType, zone: string): ReadonlyMap<string, PackedResource> {
    return (this.#merged.get(zone) ?? this.#merge(zone))[type];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #mark(keys: readonly Key[]): void {
    for (const key of keys) if (this.#concerns(key)) this.#marked.add(key);
    if (this.#marked.size === 0 || this.#isGathering || this.#options.signal.aborted) return;
    this.#isGathering = true;
    const { clock, signal } = this.#options;
    void clock.sleep(GATHER_MS, signal).then(() => {
      this.#isGathering = false;
      if (!signal.aborted) this.#settle();
    });
  }

  #concerns(key: Key): boolean {
    return this.#traffic.has(key) || this.#options.stores.stations.get(key)?.object.spec.hub !== undefined;
  }

  #settle(): void {
    const seen = { stores: this.#options.stores, ports: this.#options.ports() };
    for (const key of this.#marked) this.#translate(key, stationTraffic(key, seen, this.#traffic.get(key)));
    this.#marked.clear();
    for (const zone of this.#packed.keys()) this.#merge(zone);
    for (const listener of this.#listeners) listener();
  }

  #translate(key: Key, traffic: Traffic): void {
    if (traffic.listeners.length === 0) return this.#leave(key);
    this.#leaving.delete(key);
    this.#keep(key, traffic);
    for (const [zone, stations] of this.#packed) this.#pack({ key, traffic, zone }, stations);
  }

  #keep(station: Key, traffic: Traffic | undefined): void {
    for (const { name } of this.#traffic.get(station)?.backends ?? []) this.#backends.delete(name);
    for (const backend of traffic?.backends ?? []) this.#backends.set(backend.name, { station, backend });
    if (traffic === undefined) this.#traffic.delete(station);
    else this.#traffic.set(station, traffic);
  }

  /** Ends what hubs serve for a station, after a while. */
  #leave(key: Key): void {
    if (!this.#traffic.has(key)) return;
    const { clock, signal } = this.#options;
    const nowMs = clock.monotonicMs();
    const sinceMs = this.#leaving.get(key);
    if (sinceMs === undefined) {
      this.#leaving.set(key, nowMs);
      void clock.sleep(LINGER_MS, signal).then(() => this.#mark([key]));
    }
    if (sinceMs === undefined || nowMs - sinceMs < LINGER_MS) return;
    this.#leaving.delete(key);
    this.#keep(key, undefined);
    for (const stations of this.#packed.values()) stations.delete(key);
  }

  /** Where it cannot be packed, the station keeps the form that it had. */
  #pack(
    { key, traffic, zone }: { readonly key: Key; readonly traffic: Traffic; readonly zone: string },
    into: Map<Key, Packed>,
  ): void {
    try {
      into.set(key, pack(translate(this.#balanced(traffic), zone)));
    } catch (error) {
      this.#options.onError(error, key);
    }
  }

  #balanced(traffic: Traffic): Traffic {
    const backends = traffic.backends.map((backend) => {
      const shares = this.#options.sharesOf(backend.name);
      return shares === undefined ? backend : { ...backend, shares };
    });
    return { ...traffic, backends };
  }

  /** One map a type of all stations. It stays the same map while none of its versions changes. */
  #merge(zone: string): Packed {
    const stations = this.#packed.get(zone) ?? this.#packZone(zone);
    const before = this.#merged.get(zone);
    const now = merged([this.#common, ...stations.values()]);
    const all = byType((type) => (before !== undefined && isSame(before[type], now[type]) ? before[type] : now[type]));
    this.#merged.set(zone, all);
    return all;
  }

  #packZone(zone: string): Map<Key, Packed> {
    const stations = new Map<Key, Packed>();
    for (const [key, traffic] of this.#traffic) this.#pack({ key, traffic, zone }, stations);
    this.#packed.set(zone, stations);
    return stations;
  }
}

function isSame(some: ReadonlyMap<string, PackedResource>, others: ReadonlyMap<string, PackedResource>): boolean {
  if (some.size !== others.size) return false;
  for (const [name, { version }] of others) if (some.get(name)?.version !== version) return false;
  return true;
}
