/*
 * Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format), as far as the
 * sum of one metric needs it. OpenMetrics' text is read as well: its samples are written alike.
 *
 * A page is not trusted, and is read between two looks at other stations: each of its lines costs a search for its end,
 * and only those of the metric are looked at.
 */

/** What a page says of one metric. */
export type Exposed =
  /** The sum over its series. */
  | { readonly sum: number; readonly why?: undefined }
  /** Why there is no sum, in words that follow the metric's name. */
  | { readonly sum?: undefined; readonly why: string };

/** Names that counters have, and the parts of histograms and summaries, by convention. */
const counterName = /_(?:total|count|sum|bucket)$/;
const typeLine = /#[ \t]+TYPE[ \t]+/y;
const typeWord = /[ \t]+([a-z]+)/y;
const plainValue = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

const COUNTER: Exposed = { why: 'is a counter, which only grows: name a gauge' };

/** The sum over all series of a metric. It must be a gauge, whose values are finite and not below 0. */
export function sumOfMetric(page: string, name: string): Exposed {
  let sum = 0;
  let series = 0;
  let type: string | undefined;
  for (const { begin, end } of linesOf(page)) {
    if (page[begin] === '#') {
      const declared = typeIn(page, begin, name);
      if (declared === 'counter') return COUNTER;
      type = declared ?? type;
      continue;
    }
    if (!page.startsWith(name, begin)) continue;
    const value = valueIn(page, begin + name.length, end);
    if (value === undefined) continue;
    const number = plainValue.test(value) ? Number(value) : NaN;
    if (!Number.isFinite(number) || number < 0) return { why: `has the value ${value.slice(0, 32)}` };
    sum += number;
    series += 1;
  }
  if (series === 0) return { why: 'is not there' };
  if (type === undefined && counterName.test(name)) return COUNTER;
  return Number.isFinite(sum) ? { sum } : { why: 'has values whose sum is beyond what can be counted' };
}

/** Where each line begins, after blanks, and ends. */
function* linesOf(page: string): Generator<{ readonly begin: number; readonly end: number }> {
  for (let at = 0; at < page.length;) {
    const found = page.indexOf('\n', at);
    const end = found < 0 ? page.length : found;
    const begin = afterBlanks(page, at, end);
    if (begin < end) yield { begin, end };
    at = end + 1;
  }
}

function afterBlanks(page: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(page.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

/**
 * The type that a comment declares of a metric; undefined when it declares none. OpenMetrics declares `requests` a
 * counter, and its samples are those of `requests_total`.
 */
function typeIn(page: string, begin: number, name: string): string | undefined {
  typeLine.lastIndex = begin;
  if (!typeLine.test(page)) return undefined;
  const at = typeLine.lastIndex;
  const ofName = typeAfter(page, at, name);
  if (ofName !== undefined || !name.endsWith('_total')) return ofName;
  return typeAfter(page, at, name.slice(0, -'_total'.length)) === 'counter' ? 'counter' : undefined;
}

function typeAfter(page: string, at: number, name: string): string | undefined {
  if (!page.startsWith(name, at)) return undefined;
  typeWord.lastIndex = at + name.length;
  return typeWord.exec(page)?.[1];
}

/** The value in what follows the name in a sample of a metric; undefined when the name goes on. */
function valueIn(page: string, from: number, end: number): string | undefined {
  const begin = afterBlanks(page, from, end);
  const labelled = page[begin] === '{' ? endOfLabels(page, begin, end) : begin > from ? begin : undefined;
  if (labelled === undefined) return undefined;
  const at = afterBlanks(page, labelled, end);
  let to = at;
  while (to < end && !isBlank(page.charCodeAt(to))) to += 1;
  return page.slice(at, to);
}

/** Where the labels end. A value of a label may have braces, and quotes after a backslash. */
function endOfLabels(page: string, begin: number, end: number): number | undefined {
  let isQuoted = false;
  for (let at = begin; at < end; at += 1) {
    const letter = page[at];
    if (isQuoted && letter === '\\') at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === '}' && !isQuoted) return at + 1;
  }
  return undefined;
}
