import * as z from 'zod';
import { kitchenSchema } from './kitchen.ts';
import { GROUP, VERSION } from './labels.ts';
import { POD_TEMPLATE_MARK } from './podtemplate.ts';
import { stationSchema } from './station.ts';
import type { Schema } from './structural.ts';

/** A CustomResourceDefinition, as JSON. */
export interface Crd {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Column {
  readonly name: string;
  readonly type: 'integer' | 'string' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
}

interface CrdKind {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly description: string;
  readonly schema: z.ZodType;
  readonly columns: readonly Column[];
  readonly subresources: Readonly<Record<string, unknown>>;
}

const age: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const survives: Column = {
  name: 'Survives',
  type: 'string',
  jsonPath: '.status.survives',
  description: 'What may be lost now with demand still served.',
};

const kitchenKind: CrdKind = {
  kind: 'Kitchen',
  plural: 'kitchens',
  shortName: 'kit',
  description: 'A group of stateless services (its stations) and the losses that they must survive.',
  schema: kitchenSchema,
  columns: [
    { name: 'Stations', type: 'integer', jsonPath: '.status.stations' },
    { name: 'Ready', type: 'integer', jsonPath: '.status.ready', description: 'Stations that are Ready.' },
    survives,
    { name: 'Paused', type: 'boolean', jsonPath: '.spec.paused', priority: 1 },
    age,
  ],
  subresources: { status: {} },
};

const stationKind: CrdKind = {
  kind: 'Station',
  plural: 'stations',
  shortName: 'stn',
  description: 'One service of a Kitchen. The operator applies it; its scale subresource sets demand.',
  schema: stationSchema,
  columns: [
    { name: 'Demand', type: 'integer', jsonPath: '.status.demand', description: 'Pods that must always serve.' },
    {
      name: 'Target',
      type: 'integer',
      jsonPath: '.status.target',
      description: 'Pods wanted to survive what is declared.',
    },
    { name: 'Ready', type: 'integer', jsonPath: '.status.ready', description: 'Pods that are ready.' },
    survives,
    { name: 'Zones', type: 'string', jsonPath: '.status.zoneSummary', description: 'Ready and wanted pods, by zone.' },
    {
      name: 'Scaled',
      type: 'string',
      jsonPath: '.status.scaledBy',
      description: 'Who sets demand.',
      priority: 1,
    },
    age,
  ],
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  },
};

/** The CRDs of Kitchen and Station; `podTemplate` is the structural schema of a pod template. */
export function customResourceDefinitions(podTemplate: Schema): readonly Crd[] {
  return [kitchenKind, stationKind].map((kind) => crdOf(kind, podTemplate));
}

function crdOf(kind: CrdKind, podTemplate: Schema): Crd {
  const singular = kind.kind.toLowerCase();
  const names = {
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural: kind.plural,
    singular,
    shortNames: [kind.shortName],
    // Not `kitchen`: kubectl would take the word in `kubectl get kitchen NAME` for the category, and refuse the name.
    categories: ['kitchen-all'],
  };
  const version = {
    name: VERSION,
    served: true,
    storage: true,
    subresources: kind.subresources,
    additionalPrinterColumns: kind.columns,
    schema: { openAPIV3Schema: rootSchema(kind, podTemplate) },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.plural}.${GROUP}` },
    spec: { group: GROUP, names, scope: 'Namespaced', versions: [version] },
  };
}

function rootSchema({ schema, description }: CrdKind, podTemplate: Schema): Schema {
  const converted = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema }) => makeStructural(jsonSchema as Schema, podTemplate),
  }) as Schema;
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...properties } = converted.properties ?? {};
  const nameOnly = { type: 'object', properties: metadata?.properties };
  const text = { type: 'string', maxLength: 64 };
  return {
    description,
    ...converted,
    required: ['spec'],
    properties: { apiVersion: text, kind: text, metadata: nameOnly, ...properties } as Record<string, Schema>,
  };
}

function makeStructural(schema: Schema, podTemplate: Schema): void {
  if (schema[POD_TEMPLATE_MARK] === true) {
    delete schema[POD_TEMPLATE_MARK];
    Object.assign(schema, structuredClone(podTemplate));
  }
  if (schema['x-kubernetes-int-or-string'] === true) joinChoices(schema);
  // zod says with it whether unknown fields are refused; structural schemas always refuse them, and forbid it beside
  // properties.
  if (schema.properties !== undefined) delete schema.additionalProperties;
  if (schema.type === 'integer') makeInteger(schema);
}

function makeInteger(schema: Schema): void {
  schema.format ??= 'int32';
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

/**
 * Joins a choice of a number or a text into one schema without a type: bounds of numbers do not apply to texts, and
 * bounds of texts do not apply to numbers.
 */
function joinChoices(schema: Schema): void {
  const choices = (schema['anyOf'] ?? []) as Schema[];
  for (const { type: _type, format: _format, ...bounds } of choices) Object.assign(schema, bounds);
  delete schema['anyOf'];
}
