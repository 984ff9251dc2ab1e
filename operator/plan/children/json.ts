import { isObject } from '../../api/kubernetes/json.ts';
import type { Json, JsonObject } from '../../api/kubernetes/json.ts';

/** The object under a key; an empty one where there is none. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

/** The list under a key; an empty one where there is none. */
export function listAt(parent: JsonObject, key: string): readonly Json[] {
  const value = parent[key];
  return Array.isArray(value) ? value : [];
}
