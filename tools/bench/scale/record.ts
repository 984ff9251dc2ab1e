import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Conditions, Row, Run, ScaleResult } from './result.ts';

/**
 * What an earlier call left in the file, which is to go on; no rows when the file does not exist. Throws when the file
 * is of another commit or of other settings, since its rows could not be compared with new ones.
 */
export async function goOnWith(
  file: string,
  conditions: Conditions,
): Promise<{ readonly against: string | null; readonly rows: readonly Row[] }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { against: conditions.against, rows: [] };
  const before = resultIn(text, file);
  const differing = differences(before, conditions);
  if (differing.length === 0) return { against: conditions.against ?? before.against, rows: before.rows };
  throw new Error(`${file} cannot be gone on with: ${differing.join('; ')}. Name another file, or remove this one.`);
}

/** What differs, in words: `commit: abc in the file, def now`. An older commit may be compared in one call only. */
export function differences(before: Conditions, now: Conditions): readonly string[] {
  const names = Object.keys(now) as (keyof Conditions)[];
  return names
    .filter(
      (name) =>
        before[name] !== now[name] && !(name === 'against' && (before.against === null || now.against === null)),
    )
    .map((name) => `${name}: ${String(before[name])} in the file, ${String(now[name])} now`);
}

/** The runs that have no row yet. */
export function missing(runs: readonly Run[], rows: readonly Row[]): readonly Run[] {
  const there = new Set(rows.map(nameOf));
  return runs.filter((run) => !there.has(nameOf(run)));
}

/** Writes the whole file at once, so that a stop in between leaves the old one. */
export async function writeResult(file: string, result: ScaleResult): Promise<void> {
  await writeFile(`${file}.new`, jsonOf(result));
  await rename(`${file}.new`, file);
}

/** JSON with one line for each row. */
export function jsonOf({ rows, ...head }: ScaleResult): string {
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`);
  return `${JSON.stringify(head).slice(0, -1)}, "rows": [\n${lines.join(',\n')}\n]}\n`;
}

function resultIn(text: string, file: string): ScaleResult {
  try {
    const result = JSON.parse(text) as Partial<ScaleResult>;
    if (Array.isArray(result.rows)) return result as ScaleResult;
  } catch {
    // It is told below.
  }
  throw new Error(`${file} is no result of this benchmark; name another file`);
}

function nameOf({ kind, kitchens, namespaces, who, run }: Run): string {
  return [kind, kitchens, namespaces, who, run].join(' ');
}
