import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { customResourceDefinitions } from '../../operator/api/crds.ts';
import type { Crd } from '../../operator/api/crds.ts';
import type { Schema } from '../../operator/api/structural.ts';
import { breaches } from './structuralRules.ts';

interface Version {
  readonly schema: { readonly openAPIV3Schema: Schema };
  readonly subresources: Record<string, unknown>;
  readonly additionalPrinterColumns: readonly { readonly name: string; readonly jsonPath: string }[];
}

const inRepository = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const podTemplate = JSON.parse(inRepository('operator/api/podtemplate.schema.json')) as Schema;
const crds = customResourceDefinitions(podTemplate);

function crdOf(kind: 'kitchens' | 'stations'): Crd {
  return crds.find(({ metadata }) => metadata.name === `${kind}.kitchen.dev`)!;
}

function versionOf(kind: 'kitchens' | 'stations'): Version {
  return (crdOf(kind).spec['versions'] as Version[])[0]!;
}

function fieldAt(schema: Schema, path: string): Schema | undefined {
  return path.split('.').reduce<Schema | undefined>((at, name) => (at?.items ?? at)?.properties?.[name], schema);
}

for (const kind of ['kitchens', 'stations'] as const) {
  const { schema, additionalPrinterColumns: columns } = versionOf(kind);
  const root = schema.openAPIV3Schema;
  const template = kind === 'kitchens' ? 'spec.stations.template' : 'spec.template';

  describe(`the CRD of ${kind}`, () => {
    it('is structural, and bounds every list and text outside pod templates', () => {
      assert.deepEqual(breaches(root, template), []);
    });

    it('is what is checked in', () => {
      const text = inRepository(`crds/kitchen.dev_${kind}.yaml`);
      assert.deepEqual(load(text), JSON.parse(JSON.stringify(crdOf(kind))));
    });

    it('stays far below what etcd and a Helm release can hold', () => {
      assert.ok(JSON.stringify(root).length < 256 * 1024);
    });

    it('has a field for each printer column', () => {
      for (const { name, jsonPath } of columns.filter((column) => column.name !== 'Age')) {
        assert.notEqual(fieldAt(root, jsonPath.slice(1)), undefined, name);
      }
    });

    it('knows the fields of a pod template by name and type', () => {
      const type = (path: string): unknown => fieldAt(root, `${template}.${path}`)?.type;
      assert.equal(type('metadata.labels'), 'object');
      assert.equal(type('spec.containers.image'), 'string');
      assert.equal(type('spec.containers.ports.containerPort'), 'integer');
      assert.equal(fieldAt(root, `${template}.spec.containers.ports.protocol`)?.default, 'TCP');
      assert.equal(fieldAt(root, `${template}.spec.ephemeralContainers`), undefined);
    });
  });
}

describe('the scale subresource of a Station', () => {
  it('points at fields that exist, the first of them required', () => {
    const { schema, subresources } = versionOf('stations');
    const root = schema.openAPIV3Schema;
    for (const path of Object.values(subresources['scale'] as Record<string, string>)) {
      assert.notEqual(fieldAt(root, path.slice(1)), undefined, path);
    }
    assert.ok(root.properties?.['spec']?.required?.includes('replicas'));
    assert.deepEqual(subresources['status'], {});
  });
});

describe('the sample with every field', () => {
  it('has every path that a Kitchen may have outside its pod templates', () => {
    const spec = fieldAt(versionOf('kitchens').schema.openAPIV3Schema, 'spec');
    assert.ok(spec !== undefined);
    const sample = load(inRepository('manifests/samples/full.yaml')) as { readonly spec: unknown };
    assert.deepEqual(
      pathsOf(spec, 'spec').filter((path) => !isIn(sample, path.split('.'))),
      [],
    );
  });
});

/** The paths of all fields below a schema, as `spec.stations.ports.name`: items of lists have no place of their own. */
function pathsOf(schema: Schema, path: string): readonly string[] {
  const fields = Object.entries((schema.items ?? schema).properties ?? {});
  return fields.flatMap(([name, field]) => {
    const at = `${path}.${name}`;
    return at === 'spec.stations.template' ? [at] : [at, ...pathsOf(field, at)];
  });
}

/** Whether a value has a field at that path, in any item where it is a list. */
function isIn(value: unknown, path: readonly string[]): boolean {
  const [name, ...below] = path;
  if (name === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => isIn(item, path));
  return typeof value === 'object' && value !== null && isIn((value as Record<string, unknown>)[name], below);
}

describe('the checker of structural rules', () => {
  const text = { type: 'string', maxLength: 1 };
  const table: readonly (readonly [string, Schema])[] = [
    ['a reference', { $ref: '#/x' }],
    ['no type', { properties: { a: text } }],
    ['a list without a bound', { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' }],
    ['a list without a list type', { type: 'array', items: text, maxItems: 1 }],
    ['a text without a bound', { type: 'string' }],
    ['both kinds of properties', { type: 'object', properties: { a: text }, additionalProperties: text }],
    ['an object of nothing', { type: 'object' }],
    ['a constant', { ...text, const: 'a' }],
    ['a type in a choice', { ...text, anyOf: [{ type: 'string' }] }],
    [
      'a key that may be missing',
      {
        type: 'array',
        maxItems: 1,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a'],
        items: { type: 'object', properties: { a: text } },
      },
    ],
  ];
  for (const [what, schema] of table) {
    it(`finds ${what}`, () => {
      assert.equal(breaches({ type: 'object', properties: { field: schema } }, 'none').length, 1);
    });
  }
});
