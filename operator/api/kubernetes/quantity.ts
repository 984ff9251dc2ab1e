const written = /^(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+))(?<unit>[numkKMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

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
/** Units of 1,024 to the power of 1, 2, 3 … */
export const binaryUnits = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Whether a text is a Kubernetes quantity. */
export function isQuantity(text: string): boolean {
  return written.test(text);
}

/** A Kubernetes quantity (`100m`, `1.5Gi`, `1e3`) as a number of its base unit; 0 when the text is not a quantity. */
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
