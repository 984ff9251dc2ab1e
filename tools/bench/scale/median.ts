import type { CalmFigures, CalmRow, FailedRow, Row, Size, Subject, ZoneFigures, ZoneRow } from './result.ts';

/** All runs of one subject at one size. */
export interface Group extends Size {
  readonly who: Subject;
  readonly zone: readonly ZoneRow[];
  readonly calm: readonly CalmRow[];
  readonly failed: readonly FailedRow[];
}

/** Rows by size in order of appearance, and within each by subject. */
export function groupsOf(rows: readonly Row[]): readonly (readonly Group[])[] {
  const sizes = Map.groupBy(rows, ({ kitchens, namespaces }) => `${kitchens} ${namespaces}`);
  return [...sizes.values()].map((ofSize) =>
    [...Map.groupBy(ofSize, ({ who }) => who)].map(([who, all]) => ({
      kitchens: all[0]?.kitchens ?? 0,
      namespaces: all[0]?.namespaces ?? 0,
      who,
      zone: all.filter((row): row is ZoneRow => !('failed' in row) && row.kind === 'zone'),
      calm: all.filter((row): row is CalmRow => !('failed' in row) && row.kind === 'calm'),
      failed: all.filter((row): row is FailedRow => 'failed' in row),
    })),
  );
}

/**
 * The median over the runs that came to their figures; undefined when none did, or none has this figure. A run that
 * was not whole counts as longer than every other: if the median falls on one, it is `Infinity`.
 */
export function zoneMedian(
  group: Group | undefined,
  figure: (row: ZoneFigures) => number | null | undefined,
): number | undefined {
  return median((group?.zone ?? []).map(figure));
}

/** The median over the calm runs. */
export function calmMedian(group: Group | undefined, figure: (row: CalmFigures) => number): number | undefined {
  return median((group?.calm ?? []).map(figure));
}

/** The value in the middle, or between the two there. */
export function median(values: readonly (number | null | undefined)[]): number | undefined {
  const sorted = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) return undefined;
  return low === high ? low : Math.round((low + high) * 50) / 100;
}
