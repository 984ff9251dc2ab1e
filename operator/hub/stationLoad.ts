import { ENVOYS_A_HUB } from '../balance/reports.ts';
import type { LoadReports } from '../balance/reports.ts';
import type { HubLoad } from '../observe/hubLoad.ts';

/** An Envoy that tells nothing for so long is silent: it tells every five seconds at least. */
const SILENT_MS = 12_000;

export interface CountedStation {
  /** Its backends. */
  readonly backends: readonly string[];
  /** The pods of hubs that are there and do not end, and whether each is Ready. */
  readonly hubs: ReadonlyMap<string, boolean>;
  readonly nowMs: number;
}

/** What all hubs together count of a station. */
export function stationLoadIn(reports: LoadReports, { backends, hubs, nowMs }: CountedStation): HubLoad {
  const heard = reports.heardWithin(SILENT_MS, nowMs);
  // One that is not Ready and never told anything serves nobody. One that did may, on a node that is cut off.
  const isSilent = (hub: string, isReady: boolean): boolean =>
    (isReady || heard.has(hub)) && (heard.get(hub) ?? 0) < ENVOYS_A_HUB;
  const totals = backends.map((backend) => reports.totalOf(backend, nowMs));
  return {
    inFlight: totals.reduce((sum, { inFlight }) => sum + inFlight, 0),
    requestsPerSecond: totals.reduce((sum, { issued }) => sum + issued, 0),
    silentHub: [...hubs].find(([hub, isReady]) => isSilent(hub, isReady))?.[0],
  };
}
