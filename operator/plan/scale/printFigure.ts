/** What a metric is counted in; empty: in things of its own name. */
export type LoadUnit = 'cores' | 'bytes' | '';

const sizes = [
  ['Gi', 1024 ** 3],
  ['Mi', 1024 ** 2],
  ['Ki', 1024],
] as const;

/** A figure with three digits that count, as people and quantities write it: `4.4`, `490m` cores, `1.5Gi`. */
export function printFigure(value: number, unit: LoadUnit): string {
  if (unit === 'cores' && value < 1) return `${shortest(value * 1000)}m`;
  const [letters, size] = (unit === 'bytes' ? sizes.find((each) => value >= each[1]) : undefined) ?? ['', 1];
  return `${shortest(value / size)}${letters}`;
}

function shortest(value: number): string {
  return value >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
