import { hash } from 'node:crypto';

/** JSON text with sorted keys, so that equal values give equal text; fields that are `undefined` are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

/** By hand: a replacer of `JSON.stringify` that sorts would make each object again. Undefined where JSON has no value. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item) ?? 'null').join(',')}]`;
  const record = value as Readonly<Record<string, unknown>>;
  let fields = '';
  for (const key of sortedKeys(record)) {
    const text = textOf(record[key]);
    if (text !== undefined) fields += `${fields === '' ? '' : ','}${JSON.stringify(key)}:${text}`;
  }
  return `{${fields}}`;
}

const beginsWithDigit = /^[0-9]/;

/** In the order of their UTF-16 units, but keys that are array indexes first, by value: as JavaScript orders the keys of an object. */
function sortedKeys(record: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(record).toSorted();
  return keys.some((key) => beginsWithDigit.test(key))
    ? Object.keys(Object.fromEntries(keys.map((key) => [key, 0])))
    : keys;
}

/** 16 hexadecimal characters (64 bits of SHA-256) of a value's canonical JSON; fits a label or an annotation. */
export function hashOf(value: unknown): string {
  return hexOf(canonicalJson(value)).slice(0, 16);
}

/** 8 hexadecimal characters (32 bits of SHA-256) of a text, to tell a handful of names apart. */
export function shortHash(text: string): string {
  return hexOf(text).slice(0, 8);
}

function hexOf(text: string): string {
  return hash('sha256', text, 'hex');
}
