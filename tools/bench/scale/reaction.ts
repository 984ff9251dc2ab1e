import type { AuditLine } from '../audit.ts';

/** An event of a station (`<kitchen>-<station>`) at a moment of the API server's clock. */
export interface Happening {
  readonly station: string;
  readonly atMs: number;
}

/** For each event, the time in ms until the next of the writes for its station. Events without a write are left out. */
export function reactions(events: readonly Happening[], writes: readonly AuditLine[]): readonly number[] {
  const own = Map.groupBy(writes, ({ objectRef }) => stationOf(objectRef?.name ?? ''));
  return events.flatMap(({ station, atMs }) => {
    const times = (own.get(station) ?? []).map((line) => Date.parse(line.requestReceivedTimestamp));
    const first = times.filter((time) => time >= atMs).toSorted((a, b) => a - b)[0];
    return first === undefined ? [] : [first - atMs];
  });
}

/** The station a child, a pod or an event is about: `k7-grill` of `k7-grill-zone-a-5f6-x`; names of the bench's Kitchens only. */
export function stationOf(name: string): string {
  return /^k\d+-[a-z]+/.exec(name)?.[0] ?? '';
}

/** The value below which this part of the values lies; 0 when there are none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
