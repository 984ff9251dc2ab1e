/*
 * Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format), as far as the
 * sum of one metric needs it. OpenMetrics' text is read as well: its samples are written alike.
 */

/** What a page says of one metric. */
export type Exposed =
  /** The sum over its series. */
  | { readonly sum: number }
  /** Why there is no sum, in words that follow the metric's name. */
  | { readonly sum?: undefined; readonly why: string };

const typeLine = /^#\s+TYPE\s+(\S+)\s+(\S+)/;
const plainValue = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The sum over all series of a metric. It must be a gauge, whose values are finite and not below 0. */
export function sumOfMetric(page: string, name: string): Exposed {
  let sum = 0;
  let series = 0;
  for (const line of page.split('\n')) {
    const trimmed = line.trim();
    const declared = typeLine.exec(trimmed);
    if (declared?.[1] === name && declared[2] === 'counter')
      return { why: 'is a counter, which only grows: name a gauge' };
    const value = valueIn(trimmed, name);
    if (value === undefined) continue;
    const number = plainValue.test(value) ? Number(value) : NaN;
    if (!Number.isFinite(number) || number < 0) return { why: `has the value ${value.slice(0, 32)}` };
    sum += number;
    series += 1;
  }
  return series === 0 ? { why: 'is not there' } : { sum };
}

/** The value in a sample of this metric; undefined when the line is another one. */
function valueIn(line: string, name: string): string | undefined {
  if (!line.startsWith(name)) return undefined;
  const rest = line.slice(name.length);
  const begin = rest.trimStart().startsWith('{') ? endOfLabels(rest) : /^\s/.test(rest) ? 0 : undefined;
  if (begin === undefined) return undefined;
  return rest.slice(begin).trim().split(/\s+/)[0] ?? '';
}

/** Where the labels end. A value of a label may have braces, and quotes after a backslash. */
function endOfLabels(rest: string): number | undefined {
  let isQuoted = false;
  for (let at = 0; at < rest.length; at += 1) {
    const letter = rest[at];
    if (isQuoted && letter === '\\') at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === '}' && !isQuoted) return at + 1;
  }
  return undefined;
}
