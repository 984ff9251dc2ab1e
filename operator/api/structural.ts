/** A node of an OpenAPI schema or of a CRD's structural schema, as JSON. */
export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  type?: string;
  format?: string;
  pattern?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  [key: string]: unknown;
}

/** The part of an OpenAPI v3 document that is read: its named schemas. */
export interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const POD_TEMPLATE = 'io.k8s.api.core.v1.PodTemplateSpec';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/**
 * Of a template's metadata only labels and annotations reach a pod or a claim; generators also write the third, as
 * null.
 */
const TEMPLATE_METADATA = new Set(['labels', 'annotations', 'creationTimestamp']);

/** Fields of the type that a pod template may not have: the API server refuses them in every Deployment. */
const NOT_IN_TEMPLATES = ['ephemeralContainers'];

const QUANTITY_PATTERN =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** Named types that a structural schema writes otherwise. A quantity may also be a number with a fraction: `cpu: 0.5`. */
const special: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    'x-kubernetes-preserve-unknown-fields': true,
    pattern: QUANTITY_PATTERN,
    maxProperties: 0,
    maxItems: 0,
    not: { enum: [true, false, {}, []] },
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { 'x-kubernetes-int-or-string': true },
};

/** Keys that mean the same in both kinds of schema. */
const KEPT = [
  'type',
  'format',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
];

/**
 * The structural schema of a pod template, from the API server's OpenAPI v3 document of the core group
 * (`/openapi/v3/api/v1`): references are resolved, descriptions and defaults left out, list types kept. Throws when the
 * document lacks a type or a type refers to itself.
 */
export function podTemplateSchema(document: OpenApi): Schema {
  const template = takeIn({ $ref: `#/components/schemas/${POD_TEMPLATE}` }, document, []);
  const spec = template.properties?.['spec'];
  if (spec?.properties === undefined)
    throw new Error(`${POD_TEMPLATE} has no spec: is this the document of /openapi/v3/api/v1?`);
  for (const field of NOT_IN_TEMPLATES) delete spec.properties[field];
  delete spec['nullable'];
  return { ...template, required: ['spec'] };
}

function takeIn(schema: Schema, document: OpenApi, path: readonly string[]): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference === undefined) return convert(schema, document, path);
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const own = special[name];
  if (own !== undefined) return { ...own };
  if (path.includes(name))
    throw new Error(`${[...path, name].join(' → ')}: a type that contains itself cannot be written without $ref`);
  const target = document.components.schemas[name];
  if (target === undefined)
    throw new Error(`the OpenAPI document has no schema ${name}: take the one of /openapi/v3/api/v1`);
  return convert(name === OBJECT_META ? onlyTemplateMetadata(target) : target, document, [...path, name]);
}

function convert(schema: Schema, document: OpenApi, path: readonly string[]): Schema {
  const result: Schema = Object.fromEntries(KEPT.flatMap((key) => (key in schema ? [[key, schema[key]]] : [])));
  const { properties, items, additionalProperties } = schema;
  if (properties !== undefined) {
    const isRequired = (name: string): boolean => schema.required?.includes(name) === true;
    const entries = Object.entries(properties).map(([name, inner]) => {
      const taken = takeIn(inner, document, path);
      return [name, isRequired(name) ? taken : nullable(taken)] as const;
    });
    result.properties = Object.fromEntries(entries);
  }
  if (typeof additionalProperties === 'object')
    result.additionalProperties = takeIn(additionalProperties, document, path);
  if (items !== undefined) {
    result.items = takeIn(items, document, path);
    defaultKeys(result, resolve(items, document));
  }
  return result;
}

/** Lets an optional field be null, such as `env:` with nothing after it: a Deployment takes it as absent. */
function nullable(schema: Schema): Schema {
  return { ...schema, nullable: true };
}

/** A key of a list map must be required or have a default, or the API server refuses the CRD. */
function defaultKeys(list: Schema, source: Schema): void {
  const keys = (list['x-kubernetes-list-map-keys'] ?? []) as string[];
  for (const key of keys) {
    const field = list.items?.properties?.[key];
    if (field === undefined || list.items?.required?.includes(key)) continue;
    field.default = source.properties?.[key]?.default ?? '';
    delete field['nullable'];
  }
}

function resolve(schema: Schema, document: OpenApi): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference === undefined) return schema;
  return document.components.schemas[reference.slice(reference.lastIndexOf('/') + 1)] ?? {};
}

function onlyTemplateMetadata(schema: Schema): Schema {
  const entries = Object.entries(schema.properties ?? {}).filter(([name]) => TEMPLATE_METADATA.has(name));
  return { type: 'object', properties: Object.fromEntries(entries) };
}
