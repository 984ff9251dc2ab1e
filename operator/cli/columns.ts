import { stripVTControlCharacters } from 'node:util';

/** Rows of cells as lines of aligned columns, two spaces apart and indented by two; colour codes have no width. */
export function columns(rows: readonly (readonly string[])[], leastWidth = 0): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? leastWidth, width(cell));
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)));
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
