import { noLoad, bothLoads } from './load.ts';
import type { PairLoad, SeenLoad } from './load.ts';
import type { BackendReport, ZoneReport } from '../traffic/report.ts';

/** What a silent Envoy told last counts for so long: a hub that cannot reach the operator goes on serving. */
const SILENT_MS = 30_000;
/** Of an Envoy or a backend that is so long silent or idle, nothing is kept. */
const KEPT_MS = 600_000;
/** What falls is believed by half, since a report has a second or two of noise; a rate that rises at once. */
const FALL = 0.5;
/** Less than this has fallen to nothing. */
const IDLE = 0.01;
/** Envoys of one hub. What more of them say they are, is made up. */
export const ENVOYS_A_HUB = 2;
const ID_LENGTH = 128;
/** A report of a shorter time would make a rate of anything. */
const REPORT_LEAST_S = 0.5;
/** More requests, a second or under way, no Envoy has. */
const REQUESTS_MOST = 1e6;

/** Who tells. */
export interface ReportingEnvoy {
  /** The pod of its hub. */
  readonly pod: string;
  /** Different from that of the other Envoy of its pod. */
  readonly id: string;
  readonly hubZone: string;
}

interface Telling {
  readonly pod: string;
  readonly hubZone: string;
  /** When it was heard last. */
  readonly atMs: number;
  readonly backends: Map<string, Told>;
}

interface Told {
  /** By the pods' zone. */
  readonly pairs: ReadonlyMap<string, PairLoad>;
  /** Requests a second that were sent there, as the last report has it: the pairs keep peaks. */
  readonly issued: number;
  /** When it last was more than nothing. */
  readonly busyMs: number;
}

/** What hubs send to one backend. */
export type BackendLoad = Pick<SeenLoad, 'hubZones' | 'between'>;

/** What Envoys have told of late. */
export class LoadReports {
  readonly #envoys = new Map<string, Telling>();

  /** Takes in all that an Envoy tells at once. What it says nothing of was asked for nothing. */
  hear({ pod, id, hubZone }: ReportingEnvoy, reports: readonly BackendReport[], nowMs: number): void {
    const name = `${pod} ${id.slice(0, ID_LENGTH)}`;
    this.#makeRoom(name, pod);
    const backends = this.#envoys.get(name)?.backends ?? new Map<string, Told>();
    const told = new Map(
      reports.filter(({ overS }) => overS >= REPORT_LEAST_S).map((report) => [report.backend, report]),
    );
    for (const backend of new Set([...backends.keys(), ...told.keys()])) {
      const next = later(backends.get(backend), told.get(backend), nowMs);
      if (next === undefined) backends.delete(backend);
      else backends.set(backend, next);
    }
    this.#envoys.set(name, { pod, hubZone, atMs: nowMs, backends });
  }

  /** Of more Envoys than a hub has, the one that was heard longest ago goes. */
  #makeRoom(name: string, pod: string): void {
    const others = [...this.#envoys].filter(([other, telling]) => telling.pod === pod && other !== name);
    const [oldest] = others.toSorted(([, a], [, b]) => a.atMs - b.atMs);
    if (others.length >= ENVOYS_A_HUB && oldest !== undefined) this.#envoys.delete(oldest[0]);
  }

  /** Forgets the Envoys of pods that are no more: their clients have gone to other hubs, which tell of them. */
  keepOnly(isThere: (pod: string) => boolean, nowMs: number): void {
    for (const [name, { pod, atMs }] of this.#envoys)
      if (!isThere(pod) || nowMs - atMs > KEPT_MS) this.#envoys.delete(name);
  }

  /** Forgets all. */
  clear(): void {
    this.#envoys.clear();
  }

  /** How many Envoys have told of late. */
  count(nowMs: number): number {
    return this.#counted(nowMs).length;
  }

  /** Backends of which some Envoy has told of late. */
  backends(nowMs: number): ReadonlySet<string> {
    return new Set(this.#counted(nowMs).flatMap(({ backends }) => [...backends.keys()]));
  }

  /** What hubs send to a backend: all Envoys of one zone together. */
  loadOf(backend: string, nowMs: number): BackendLoad {
    const sums = new Map<string, Map<string, PairLoad>>();
    for (const { hubZone, backends } of this.#counted(nowMs)) {
      const told = backends.get(backend);
      if (told === undefined) continue;
      const sum = sums.get(hubZone) ?? new Map<string, PairLoad>();
      sums.set(hubZone, sum);
      for (const [zone, load] of told.pairs) sum.set(zone, bothLoads(sum.get(zone) ?? noLoad, load));
    }
    return {
      hubZones: [...sums.keys()].toSorted(),
      between: (hubZone, zone) => sums.get(hubZone)?.get(zone) ?? noLoad,
    };
  }

  /** What all hubs together send to a backend: requests a second, and those under way. */
  totalOf(backend: string, nowMs: number): Pick<PairLoad, 'issued' | 'inFlight'> {
    const told = this.#counted(nowMs).flatMap(({ backends }) => backends.get(backend) ?? []);
    const pairs = told.flatMap((each) => [...each.pairs.values()]);
    return {
      issued: told.reduce((sum, each) => sum + each.issued, 0),
      inFlight: pairs.reduce((sum, each) => sum + each.inFlight, 0),
    };
  }

  /** By the pods of hubs that have ever told something: how many of their Envoys have, within this time. */
  heardWithin(ms: number, nowMs: number): ReadonlyMap<string, number> {
    const heard = new Map<string, number>();
    for (const { pod, atMs } of this.#envoys.values())
      heard.set(pod, (heard.get(pod) ?? 0) + Number(nowMs - atMs <= ms));
    return heard;
  }

  #counted(nowMs: number): readonly Telling[] {
    return [...this.#envoys.values()].filter(({ atMs }) => nowMs - atMs <= SILENT_MS);
  }
}

/** What is known of a backend after one report more; undefined: it has long been idle. */
function later(before: Told | undefined, report: BackendReport | undefined, nowMs: number): Told | undefined {
  const told = new Map(report?.zones.map((each) => [each.zone, rated(each, report.overS)]));
  const issued = [...told.values()].reduce((sum, load) => sum + load.issued, 0);
  const names = new Set([...told.keys(), ...(before?.pairs.keys() ?? [])]);
  const all = [...names].map((zone) => [zone, smoothed(before?.pairs.get(zone), told.get(zone) ?? noLoad)] as const);
  const pairs = new Map(all.filter(([, load]) => Math.max(load.issued, load.done, load.inFlight) > IDLE));
  const isBusy = pairs.size > 0;
  const busyMs = isBusy || before === undefined ? nowMs : before.busyMs;
  return nowMs - busyMs > KEPT_MS ? undefined : { pairs, issued, busyMs };
}

function rated({ issued, done, failed, inFlight }: ZoneReport, overS: number): PairLoad {
  const most = (value: number): number => Math.min(REQUESTS_MOST, value);
  return {
    issued: most(issued / overS),
    done: most(done / overS),
    failed: most(failed / overS),
    inFlight: most(inFlight),
  };
}

function smoothed(before: PairLoad | undefined, now: PairLoad): PairLoad {
  if (before === undefined) return now;
  const half = (was: number, is: number): number => was + FALL * (is - was);
  return {
    issued: now.issued > before.issued ? now.issued : half(before.issued, now.issued),
    done: half(before.done, now.done),
    failed: half(before.failed, now.failed),
    inFlight: half(before.inFlight, now.inFlight),
  };
}
