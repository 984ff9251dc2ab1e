import { createHash } from 'node:crypto';

/** JSON text with sorted keys, so that equal values give equal text; fields that are `undefined` are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortedByKey(inner) : inner)) ?? 'null';
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
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedByKey(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
