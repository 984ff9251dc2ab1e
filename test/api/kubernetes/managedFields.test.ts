import assert from 'node:assert/strict';
import { isOwned, ownedFields, takenFields } from '../../../operator/api/kubernetes/managedFields.ts';
import type { FieldsV1, KubeObject } from '../../../operator/api/kubernetes/object.ts';

/** As an API server answers after an apply of `intent`: defaults filled in, other managers beside ours. */
const fields: FieldsV1 = {
  'f:metadata': {
    'f:labels': { 'f:app': {} },
    'f:ownerReferences': { 'k:{"uid":"u-1"}': {} },
    'f:finalizers': { 'v:"kitchen.dev/keep"': {} },
  },
  'f:spec': {
    'f:selector': {},
    'f:template': {
      'f:spec': {
        'f:containers': {
          'k:{"name":"grill"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:args': {},
            'f:resources': { 'f:requests': { 'f:cpu': {} } },
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
          },
        },
        'f:volumes': { 'k:{"name":"tmp"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} } },
      },
    },
  },
};

function anIntent(container: object = {}, spec: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'grill',
      namespace: 'default',
      labels: { app: 'grill' },
      ownerReferences: [{ apiVersion: 'kitchen.dev/v1', kind: 'Station', name: 'grill', uid: 'u-1' }],
    },
    spec: {
      selector: { matchLabels: { app: 'grill' } },
      template: {
        spec: {
          containers: [
            {
              name: 'grill',
              image: 'grill:1',
              args: ['--hot'],
              resources: { requests: { cpu: '100m' } },
              ports: [{ containerPort: 80 }],
              ...container,
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
      ...spec,
    },
  } as KubeObject;
}

function aDeployment(): KubeObject {
  const live = structuredClone(anIntent()) as unknown as {
    metadata: Record<string, unknown>;
    spec: { replicas: number; template: { spec: { containers: Record<string, unknown>[] } } };
  };
  live.spec.replicas = 3;
  const [grill] = live.spec.template.spec.containers;
  Object.assign(grill!, { imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 80, protocol: 'TCP' }] });
  live.spec.template.spec.containers.push({ name: 'sidecar', image: 'proxy:2' });
  live.metadata['finalizers'] = ['other.example/hold', 'kitchen.dev/keep'];
  live.metadata['managedFields'] = [
    { manager: 'kitchen-operator', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': {} } },
    {
      manager: 'kitchen-operator',
      operation: 'Apply',
      subresource: 'scale',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    },
    { manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
    { manager: 'kitchen-operator', operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: fields },
  ];
  return live;
}

describe('the fields a manager owns', () => {
  it('are those of its apply on the object itself', () => {
    assert.equal(ownedFields(aDeployment(), 'kitchen-operator'), fields);
  });

  it('are also those that it patched since, which the patch took from its apply', () => {
    const { managedFields = [], ...metadata } = aDeployment().metadata;
    const patched: FieldsV1 = {
      'f:metadata': { 'f:annotations': { 'f:kitchen.dev/times-told': {} } },
      'f:spec': { 'f:replicas': {} },
    };
    const update = { manager: 'kitchen-operator', operation: 'Update', fieldsV1: patched } as const;
    const owned = ownedFields({ metadata: { ...metadata, managedFields: [...managedFields, update] } }, update.manager);
    assert.deepEqual(owned?.['f:metadata']?.['f:annotations']?.['f:kitchen.dev/times-told'], {});
    assert.deepEqual(owned?.['f:spec']?.['f:replicas'], {});
    assert.deepEqual(owned?.['f:spec']?.['f:selector'], fields['f:spec']?.['f:selector']);
    assert.equal(ownedFields({ metadata: { ...metadata, managedFields: [update] } }, update.manager), undefined);
  });

  it('are told apart by subresource', () => {
    assert.deepEqual(ownedFields(aDeployment(), 'kitchen-operator', 'scale'), { 'f:spec': { 'f:replicas': {} } });
  });

  it('are none for a manager that never applied', () => {
    assert.equal(ownedFields(aDeployment(), 'kubectl-edit'), undefined);
    assert.equal(ownedFields({ metadata: {} }, 'kitchen-operator'), undefined);
  });
});

describe('an intent is owned', () => {
  it('when every path of it is in the set, with list keys that the server defaulted', () => {
    assert.equal(isOwned(fields, anIntent()), true);
  });

  it('when it says less than the set', () => {
    assert.equal(isOwned(fields, { metadata: { name: 'grill' } }), true);
  });

  it('with anything below a field that is owned as a whole', () => {
    assert.equal(isOwned(fields, anIntent({}, { selector: { matchLabels: { other: 'x' } } })), true);
  });

  it('when a list of it is empty: an empty list has no owner', () => {
    assert.equal(isOwned(fields, anIntent({ env: [] }, { ports: [] })), true);
  });

  const missing: Record<string, KubeObject> = {
    'a field beside owned ones': anIntent({ command: ['sh'] }),
    'a field of a nested map': anIntent({ resources: { requests: { memory: '1Gi' } } }),
    'another container': anIntent({ name: 'oven' }),
    'a port of another number': anIntent({ ports: [{ containerPort: 81 }] }),
    'a port whose protocol is not the owned one': anIntent({ ports: [{ containerPort: 80, protocol: 'UDP' }] }),
    'a field of an owned list item': anIntent({ ports: [{ containerPort: 80, name: 'http' }] }),
    'a field of spec': anIntent({}, { replicas: 3 }),
    'an empty map without an owner': anIntent({ securityContext: {} }),
  };
  for (const [what, intent] of Object.entries(missing)) {
    it(`not when it has ${what}`, () => assert.equal(isOwned(fields, intent), false));
  }

  it('not when it has a label or a value of a set that is not owned', () => {
    assert.equal(isOwned(fields, { metadata: { labels: { app: 'grill', tier: 'hot' } } }), false);
    assert.equal(isOwned(fields, { metadata: { finalizers: ['kitchen.dev/keep'] } }), true);
    assert.equal(isOwned(fields, { metadata: { finalizers: ['kitchen.dev/other'] } }), false);
  });
});

describe('fields that others took', () => {
  const intent = {
    metadata: { name: 'grill', uid: 'u', annotations: { 'kitchen.dev/intent': 'x' } },
    spec: {
      replicas: 3,
      ports: [{ name: 'http', port: 80 }],
      template: { spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  } as unknown as KubeObject;
  const all: FieldsV1 = { 'f:metadata': { 'f:annotations': {} }, 'f:spec': {} };
  const taken = (left: FieldsV1, fieldsV1: FieldsV1, subresource = ''): readonly string[] =>
    takenFields(intent, left, [{ manager: 'hpa', subresource, fieldsV1 }]).map(({ path, by }) => `${path} by ${by}`);

  it('are none while we hold them, and none that we never asked for', () => {
    assert.deepEqual(taken(all, { 'f:spec': { 'f:replicas': {} } }), []);
    assert.deepEqual(taken({ ...all, 'f:spec': { 'f:replicas': {} } }, { 'f:spec': { 'f:paused': {} } }), []);
  });

  it('are named with their path, their new owner and its subresource', () => {
    const left = { 'f:metadata': { 'f:annotations': {} }, 'f:spec': { 'f:ports': {}, 'f:template': {} } };
    assert.deepEqual(taken(left, { 'f:spec': { 'f:replicas': {} } }, 'scale'), [
      'spec.replicas by hpa (subresource scale)',
    ]);
    assert.deepEqual(taken({ 'f:spec': {} }, { 'f:metadata': { 'f:annotations': { 'f:kitchen.dev/intent': {} } } }), [
      'metadata.annotations.kitchen.dev/intent by hpa',
    ]);
  });

  it('are named in lists by their item', () => {
    const containers = (of: FieldsV1): FieldsV1 => ({
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': of } } } },
    });
    const left = containers({ '.': {}, 'f:name': {} })['f:spec'] ?? {};
    assert.deepEqual(
      taken({ ...all, 'f:spec': { 'f:replicas': {}, 'f:ports': {}, ...left } }, containers({ 'f:image': {} })),
      ['spec.template.spec.containers[c].image by hpa'],
    );
  });
});
