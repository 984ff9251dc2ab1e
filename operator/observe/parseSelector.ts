import type { LabelSelector, Requirement } from './objects.ts';

/** A label selector that cannot be read; the message says what is wrong, and what would be right. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const examples = 'kitchen.dev/shard=a, or kitchen.dev/shard notin (a,b), or kitchen.dev/shard,!legacy';

/**
 * Reads a label selector as kubectl has it: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, and several
 * with commas between. Throws a `SelectorError` for anything else, and for an empty one, which would select everything.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseSelector(text: string): LabelSelector {
  if (text.trim() === '') throw wrong('it is empty', 'leave it out to select everything');
  return { matchExpressions: termsOf(text).map(parseTerm) };
}

/** Splits at commas, except those between the values of a set. */
function termsOf(text: string): readonly string[] {
  const terms = text.split(/,(?![^()]*\))/).map((term) => term.trim());
  const empty = terms.indexOf('');
  if (empty >= 0) throw wrong(`requirement ${empty + 1} is empty`, 'write one comma between two requirements');
  return terms;
}

function parseTerm(term: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(term);
  if (set !== null) {
    const [, key = '', operator, values = ''] = set;
    const list = values.split(',').map((value) => valueIn(term, value.trim()));
    if (values.trim() === '') throw wrong(`"${term}" names no value`, `such as ${key} ${operator} (a,b)`);
    return { key: keyIn(term, key), operator: operator === 'in' ? 'In' : 'NotIn', values: list };
  }
  const equality = /^([^!=]+?)\s*(!=|==|=)\s*(.*)$/.exec(term);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    return { key: keyIn(term, key), operator: operator === '!=' ? 'NotIn' : 'In', values: [valueIn(term, value)] };
  }
  const [isAbsent, key] = term.startsWith('!') ? [true, term.slice(1).trim()] : [false, term];
  return { key: keyIn(term, key), operator: isAbsent ? 'DoesNotExist' : 'Exists' };
}

function keyIn(term: string, key: string): string {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const isRight = parts.length <= 2 && NAME.test(name) && (prefix === undefined || isPrefix(prefix));
  if (isRight) return key;
  throw wrong(
    `"${key}" in "${term}" is no label key`,
    'a key is letters, digits, "-", "_" and ".", 63 at most, after an optional DNS name and "/"',
  );
}

function isPrefix(prefix: string): boolean {
  return prefix.length <= 253 && PREFIX.test(prefix);
}

function valueIn(term: string, value: string): string {
  if (value === '' || NAME.test(value)) return value;
  throw wrong(
    `"${value}" in "${term}" is no label value`,
    'a value is empty, or letters, digits, "-", "_" and ".", 63 at most, with a letter or digit at both ends',
  );
}

function wrong(what: string, right: string): SelectorError {
  return new SelectorError(`${what}: ${right}. A selector is written as for kubectl: ${examples}`);
}
