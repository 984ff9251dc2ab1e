import { differingIn, readResult, refuseDiffering } from '../resultFile.ts';
import type { Conditions, Row, Run, TrafficResult } from './result.ts';

/**
 * The rows that an earlier call left in the file; none when it does not exist. Throws when the file is of another commit
 * or of other settings, since its rows could not be compared with new ones.
 */
export async function goOnWith(file: string, conditions: Conditions): Promise<readonly Row[]> {
  const before = await readResult<TrafficResult>(file);
  if (before === undefined) return [];
  refuseDiffering(file, [...differingIn<Conditions>(before, conditions).values()]);
  return before.rows;
}

/** The runs that have no rows yet. */
export function missing(runs: readonly Run[], rows: readonly Run[]): readonly Run[] {
  const there = new Set(rows.map(nameOf));
  return runs.filter((run) => !there.has(nameOf(run)));
}

function nameOf({ fault, who, run }: Run): string {
  return [fault, who, run].join(' ');
}
