import assert from 'node:assert/strict';
import { projectKitchen, projectNode, projectPod, projectReplicaSet } from '../../operator/observe/project.ts';
import { projectBudget, projectDeployment, projectStation } from '../../operator/observe/projectChild.ts';
import type { ManagedFieldsEntry } from '../../operator/api/kubernetes/object.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { aBudget, aDeployment } from '../builders/childObjects.ts';
import { aNode } from '../builders/nodeObjects.ts';
import type { RawObject } from '../builders/objects.ts';
import { aPod, aReplicaSet } from '../builders/podObjects.ts';

const replicas = { 'f:spec': { 'f:replicas': {} } };

describe('a projection', () => {
  it('of a node is the same after a heartbeat', () => {
    assert.deepEqual(projectNode(aNode({ heartbeatAt: 1 })), projectNode(aNode({ heartbeatAt: 999 })));
  });

  it('of a pod keeps its controller, or that it has none', () => {
    const controller = { kind: 'ReplicaSet', name: 'pizzeria-grill-zone-a-rs1', uid: 'uid-pizzeria-grill-zone-a-rs1' };
    assert.deepEqual(projectPod(aPod())?.controller, controller);
    const { metadata, ...rest } = aPod({ controller: null });
    const { 'pod-template-hash': _, ...labels } = { ...metadata.labels };
    const bare = projectPod({ ...rest, metadata: { ...metadata, labels } });
    assert.deepEqual([bare?.controller, bare?.replicaSet], [undefined, '']);
  });

  it('of a pod that ran to its end is kept while the API still calls it Ready, or to tell that it failed', () => {
    assert.equal(projectPod(aPod({ phase: 'Succeeded', readyAt: false })), undefined);
    assert.deepEqual(projectPod(aPod({ phase: 'Failed', readyAt: false }))?.failed, { reason: 'Failed', message: '' });
    const counted = projectPod(aPod({ phase: 'Failed' }));
    assert.deepEqual([counted?.ended, counted?.failed], [true, undefined], 'budgets count it');
  });

  it('of a ReplicaSet is made from its metadata alone', () => {
    const { controllerUid, station, uid } = projectReplicaSet(aReplicaSet());
    assert.deepEqual(
      [controllerUid, station, uid],
      ['uid-pizzeria-grill-zone-a', 'grill', 'uid-pizzeria-grill-zone-a-rs1'],
    );
    assert.equal(projectReplicaSet(aReplicaSet({ controller: null })).controllerUid, '');
  });

  it('of a budget tells minAvailable only where it is a number of pods', () => {
    assert.equal(projectBudget(aBudget({ spec: { minAvailable: 4 } })).minAvailable, 4);
    assert.equal(projectBudget(aBudget({ spec: { minAvailable: '50%' } })).minAvailable, undefined);
    assert.equal(
      projectBudget(aBudget({ spec: { minAvailable: undefined, maxUnavailable: 1 } })).minAvailable,
      undefined,
    );
  });

  it('of a Deployment holds the whole live template, and what our manager owns by apply', () => {
    const template = { metadata: { labels: { a: 'b' } }, spec: { restartPolicy: 'Always', hostNetwork: true } };
    const fieldsV1 = { 'f:spec': { 'f:template': { 'f:spec': { 'f:hostNetwork': {} } } } };
    const managedFields: ManagedFieldsEntry[] = [
      { manager: 'kitchen-operator', operation: 'Apply', fieldsV1 },
      { manager: 'kitchen-operator', operation: 'Apply', subresource: 'status', fieldsV1: {} },
    ];
    const live = projectDeployment(aDeployment({ spec: { template }, metadata: { managedFields } }));
    assert.deepEqual(live.template, template);
    assert.deepEqual(live.owned, fieldsV1);
  });

  it('of a Deployment whose status alone changed has the parts that it had', () => {
    const managedFields = [{ manager: 'kitchen-operator', operation: 'Apply' as const, fieldsV1: replicas }];
    const made = (many: number): RawObject => aDeployment({ metadata: { managedFields }, status: { replicas: many } });
    const known = projectDeployment(made(1));
    const { madeReplicas, live, owned, template } = projectDeployment(made(2), known);
    assert.equal(madeReplicas, 2);
    assert.deepEqual([live === known.live, owned === known.owned, template === known.template], [true, true, true]);
    const other = aDeployment({ metadata: { managedFields: [] }, spec: { paused: true } });
    assert.deepEqual(projectDeployment(other, known), projectDeployment(other));
  });

  it('of Deployments has the parts in common that are equal', () => {
    const template = { spec: { containers: [{ name: 'main', image: 'registry.example/pause:3.10' }] } };
    const [, some, others] = ['grill', 'oven', 'till'].map((station) =>
      projectDeployment(aDeployment({ station, spec: { template: structuredClone(template) } })),
    );
    assert.notEqual(some?.station, others?.station);
    assert.equal(some?.template, others?.template);
  });

  it('of a Kitchen leaves out what kubectl noted of it, and who owns its fields', () => {
    const note = 'kubectl.kubernetes.io/last-applied-configuration';
    const kitchen = aKitchen();
    const noted = { ...kitchen.metadata, annotations: { [note]: '{…}', mine: 'yes' }, managedFields: [] };
    const { annotations, managedFields } = projectKitchen({ ...kitchen, metadata: noted }).object.metadata;
    assert.deepEqual([annotations, managedFields], [{ mine: 'yes' }, undefined]);
  });

  it('of a Deployment quotes why its pods cannot be made', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: pods=3' }];
    assert.equal(projectDeployment(aDeployment({ status: { conditions } })).replicaFailure, 'exceeded quota: pods=3');
    assert.equal(projectDeployment(aDeployment()).replicaFailure, undefined);
  });

  it('is told why it makes no pods in the same words at each try', () => {
    const words = (pod: string): string | undefined => {
      const message = `pods "${pod}" is forbidden: exceeded quota`;
      const conditions = [{ type: 'ReplicaFailure', status: 'True', message }];
      return projectDeployment(aDeployment({ status: { conditions } })).replicaFailure;
    };
    for (const pod of ['grill-zone-a-74c988f6c4-zn82d', 'grill-zone-a-74c988f6c4-'])
      assert.equal(words(pod), 'pods "grill-zone-a-74c988f6c4" is forbidden: exceeded quota');
    assert.equal(words('grill-zone-a-74c988f6c4-8fw78'), words('grill-zone-a-74c988f6c4-zn82d'));
  });

  const owners: readonly (readonly [string, readonly ManagedFieldsEntry[], string])[] = [
    ['of no owner without an owner', [], 'nobody'],
    [
      'the operator’s when it applied it',
      [{ manager: 'kitchen-operator', operation: 'Apply', fieldsV1: replicas }],
      'operator',
    ],
    [
      'others’ when our second manager shares it',
      [
        { manager: 'kitchen-operator', operation: 'Apply', fieldsV1: replicas },
        { manager: 'kitchen-operator-demand', operation: 'Apply', fieldsV1: replicas },
      ],
      'others',
    ],
    [
      'others’ when it was scaled',
      [{ manager: 'kubectl', operation: 'Update', subresource: 'scale', fieldsV1: replicas }],
      'others',
    ],
  ];
  for (const [what, managedFields, owner] of owners) {
    it(`of a Station says that demand is ${what}`, () => {
      const station = aStation();
      const raw = { ...station, metadata: { ...station.metadata, managedFields } };
      const projected = projectStation(raw);
      assert.equal(projected.demandOwner, owner);
      assert.equal('managedFields' in projected.object.metadata, false, 'the bulk of it is not kept');
    });
  }
});
