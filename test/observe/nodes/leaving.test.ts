import assert from 'node:assert/strict';
import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import type { FieldsV1, ManagedFieldsEntry } from '../../../operator/api/kubernetes/object.ts';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { observeNode } from '../../../operator/observe/nodes/nodes.ts';
import type { ObservedNode } from '../../../operator/observe/nodes/nodes.ts';
import { projectNode } from '../../../operator/observe/project.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { at } from '../../builders/objects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';

type Toleration = NonNullable<PodTemplate['spec']['tolerations']>[number];

function leaving(node: NodeParts, ...tolerations: readonly Toleration[]): ObservedNode['leaving'] {
  const template = { spec: { containers: [{ name: 'grill', image: 'grill:1' }], tolerations: [...tolerations] } };
  return observeNode(projectNode(aNode(node)), { memory: new FirstSeen(), nowMs: 0 }, { template }).leaving;
}

/** Seconds as in `at`, of a time in seconds since 1970. */
function since(node: NodeParts, ...tolerations: readonly Toleration[]): number | undefined {
  const seen = leaving(node, ...tolerations)?.at;
  return seen === undefined ? undefined : seen - Date.parse(at(0)) / 1000;
}

function wrote(fieldsV1: FieldsV1, seconds: number): ManagedFieldsEntry {
  return { manager: 'somebody', operation: 'Update', fieldsV1, time: at(seconds) };
}

const cordoned = { 'f:spec': { 'f:unschedulable': {} } };
const tainted = { 'f:spec': { 'f:taints': {} } };
const says = (...types: readonly string[]): FieldsV1 => ({
  'f:status': { 'f:conditions': Object.fromEntries(types.map((type) => [`k:{"type":"${type}"}`, {}])) },
});
const cordonTaint = (seconds: number) => ({
  key: 'node.kubernetes.io/unschedulable',
  effect: 'NoSchedule',
  timeAdded: at(seconds),
});
const disrupted = { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' };
const everything: Toleration = { operator: 'Exists' };

describe('since when a node has been leaving', () => {
  const rows: readonly (readonly [string, NodeParts, number | undefined])[] = [
    ['a cordon’s taint', { unschedulable: true, taints: [cordonTaint(70)] }, 70],
    ['who cordoned it wrote', { unschedulable: true, managedFields: [wrote(cordoned, 60)] }, 60],
    [
      'the earlier of both, even if another write came since',
      { unschedulable: true, taints: [cordonTaint(70)], managedFields: [wrote(cordoned, 90)] },
      70,
    ],
    ['a taint with a time of its own', { taints: [{ ...disrupted, timeAdded: at(80) }] }, 80],
    ['who put a taint without one wrote', { taints: [disrupted], managedFields: [wrote(tainted, 81)] }, 81],
    ['a condition', { conditions: ['DrainInProgress'], conditionsAt: 50 }, 50],
    [
      'who set a condition wrote, whose clock may be fast, or who gave no time',
      { conditions: ['DrainInProgress'], conditionsAt: null, managedFields: [wrote(says('DrainInProgress'), 55)] },
      55,
    ],
    [
      'nothing, where a kubelet writes all the time',
      {
        conditions: ['GracefulNodeShutdownInProgress'],
        conditionsAt: null,
        managedFields: [wrote(says('Ready', 'GracefulNodeShutdownInProgress'), 99)],
      },
      undefined,
    ],
    ['nothing, where nothing has a time', { unschedulable: true }, undefined],
  ];
  for (const [what, node, seconds] of rows) it(`is told by ${what}`, () => assert.equal(since(node), seconds));

  it('counts from when it was closed to pods of the template, and where it is open from the first that said so', () => {
    const node: NodeParts = {
      unschedulable: true,
      conditions: ['MaintenanceInProgress'],
      conditionsAt: 50,
      taints: [cordonTaint(70), { ...disrupted, timeAdded: at(80) }],
    };
    const cordonOnly: Toleration = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' };
    assert.deepEqual([since(node), since(node, cordonOnly), since(node, everything)], [70, 80, 50]);
    assert.deepEqual(
      [leaving(node), leaving(node, cordonOnly), leaving(node, everything)].map((each) => each?.isOpen),
      [false, false, true],
    );
  });
});

describe('a leaving node', () => {
  const rows: readonly (readonly [string, NodeParts, readonly Toleration[], boolean])[] = [
    ['open when nothing but a condition says that it leaves', { conditions: ['DrainInProgress'] }, [], true],
    ['closed when it is cordoned too', { conditions: ['DrainInProgress'], unschedulable: true }, [], false],
    ['open when the template tolerates every taint', { unschedulable: true }, [everything], true],
    ['closed when it tolerates another', { unschedulable: true }, [{ key: 'gpu', operator: 'Exists' }], false],
    ['open when its taint is only a wish', { taints: [{ ...disrupted, effect: 'PreferNoSchedule' }] }, [], true],
  ];
  for (const [what, node, tolerations, isOpen] of rows)
    it(`is ${what}`, () => assert.equal(leaving(node, ...tolerations)?.isOpen, isOpen));

  it('is none that is healthy or lost', () => {
    assert.equal(leaving({}), undefined);
    assert.equal(leaving({ ready: 'Unknown', readyAt: 500, unschedulable: true }), undefined);
  });
});
