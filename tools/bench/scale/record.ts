import { differingIn, readResult, refuseDiffering } from '../resultFile.ts';
import type { Conditions, Row, Run, ScaleResult } from './result.ts';

/**
 * What an earlier call left in the file, which is to go on; no rows when the file does not exist. Throws when the file
 * is of another commit or of other settings, since its rows could not be compared with new ones.
 */
export async function goOnWith(
  file: string,
  conditions: Conditions,
): Promise<{ readonly against: string | null; readonly rows: readonly Row[] }> {
  const before = await readResult<ScaleResult>(file);
  if (before === undefined) return { against: conditions.against, rows: [] };
  refuseDiffering(file, differences(before, conditions));
  return { against: conditions.against ?? before.against, rows: before.rows };
}

/** What differs, in words: `commit: abc in the file, def now`. An older commit may be compared in one call only. */
export function differences(before: Conditions, now: Conditions): readonly string[] {
  const isOnceOnly = before.against === null || now.against === null;
  return [...differingIn(before, now)].filter(([name]) => name !== 'against' || !isOnceOnly).map(([, words]) => words);
}

/** The runs that have no row yet. */
export function missing(runs: readonly Run[], rows: readonly Row[]): readonly Run[] {
  const there = new Set(rows.map(nameOf));
  return runs.filter((run) => !there.has(nameOf(run)));
}

function nameOf({ kind, kitchens, namespaces, who, run }: Run): string {
  return [kind, kitchens, namespaces, who, run].join(' ');
}
