import { noLoad, sumOf } from './load.ts';
import type { PairLoad } from './load.ts';
import type { BackendReport, ZoneReport } from '../traffic/report.ts';

/** What a silent Envoy told last counts for so long: a hub that cannot reach the operator goes on serving. */
const SILENT_MS = 30_000;
/** What falls is believed by half, since a report has a second or two of noise; a rate that rises at once. */
const FALL = 0.5;

/** Who tells. */
export interface ReportingEnvoy {
  /** The pod of its hub. */
  readonly pod: string;
  /** Different from that of the other Envoy of its pod. */
  readonly id: string;
  readonly hubZone: string;
}

interface Heard {
  readonly pod: string;
  readonly hubZone: string;
  readonly atMs: number;
  /** By the pods' zone. */
  readonly pairs: ReadonlyMap<string, PairLoad>;
}

/** What Envoys have told of late, by backend. */
export class LoadReports {
  /** By backend, then by Envoy. */
  readonly #heard = new Map<string, Map<string, Heard>>();

  /** Takes in a report. A zone of which it says nothing was asked for nothing. */
  hear({ pod, id, hubZone }: ReportingEnvoy, { backend, overS, zones }: BackendReport, nowMs: number): void {
    if (!(overS > 0)) return;
    const envoy = `${pod} ${id}`;
    const envoys = this.#heard.get(backend) ?? new Map<string, Heard>();
    this.#heard.set(backend, envoys);
    const before = envoys.get(envoy)?.pairs;
    const told = new Map(zones.map((each) => [each.zone, rated(each, overS)]));
    const names = new Set([...told.keys(), ...(before?.keys() ?? [])]);
    const pairs = new Map(
      [...names].map((zone) => [zone, smoothed(before?.get(zone), told.get(zone) ?? noLoad)] as const),
    );
    envoys.set(envoy, { pod, hubZone, atMs: nowMs, pairs });
  }

  /** Backends of which something was heard, and is not too old. Forgets the others. */
  backends(nowMs: number): readonly string[] {
    for (const [backend, envoys] of this.#heard) {
      for (const [envoy, { atMs }] of envoys) if (nowMs - atMs > SILENT_MS) envoys.delete(envoy);
      if (envoys.size === 0) this.#heard.delete(backend);
    }
    return [...this.#heard.keys()];
  }

  /** Forgets the Envoys of pods that are no more: their clients have gone to other hubs, which tell of them. */
  keepOnly(isThere: (pod: string) => boolean): void {
    for (const envoys of this.#heard.values())
      for (const [envoy, { pod }] of envoys) if (!isThere(pod)) envoys.delete(envoy);
  }

  /** How many Envoys have told of late. */
  get envoys(): number {
    return new Set([...this.#heard.values()].flatMap((envoys) => [...envoys.keys()])).size;
  }

  /** Forgets all. */
  clear(): void {
    this.#heard.clear();
  }

  /** The zones whose hubs have told of a backend. */
  hubZones(backend: string): readonly string[] {
    return [...new Set([...(this.#heard.get(backend)?.values() ?? [])].map(({ hubZone }) => hubZone))].toSorted();
  }

  /** What all Envoys of one zone send to another. */
  between(backend: string, hubZone: string, zone: string): PairLoad {
    const heard = [...(this.#heard.get(backend)?.values() ?? [])].filter((each) => each.hubZone === hubZone);
    return heard.map(({ pairs }) => pairs.get(zone) ?? noLoad).reduce(sumOf, noLoad);
  }
}

function rated({ issued, done, inFlight }: ZoneReport, overS: number): PairLoad {
  return { issued: issued / overS, done: done / overS, inFlight };
}

function smoothed(before: PairLoad | undefined, now: PairLoad): PairLoad {
  if (before === undefined) return now;
  const half = (was: number, is: number): number => was + FALL * (is - was);
  return {
    issued: now.issued > before.issued ? now.issued : half(before.issued, now.issued),
    done: half(before.done, now.done),
    inFlight: half(before.inFlight, now.inFlight),
  };
}
