import { quantile } from '../scale/reaction.ts';
import type { Outcome } from '../traffic/tally.ts';
import { zones } from './cases.ts';
import type { ChoosingRow, ChoosingRun } from './result.ts';

/** What became of a request, when it was sent, and where. */
export interface Served extends Outcome {
  readonly atMs: number;
  readonly zone: string;
}

/** The row of a run. Times and zones are those of the requests from `countFromS` on. */
export function rowOf(run: ChoosingRun, served: readonly Served[], countFromS: number): ChoosingRow {
  const answered = served.filter(({ failure, atMs }) => failure === undefined && atMs >= countFromS * 1000);
  const took = answered.map(({ ms }) => ms);
  const at = (part: number): number | null => (took.length === 0 ? null : Math.round(quantile(took, part)));
  const causes = Map.groupBy(
    served.flatMap(({ failure }) => failure ?? []),
    (cause) => cause,
  );
  const seconds = [...Map.groupBy(answered, ({ atMs }) => Math.floor(atMs / 1000)).values()].map(crossOf);
  return {
    ...run,
    sent: served.length,
    failed: served.filter(({ failure }) => failure !== undefined).length,
    causes: Object.fromEntries([...causes].map(([cause, all]) => [cause, all.length])),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    crossPercent: tenth(crossOf(answered)),
    swingPoints: tenth(deviation(seconds)),
    zones: Object.fromEntries(
      zones.map((zone) => [zone, tenth(percent(answered, (each) => zoneOfPod(each) === zone))]),
    ),
  };
}

function crossOf(answered: readonly Served[]): number {
  return percent(answered, (each) => zoneOfPod(each) !== each.zone);
}

/** A pod is named by its zone: `zone-a-1-2`. */
function zoneOfPod({ pod = '' }: Served): string {
  return pod.slice(0, 'zone-a'.length);
}

function percent(all: readonly Served[], holds: (each: Served) => boolean): number {
  return all.length === 0 ? 0 : (100 * all.filter(holds).length) / all.length;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
