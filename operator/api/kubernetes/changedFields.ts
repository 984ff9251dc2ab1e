/*
 * Changed fields: which fields of an object have another value than we asked for. The API server adds defaults, and
 * webhooks add fields of their own, so only the fields that we asked for are compared. Values that mean the same count
 * as equal:
 *
 * - Nothing, false, 0, '' and an empty list or object are equal: the API server leaves such values out. Null asks for
 *   nothing, and in a pod template any of these may be replaced by a default.
 * - Amounts (under `requests`, `limits`, `sizeLimit`, `divisor`, `storage`) are compared as quantities: 1000m equals 1.
 * - In a list of objects, each item that we asked for must be found, in any order, and there may be further items. A
 *   list of plain values must hold exactly the same values.
 * - A selector must hold nothing more than we asked for, since one more label in it selects fewer pods.
 */
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { isDeepStrictEqual } from 'node:util';
import { quantityOf } from './quantity.ts';
import type { KubeObject } from './object.ts';

/** A field, with the value that we asked for and the value that was found. Undefined: the field is not there. */
export interface ChangedField {
  /** `spec.replicas`, `spec.template.spec.containers[grill].image`. */
  readonly path: string;
  readonly asked: Json | undefined;
  readonly found: Json | undefined;
}

/** Parts of `metadata` that an intent may ask for. The other parts identify the object. */
const askedMetadata = ['labels', 'annotations', 'ownerReferences'] as const;
const amounts = new Set(['requests', 'limits', 'sizeLimit', 'divisor', 'storage']);
/** Fields by which a message names an item of a list. */
const keys = ['name', 'uid', 'port', 'containerPort', 'mountPath', 'topologyKey', 'key'] as const;

/** The fields of an intent that have another value in the object. Empty when the object is as we asked. */
export function changedFields(intent: KubeObject, found: KubeObject): readonly ChangedField[] {
  const { metadata: asked, ...rest } = intent as unknown as JsonObject & { readonly metadata: JsonObject };
  const { metadata = {}, ...has } = found as unknown as JsonObject & { readonly metadata?: JsonObject };
  return [
    ...askedMetadata.flatMap((field) =>
      asked[field] === undefined ? [] : compare(`metadata.${field}`, asked[field], metadata[field]),
    ),
    ...Object.entries(rest).flatMap(([key, value]) =>
      key === 'apiVersion' || key === 'kind' ? [] : compare(key, value, has[key]),
    ),
  ];
}

function compare(path: string, asked: Json | undefined, found: Json | undefined): readonly ChangedField[] {
  if (asked === found) return [];
  if (isNothing(asked) && (asked === null || isNothing(found) || path.startsWith('spec.template.'))) return [];
  if (isObject(asked) && isObject(found)) {
    const extra = isSelector(path) ? Object.keys(found).filter((key) => asked[key] === undefined) : [];
    const fields = Object.keys(asked).filter((key) => asked[key] !== undefined);
    return [...fields, ...extra].flatMap((key) => compare(join(path, key), asked[key], found[key]));
  }
  if (isList(asked) && isList(found)) return compareLists(path, asked, found);
  return isSameValue(path, asked, found) ? [] : [{ path, asked, found }];
}

function compareLists(path: string, asked: readonly Json[], found: readonly Json[]): readonly ChangedField[] {
  if (!asked.every(isObject)) {
    const same = isDeepStrictEqual(asked.map(text).toSorted(), found.map(text).toSorted());
    return same ? [] : [{ path, asked, found }];
  }
  return asked.flatMap((item, index) => {
    const isItem = (other: Json | undefined): boolean => compare(path, item, other).length === 0;
    // Most items are found at the same index, so a long list is rarely searched.
    if ((index < found.length && isItem(found[index])) || found.some(isItem)) return [];
    const key = keys.find((each) => item[each] !== undefined);
    const namesake = key && found.find((other) => isObject(other) && isDeepStrictEqual(other[key], item[key]));
    return compare(`${path}[${key === undefined ? index : text(item[key])}]`, item, namesake);
  });
}

function isSelector(path: string): boolean {
  return path === 'spec.selector' || path === 'spec.selector.matchLabels';
}

function isSameValue(path: string, asked: Json | undefined, found: Json | undefined): boolean {
  if (isDeepStrictEqual(asked, found)) return true;
  const isAmount = path
    .split(/[.[]/)
    .slice(-2)
    .some((part) => amounts.has(part));
  return isAmount && isPlain(asked) && isPlain(found) && quantityOf(asked) === quantityOf(found);
}

function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isNothing);
}

function join(path: string, key: string): string {
  return key.includes('.') || key.includes('/') ? `${path}[${key}]` : `${path}.${key}`;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isPlain(value: Json | undefined): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
