import assert from 'node:assert/strict';
import { podTemplateSchema } from '../../operator/api/structural.ts';
import type { OpenApi, Schema } from '../../operator/api/structural.ts';

const core = 'io.k8s.api.core.v1';
const optional = (schema: Schema): Schema => ({ ...schema, nullable: true });
const ref = (name: string): Schema => ({ allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} });

/** An OpenAPI document whose pod spec has the given fields. */
function document(fields: Record<string, Schema>, more: Record<string, Schema> = {}): OpenApi {
  const text = { type: 'string' };
  const schemas: Record<string, Schema> = {
    [`${core}.PodTemplateSpec`]: {
      description: 'words',
      type: 'object',
      properties: { metadata: ref('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'), spec: ref(`${core}.PodSpec`) },
    },
    'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': {
      type: 'object',
      properties: {
        name: text,
        labels: { type: 'object', additionalProperties: { ...text, default: '' } },
        creationTimestamp: { type: 'string', format: 'date-time' },
      },
    },
    [`${core}.PodSpec`]: { description: 'words', type: 'object', properties: fields },
    ...more,
  };
  return { components: { schemas } };
}

function specOf(openApi: OpenApi): Schema['properties'] {
  return podTemplateSchema(openApi).properties?.['spec']?.properties;
}

describe('podTemplateSchema', () => {
  it('takes references in and leaves descriptions and defaults out', () => {
    const schema = podTemplateSchema(document({ nodeName: { description: 'words', type: 'string', default: '' } }));
    assert.deepEqual(schema, {
      type: 'object',
      required: ['spec'],
      properties: {
        metadata: optional({
          type: 'object',
          properties: {
            labels: optional({ type: 'object', additionalProperties: { type: 'string' } }),
            creationTimestamp: optional({ type: 'string', format: 'date-time' }),
          },
        }),
        spec: { type: 'object', properties: { nodeName: optional({ type: 'string' }) } },
      },
    });
  });

  it('keeps a field that is called like a word of the schema language', () => {
    const fields = { description: { type: 'string' }, default: { type: 'integer' }, items: { type: 'boolean' } };
    const taken = Object.entries(fields).map(([name, field]) => [name, optional(field)]);
    assert.deepEqual(specOf(document(fields)), Object.fromEntries(taken));
  });

  it('lets a field be null only if it may be absent, and takes metadata as generators write it', () => {
    const Port = { type: 'object', required: ['port'], properties: { port: { type: 'integer' } } };
    assert.deepEqual(specOf(document({ port: ref('Port') }, { Port }))?.['port'], optional(Port));
    const { metadata } = podTemplateSchema(document({})).properties ?? {};
    assert.deepEqual(Object.keys(metadata?.properties ?? {}), ['labels', 'creationTimestamp']);
  });

  it('writes quantities and ports in words or numbers as a structural schema does', () => {
    const fields = {
      size: ref('io.k8s.apimachinery.pkg.api.resource.Quantity'),
      port: ref('io.k8s.apimachinery.pkg.util.intstr.IntOrString'),
    };
    const spec = specOf(document(fields));
    assert.deepEqual(spec?.['port'], optional({ 'x-kubernetes-int-or-string': true }));
    // `cpu: 0.5` is neither a whole number nor a text.
    assert.equal(spec?.['size']?.['x-kubernetes-preserve-unknown-fields'], true);
    const pattern = new RegExp(String(spec['size'].pattern));
    for (const right of ['1', '100m', '1.5Gi', '.5', '1e3', '-2k']) assert.match(right, pattern);
    for (const wrong of ['', 'Gi', '1 Gi', '1gb', '1GiB']) assert.doesNotMatch(wrong, pattern);
  });

  it('keeps list types, and gives a key of a list map its default unless it is required', () => {
    const item = {
      type: 'object',
      required: ['containerPort'],
      properties: {
        containerPort: { type: 'integer', default: 0 },
        protocol: { type: 'string', default: 'TCP' },
        hostIP: { type: 'string', default: 'x' },
      },
    };
    const list = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['containerPort', 'protocol'] };
    const ports = { type: 'array', items: ref('Port'), ...list, 'x-kubernetes-patch-merge-key': 'containerPort' };
    const properties = {
      containerPort: { type: 'integer' },
      protocol: { type: 'string', default: 'TCP' },
      hostIP: optional({ type: 'string' }),
    };
    const items = { type: 'object', required: ['containerPort'], properties };
    assert.deepEqual(
      specOf(document({ ports }, { Port: item }))?.['ports'],
      optional({ type: 'array', ...list, items }),
    );
  });

  it('leaves out what no template may have', () => {
    assert.deepEqual(specOf(document({ ephemeralContainers: { type: 'array', items: { type: 'string' } } })), {});
  });

  it('names the path to a type that contains itself', () => {
    const loop = { type: 'object', properties: { again: ref('Loop') } };
    assert.throws(
      () => podTemplateSchema(document({ loop: ref('Loop') }, { Loop: loop })),
      /Loop → Loop: a type that contains itself/,
    );
  });

  it('says which document is needed when a type is missing', () => {
    assert.throws(
      () => podTemplateSchema({ components: { schemas: {} } }),
      /has no schema .*PodTemplateSpec: take .*\/openapi\/v3\/api\/v1/,
    );
    assert.throws(() => podTemplateSchema(document({ gone: ref('Gone') })), /has no schema Gone/);
  });
});
