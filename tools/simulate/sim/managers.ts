import { fieldManagers } from '../../../operator/api/labels.ts';
import type { FieldsV1 } from '../../../operator/api/kubernetes/object.ts';
import type { Json, JsonObject } from '../../../operator/api/kubernetes/json.ts';

/** All is the operator's, but for what somebody else scaled since. */
export function managersOf(body: JsonObject, scaledBy: string | undefined): JsonObject[] {
  const all = ownedIn(body);
  const about = { fieldsType: 'FieldsV1' };
  const ours = { ...about, manager: fieldManagers.operator, operation: 'Apply' };
  if (scaledBy === undefined) return [{ ...ours, fieldsV1: all }];
  const { 'f:replicas': _, ...spec } = all['f:spec'] as JsonObject;
  const theirs = { ...about, manager: scaledBy, operation: 'Update', subresource: 'scale' };
  return [
    { ...ours, fieldsV1: { ...all, 'f:spec': spec } },
    { ...theirs, fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
  ];
}

const owned = new WeakMap<JsonObject, JsonObject>();

/** What an apply of this body makes its manager the owner of; most changes of an object are of its status alone. */
function ownedIn(body: JsonObject): JsonObject {
  const before = owned.get(body);
  if (before !== undefined) return before;
  const { resourceVersion: _, ...about } = body['metadata'] as JsonObject & { readonly resourceVersion?: Json };
  const fields = fieldsOf({ metadata: about, spec: body['spec'] ?? {} }) as unknown as JsonObject;
  owned.set(body, fields);
  return fields;
}

/** Every field of the value as owned; lists as a whole. */
function fieldsOf(value: Json): FieldsV1 {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}
