import type { Schema } from '../../operator/api/structural.ts';

/** Words that a structural schema may use; any other is dropped or refused by the API server. */
const words = new Set(
  (
    'description type format default enum pattern required properties additionalProperties items minimum maximum minLength maxLength ' +
    'minItems maxItems x-kubernetes-list-type x-kubernetes-list-map-keys x-kubernetes-map-type x-kubernetes-int-or-string ' +
    'x-kubernetes-validations nullable not maxProperties x-kubernetes-preserve-unknown-fields'
  ).split(' '),
);

/**
 * Every breach of the rules for structural schemas, and of ours that each list and text has a bound (but for what is below `unbounded`,
 * a path such as `spec.template`), as `path: rule`.
 */
export function breaches(schema: Schema, unbounded: string, path = ''): string[] {
  const free = path === unbounded || path.startsWith(`${unbounded}.`);
  const found = [...ofWords(schema), ...ofShape(schema), ...ofList(schema), ...(free ? [] : ofBounds(schema))];
  const inner = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [path === '' ? name : `${path}.${name}`, field] as const,
  );
  const map = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const below = [...inner, ...[schema.items, map].flatMap((one) => (one === undefined ? [] : [[path, one] as const]))];
  return [...found.map((rule) => `${path}: ${rule}`), ...below.flatMap(([at, one]) => breaches(one, unbounded, at))];
}

function ofWords(schema: Schema): string[] {
  return Object.keys(schema).flatMap((word) =>
    words.has(word) || word === '$ref' ? [] : [`${word} is no word of a structural schema`],
  );
}

function ofShape(schema: Schema): string[] {
  if (schema.$ref !== undefined) return ['$ref is not allowed'];
  if (schema['x-kubernetes-int-or-string'] === true)
    return schema.type === undefined ? [] : ['int-or-string has no type'];
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return [];
  if (schema.type === undefined) return ['a type is needed'];
  if (schema.type !== 'object') return [];
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && additionalProperties !== undefined)
    return ['properties and additionalProperties exclude each other'];
  return properties === undefined && additionalProperties === undefined
    ? ['an object without fields loses all that is in it']
    : [];
}

function ofList(schema: Schema): string[] {
  if (schema.type !== 'array') return [];
  if (schema.items === undefined) return ['a list needs items'];
  const { required, properties } = schema.items;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []) as string[];
  return keys
    .filter((key) => !required?.includes(key) && properties?.[key]?.default === undefined)
    .map((key) => `the key ${key} is neither required nor defaulted`);
}

function ofBounds(schema: Schema): string[] {
  if (schema.type === 'array') {
    const rules = [
      schema['maxItems'] === undefined && 'a list needs maxItems',
      schema['x-kubernetes-list-type'] === undefined && 'a list needs a list type',
    ];
    return rules.filter((rule) => rule !== false);
  }
  const short = schema['maxLength'] !== undefined || schema['enum'] !== undefined;
  return schema.type === 'string' && !short ? ['a text needs maxLength'] : [];
}
