import { binaryUnits } from '../api/kubernetes/quantity.ts';

/** Cores as a quantity, rounded up to a millicore: `3`, `1500m`. */
export function printCpu(cores: number): string {
  // A double is exact to fifteen digits; the digits after these are rounding errors, as in 0.1 + 0.2.
  const millis = Math.ceil(Number((cores * 1000).toPrecision(15)));
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** Bytes as the shortest exact quantity: `2Gi`, `1536Mi`, `500M`. */
export function printBytes(bytes: number): string {
  const whole = Math.ceil(bytes);
  if (whole === 0) return '0';
  const binary = binaryUnits.map((unit, index): [string, number] => [unit, 1024 ** (index + 1)]);
  const tenfold = ['k', 'M', 'G', 'T', 'P', 'E'].map((unit, index): [string, number] => [unit, 1000 ** (index + 1)]);
  const exact = [...binary, ...tenfold].filter(([, size]) => whole % size === 0);
  const spelled = exact.map(([unit, size]) => `${whole / size}${unit}`);
  return spelled.toSorted((a, b) => a.length - b.length)[0] ?? String(whole);
}
