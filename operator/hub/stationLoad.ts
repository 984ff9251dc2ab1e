import type { LoadReports } from '../balance/reports.ts';
import type { HubLoad } from '../observe/hubLoad.ts';

/** A hub that tells nothing for so long is silent: it tells every five seconds at least. */
const SILENT_MS = 12_000;

export interface CountedStation {
  /** Its backends. */
  readonly backends: readonly string[];
  /** The pods of hubs that are Ready. */
  readonly hubs: readonly string[];
  readonly nowMs: number;
}

/** What all hubs together count of a station. */
export function stationLoadIn(reports: LoadReports, { backends, hubs, nowMs }: CountedStation): HubLoad {
  const silences = reports.silences(nowMs);
  const totals = backends.map((backend) => reports.totalOf(backend, nowMs));
  return {
    inFlight: totals.reduce((sum, { inFlight }) => sum + inFlight, 0),
    requestsPerSecond: totals.reduce((sum, { issued }) => sum + issued, 0),
    silentHub: hubs.find((hub) => (silences.get(hub) ?? Infinity) > SILENT_MS),
  };
}
