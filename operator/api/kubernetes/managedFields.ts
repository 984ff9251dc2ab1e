import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { isDeepStrictEqual } from 'node:util';
import type { FieldsV1, KubeObject, ManagedFieldsEntry } from './object.ts';

/** Fields that identify an object: the server keeps no owner for them. */
const unownedMetadata = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]);

/**
 * The fields that `manager` owns, on the object itself or on a subresource: those that it applied, and those that it
 * patched since (`Update`). A patch takes a field from the entry of the apply. Undefined when it has never applied.
 * Format: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management.
 */
export function ownedFields(object: KubeObject, manager: string, subresource = ''): FieldsV1 | undefined {
  const own = (object.metadata.managedFields ?? []).filter(
    (entry) => entry.manager === manager && (entry.subresource ?? '') === subresource,
  );
  const applied = own.find(({ operation }) => operation === 'Apply')?.fieldsV1;
  const patched = own.find(({ operation }) => operation === 'Update')?.fieldsV1;
  return applied === undefined || patched === undefined ? applied : united(applied, patched);
}

function united(some: FieldsV1, others: FieldsV1): FieldsV1 {
  // An owner of a field without its parts owns all of it.
  if (isLeaf(some) || isLeaf(others)) return {};
  const shared = Object.entries(others).map(([key, theirs]) => {
    const mine = some[key];
    return [key, mine === undefined ? theirs : united(mine, theirs)] as const;
  });
  return { ...some, ...Object.fromEntries(shared) };
}

/** Whether the set holds every field of the intent: then the manager has applied at least the whole intent. */
export function isOwned(fields: FieldsV1, intent: KubeObject): boolean {
  return Object.entries(intent as unknown as JsonObject).every(([key, value]) => {
    if (key === 'apiVersion' || key === 'kind') return true;
    if (key !== 'metadata') return holds(fields[`f:${key}`], value);
    const owned = fields['f:metadata'] ?? {};
    return Object.entries(value as JsonObject).every(
      ([field, inner]) => unownedMetadata.has(field) || holds(owned[`f:${field}`], inner),
    );
  });
}

/** A field of an intent that its manager no longer owns, and the manager that owns it now. */
export interface TakenField {
  /** `spec.replicas`. */
  readonly path: string;
  /** `kube-controller-manager (subresource scale)`. */
  readonly by: string;
}

/**
 * The fields of an intent that other managers own and its own manager does not. `left`: the fields that it still owns.
 */
export function takenFields(
  intent: KubeObject,
  left: FieldsV1,
  others: readonly ManagedFieldsEntry[],
): readonly TakenField[] {
  const { metadata, ...rest } = intent as unknown as JsonObject & { readonly metadata: JsonObject };
  const about = Object.fromEntries(Object.entries(metadata).filter(([field]) => !unownedMetadata.has(field)));
  const asked = { metadata: about, ...('spec' in rest ? { spec: rest['spec'] } : {}) };
  return others.flatMap(({ manager = 'an unknown manager', subresource = '', fieldsV1 = {} }) => {
    const by = subresource === '' ? manager : `${manager} (subresource ${subresource})`;
    return takenPaths(asked, left, fieldsV1).map((path) => ({ path: path.slice(1), by }));
  });
}

function takenPaths(value: Json, left: FieldsV1 | undefined, theirs: FieldsV1): readonly string[] {
  if (holds(left, value)) return [];
  if (isLeaf(theirs)) return [''];
  if (isList(value)) {
    return value.flatMap((item) => {
      const mine = left === undefined ? [] : itemFields(left, item);
      return itemFields(theirs, item).flatMap((owned) =>
        takenPaths(item, mine[0], owned).map((path) => `[${nameOf(item)}]${path}`),
      );
    });
  }
  if (!isObject(value)) return [''];
  return Object.entries(value).flatMap(([key, inner]) => {
    const owned = theirs[`f:${key}`];
    return owned === undefined ? [] : takenPaths(inner, left?.[`f:${key}`], owned).map((path) => `.${key}${path}`);
  });
}

function nameOf(item: Json): string {
  const name = isObject(item) ? (item['name'] ?? item['port'] ?? item['uid']) : item;
  return typeof name === 'string' ? name : JSON.stringify(name ?? item);
}

function holds(fields: FieldsV1 | undefined, value: Json | undefined): boolean {
  if (value === undefined) return true;
  // An empty list of items that are merged by key has no owner at all.
  if (isList(value) && value.length === 0) return true;
  if (fields === undefined) return false;
  if (isLeaf(fields)) return true;
  if (isList(value)) return value.every((item) => itemFields(fields, item).some((owned) => holds(owned, item)));
  if (!isObject(value)) return true;
  return Object.entries(value).every(([key, inner]) => holds(fields[`f:${key}`], inner));
}

/**
 * The entries that may belong to a list item: one for a value of a set, several when keys of the item were defaulted.
 */
function itemFields(fields: FieldsV1, item: Json): readonly FieldsV1[] {
  return Object.entries(fields)
    .filter(([path]) => {
      if (path.startsWith('v:')) return isDeepStrictEqual(JSON.parse(path.slice(2)), item);
      return path.startsWith('k:') && isObject(item) && fitsKey(item, JSON.parse(path.slice(2)) as JsonObject);
    })
    .map(([, owned]) => owned);
}

/** A key that the item names must be equal. One that it does not name may have been defaulted (`protocol: TCP`). */
function fitsKey(item: JsonObject, key: JsonObject): boolean {
  const named = Object.entries(key).filter(([field]) => item[field] !== undefined);
  return named.length > 0 && named.every(([field, value]) => isDeepStrictEqual(item[field], value));
}

function isLeaf(fields: FieldsV1): boolean {
  return Object.keys(fields).length === 0;
}
