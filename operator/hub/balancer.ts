/*
 * Balancer: tells hubs where to send, from what hubs tell of their load. It decides on the leader alone, which all hubs tell.
 * What was decided holds until another replica leads.
 */
import type { Key } from '../api/kubernetes/key.ts';
import { choose, firstMemory } from '../balance/choose.ts';
import type { Choice, ChoiceMemory } from '../balance/choose.ts';
import type { ZonePrice } from '../balance/flow.ts';
import { LoadReports } from '../balance/reports.ts';
import type { ReportingEnvoy } from '../balance/reports.ts';
import { steadyShares } from '../balance/steady.ts';
import { reportEveryMs } from '../traffic/pace.ts';
import type { HubLoad } from '../observe/hubLoad.ts';
import type { BackendReport } from '../traffic/report.ts';
import type { Backend, ZoneShares } from '../traffic/form.ts';
import { shiftExcess } from './shiftExcess.ts';
import { stationLoadIn } from './stationLoad.ts';

/** A backend of a station, as hubs have it. */
export interface StationBackend {
  readonly station: Key;
  readonly backend: Backend;
}

export interface BalancerOptions {
  /** What hubs serve now. */
  readonly backend: (name: string) => StationBackend | undefined;
  readonly zonePriceOf: (station: Key) => ZonePrice;
  /** Whether a hub's pod exists. */
  readonly isThere: (pod: string) => boolean;
  /** The pods of hubs that are there and do not end, and whether each is Ready. */
  readonly hubs: () => ReadonlyMap<string, boolean>;
  /** Shares of the stations have changed. */
  readonly onShares: (stations: readonly Key[]) => void;
  /** What was chosen for a backend in this turn; undefined: nothing is known of it any more. */
  readonly onChoice: (backend: string, choice: Choice | undefined) => void;
}

interface Balanced {
  readonly memory: ChoiceMemory;
  readonly atMs: number;
  /** What hubs have been told. */
  readonly shares: ZoneShares;
}

/** A turn that comes late, after a pause of the process, counts as this long at most. */
const TURN_MOST_S = 10;

/** Keeps what hubs tell and what was chosen, by backend. */
export class Balancer {
  readonly #options: BalancerOptions;
  readonly #reports = new LoadReports();
  readonly #balanced = new Map<string, Balanced>();

  constructor(options: BalancerOptions) {
    this.#options = options;
  }

  /** An Envoy of a hub has told what it sends. */
  hear(envoy: ReportingEnvoy, reports: readonly BackendReport[], nowMs: number): void {
    // Only of what is a station's: an Envoy tells of its own clusters too, and of what it may make up.
    const known = reports.flatMap((report) => {
      const { backend } = this.#options.backend(report.backend) ?? {};
      if (backend === undefined || backend.protocol === 'TCP') return [];
      const zones = new Set(backend.endpoints.map(({ zone }) => zone));
      return [{ ...report, zones: report.zones.filter(({ zone }) => zones.has(zone)) }];
    });
    this.#reports.hear(envoy, known, nowMs);
  }

  /**
   * What hubs count of a station, without requests that are under way only because a zone that is `toLeave` is slow;
   * undefined: none of its backends has requests that can be counted.
   */
  loadOf(backends: readonly string[], toLeave: ReadonlySet<string>, nowMs: number): HubLoad | undefined {
    const counted = backends.filter((name) => this.#isBalanced(name));
    if (counted.length === 0) return undefined;
    const load = stationLoadIn(this.#reports, { backends: counted, hubs: this.#options.hubs(), nowMs });
    const excess = counted.reduce((sum, name) => sum + this.#excessOf(name, toLeave, nowMs), 0);
    return { ...load, inFlight: load.inFlight - excess };
  }

  /** Where the requests for a backend are to go; undefined: nothing is known. */
  sharesOf(backend: string): ZoneShares | undefined {
    return this.#balanced.get(backend)?.shares;
  }

  /** How long to wait between two turns, in milliseconds: as long as between two reports of a hub. */
  everyMs(nowMs: number): number {
    return reportEveryMs(this.#reports.count(nowMs));
  }

  /** Chooses again for every backend that hubs have told of. */
  turn(nowMs: number): void {
    this.#reports.keepOnly(this.#options.isThere, nowMs);
    const heard = new Set([...this.#reports.backends(nowMs)].filter((name) => this.#isBalanced(name)));
    const gone = [...this.#balanced.keys()].filter((name) => !heard.has(name));
    const moved = [...heard].filter((name) => this.#balance(name, nowMs));
    this.#forget(gone);
    this.#tell([...moved, ...gone]);
  }

  /** Forgets all: another replica leads, and what is known here is no more than a part. */
  clear(): void {
    const names = [...this.#balanced.keys()];
    this.#reports.clear();
    this.#forget(names);
    this.#tell(names);
  }

  #excessOf(name: string, toLeave: ReadonlySet<string>, nowMs: number): number {
    const zones = this.#options.backend(name)?.backend.endpoints.map(({ zone }) => zone) ?? [];
    return shiftExcess(this.#reports.loadOf(name, nowMs), zones, toLeave);
  }

  #isBalanced(name: string): boolean {
    const { backend } = this.#options.backend(name) ?? {};
    return backend !== undefined && backend.protocol !== 'TCP';
  }

  /** Whether the shares have changed. */
  #balance(name: string, nowMs: number): boolean {
    const { backend: find, zonePriceOf, onChoice } = this.#options;
    const found = find(name);
    if (found === undefined) return false;
    const before = this.#balanced.get(name);
    const sinceMs = before === undefined ? this.everyMs(nowMs) : nowMs - before.atMs;
    const serving = found.backend.endpoints.filter(({ state }) => state === 'Serving');
    const zones = [...Map.groupBy(serving, ({ zone }) => zone)].map(([zone, { length }]) => ({ zone, pods: length }));
    const choice = choose(
      { ...this.#reports.loadOf(name, nowMs), zones: zones.toSorted((a, b) => (a.zone < b.zone ? -1 : 1)) },
      zonePriceOf(found.station),
      { dtS: Math.min(TURN_MOST_S, sinceMs / 1000), before: before?.memory ?? firstMemory },
    );
    const shares = steadyShares(before?.shares, choice.shares);
    this.#balanced.set(name, { memory: choice.memory, atMs: nowMs, shares });
    onChoice(name, choice);
    return shares !== before?.shares;
  }

  #forget(names: readonly string[]): void {
    for (const name of names) {
      this.#balanced.delete(name);
      this.#options.onChoice(name, undefined);
    }
  }

  #tell(names: readonly string[]): void {
    const stations = new Set(names.flatMap((name) => this.#options.backend(name)?.station ?? []));
    if (stations.size > 0) this.#options.onShares([...stations]);
  }
}
