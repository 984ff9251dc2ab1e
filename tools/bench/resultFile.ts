import { readFile, rename, writeFile } from 'node:fs/promises';

/** What a benchmark writes: its conditions, and a row for each run. */
interface WithRows {
  readonly rows: readonly unknown[];
}

/** What an earlier call left in the file; undefined when it does not exist. Throws when it is no result. */
export async function readResult<R extends WithRows>(file: string): Promise<R | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (resultIn(text, file) as R);
}

/** The fields of conditions that differ, in words: `commit: abc in the file, def now`. */
export function differingIn<C extends object>(before: C, now: C): ReadonlyMap<keyof C, string> {
  const names = Object.keys(now) as (keyof C)[];
  return new Map(
    names
      .filter((name) => before[name] !== now[name])
      .map((name) => [name, `${String(name)}: ${String(before[name])} in the file, ${String(now[name])} now`]),
  );
}

/** Throws when conditions differ: rows of the file could not be compared with new ones. */
export function refuseDiffering(file: string, differing: readonly string[]): void {
  if (differing.length === 0) return;
  throw new Error(`${file} cannot be gone on with: ${differing.join('; ')}. Name another file, or remove this one.`);
}

/** Writes the whole file at once, so that a stop in between leaves the old one. */
export async function writeResult(file: string, result: WithRows): Promise<void> {
  await writeFile(`${file}.new`, jsonOf(result));
  await rename(`${file}.new`, file);
}

/** JSON with one line for each row. */
function jsonOf({ rows, ...head }: WithRows): string {
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`);
  return `${JSON.stringify(head).slice(0, -1)}, "rows": [\n${lines.join(',\n')}\n]}\n`;
}

function resultIn(text: string, file: string): WithRows {
  try {
    const result = JSON.parse(text) as Partial<WithRows>;
    if (Array.isArray(result.rows)) return { ...result, rows: result.rows };
  } catch {
    // It is told below.
  }
  throw new Error(`${file} is no result of this benchmark; name another file`);
}
