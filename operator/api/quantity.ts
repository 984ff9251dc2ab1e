const written = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+))(?<unit>[numkKMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  K: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryUnits = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** A Kubernetes quantity (`100m`, `1.5Gi`, `1e3`) as a number of its base unit; 0 for what is no quantity. */
export function quantityOf(text: string | number | undefined): number {
  const parts = written.exec(String(text ?? ''))?.groups;
  if (parts === undefined) return 0;
  const number = Number(parts['number']);
  const unit = parts['unit'] ?? '';
  const power = binaryUnits.indexOf(unit) + 1;
  if (power > 0) return number * 1024 ** power;
  const exponent = decimal[unit];
  if (exponent !== undefined) return exponent < 0 ? number / 10 ** -exponent : number * 10 ** exponent;
  return unit === '' ? number : Number(`${parts['number']}${unit}`);
}

/** Cores as a quantity, to the millicore above: `3`, `1500m`. */
export function printCpu(cores: number): string {
  // Fifteen digits are exact in a double; the rest is what adding 0.1 to 0.2 leaves behind.
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
