/** What a metric is counted in; empty: in things of its own name. */
export type LoadUnit = 'cores' | '';

/** A figure with three digits that count, as people and quantities write it: `4.4`, `490m` cores. */
export function printFigure(value: number, unit: LoadUnit): string {
  return unit === 'cores' && value < 1 ? `${shortest(value * 1000)}m` : shortest(value);
}

function shortest(value: number): string {
  return value >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
