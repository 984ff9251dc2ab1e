import assert from 'node:assert/strict';
import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import { projectNode } from '../../../operator/observe/project.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import { isUsable, keepsOutOf } from '../../../operator/observe/nodes/usable.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';

type PodSpec = Omit<PodTemplate['spec'], 'containers'>;

function fits(spec: PodSpec, node: NodeParts): boolean {
  return isUsable({ spec: { containers: [{ name: 'grill' }], ...spec } }, projectNode(aNode(node)));
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function required(
  ...terms: readonly { matchExpressions?: readonly Expression[]; matchFields?: readonly Expression[] }[]
): PodSpec {
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  };
}

const gpu = { labels: { disk: 'ssd', cores: '8' } };
const one = (operator: string, key: string, ...values: string[]): PodSpec =>
  required({ matchExpressions: [values.length === 0 ? { key, operator } : { key, operator, values }] });

describe('a node is usable', () => {
  const rows: readonly (readonly [what: string, spec: PodSpec, node: NodeParts, usable: boolean])[] = [
    ['for a template that asks for nothing', {}, {}, true],
    ['not with an empty zone label', {}, { labels: { 'topology.kubernetes.io/zone': '' } }, false],
    ['when its labels match the node selector', { nodeSelector: { disk: 'ssd' } }, gpu, true],
    ['not when a label of the node selector differs', { nodeSelector: { disk: 'hdd' } }, gpu, false],
    ['by In', one('In', 'disk', 'ssd', 'nvme'), gpu, true],
    ['not by In for another value', one('In', 'disk', 'hdd'), gpu, false],
    ['by NotIn', one('NotIn', 'disk', 'hdd'), gpu, true],
    ['by NotIn when it has no such label', one('NotIn', 'colour', 'red'), gpu, true],
    ['not by NotIn for the value', one('NotIn', 'disk', 'ssd'), gpu, false],
    ['by Exists', one('Exists', 'disk'), gpu, true],
    ['not by Exists without the label', one('Exists', 'colour'), gpu, false],
    ['by DoesNotExist', one('DoesNotExist', 'colour'), gpu, true],
    ['not by DoesNotExist with the label', one('DoesNotExist', 'disk'), gpu, false],
    ['by Gt, compared as numbers', one('Gt', 'cores', '6'), { labels: { cores: '16' } }, true],
    ['not by Gt for an equal number', one('Gt', 'cores', '8'), gpu, false],
    ['by Lt', one('Lt', 'cores', '10'), gpu, true],
    ['not by Lt for a label that is no number', one('Lt', 'disk', '10'), gpu, false],
    ['not by an unknown operator', one('Like', 'disk', 'ssd'), gpu, false],
    [
      'by its name',
      required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-a1'] }] }),
      {},
      true,
    ],
    [
      'not by another name',
      required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['x'] }] }),
      {},
      false,
    ],
    [
      'when one of several terms fits',
      required(
        { matchExpressions: [{ key: 'disk', operator: 'In', values: ['hdd'] }] },
        { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
      ),
      gpu,
      true,
    ],
    [
      'not when only half of a term fits',
      required({
        matchExpressions: [
          { key: 'disk', operator: 'In', values: ['ssd'] },
          { key: 'cores', operator: 'In', values: ['4'] },
        ],
      }),
      gpu,
      false,
    ],
    ['not by an empty term', required({}), gpu, false],
  ];
  for (const [what, spec, node, usable] of rows) it(what, () => assert.equal(fits(spec, node), usable));
});

describe('a tainted node is usable', () => {
  const tainted = (key: string, effect = 'NoSchedule', value?: string): NodeParts => ({
    taints: [value === undefined ? { key, effect } : { key, effect, value }],
  });
  const batch = tainted('for', 'NoSchedule', 'batch');
  const rows: readonly (readonly [what: string, spec: PodSpec, node: NodeParts, usable: boolean])[] = [
    ['not for a template without toleration', {}, batch, false],
    ['not for NoExecute either', {}, tainted('for', 'NoExecute'), false],
    ['when the taint only asks to prefer others', {}, tainted('for', 'PreferNoSchedule'), true],
    ['by an equal toleration', { tolerations: [{ key: 'for', value: 'batch' }] }, batch, true],
    ['not by a toleration of another value', { tolerations: [{ key: 'for', value: 'web' }] }, batch, false],
    [
      'not by a toleration of another effect',
      { tolerations: [{ key: 'for', value: 'batch', effect: 'NoExecute' }] },
      batch,
      false,
    ],
    ['by a toleration of any value', { tolerations: [{ key: 'for', operator: 'Exists' }] }, batch, true],
    ['by a toleration of everything', { tolerations: [{ operator: 'Exists' }] }, batch, true],
    ['not by a toleration without key and operator', { tolerations: [{}] }, batch, false],
    ['by Gt', { tolerations: [{ key: 'sla', operator: 'Gt', value: '90' }] }, tainted('sla', 'NoSchedule', '95'), true],
    ['by Lt', { tolerations: [{ key: 'sla', operator: 'Lt', value: '90' }] }, tainted('sla', 'NoSchedule', '85'), true],
  ];
  for (const [what, spec, node, usable] of rows) it(what, () => assert.equal(fits(spec, node), usable));

  for (const key of [
    'node.kubernetes.io/unschedulable',
    'node.kubernetes.io/unreachable',
    'node.kubernetes.io/not-ready',
    'node.kubernetes.io/disk-pressure',
    'node.kubernetes.io/out-of-service',
    'karpenter.sh/disrupted',
    'ToBeDeletedByClusterAutoscaler',
  ]) {
    it(`whatever ${key} says, for that passes`, () => {
      assert.equal(fits({}, tainted(key, 'NoExecute')), true);
    });
  }
});

describe('a template keeps out of a zone', () => {
  const zone = 'topology.kubernetes.io/zone';
  const rows: readonly (readonly [what: string, spec: PodSpec, keepsOut: boolean])[] = [
    ['not when it asks for nothing', {}, false],
    ['when its node selector names another', { nodeSelector: { [zone]: 'zone-b' } }, true],
    ['not when its node selector names it', { nodeSelector: { [zone]: 'zone-a' } }, false],
    ['when its node affinity names others', one('In', zone, 'zone-b', 'zone-c'), true],
    ['when its node affinity excludes it', one('NotIn', zone, 'zone-a'), true],
    [
      'not when one of several terms lets it',
      required(
        { matchExpressions: [{ key: zone, operator: 'In', values: ['zone-b'] }] },
        { matchExpressions: [{ key: 'disk', operator: 'Exists' }] },
      ),
      false,
    ],
    ['not for a label that a node may yet have', one('In', 'disk', 'sdd'), false],
  ];
  for (const [what, spec, keepsOut] of rows) {
    it(what, () => {
      const template = { spec: { containers: [{ name: 'grill' }], ...spec } };
      assert.equal(keepsOutOf(template, 'zone-a' as ZoneName), keepsOut);
    });
  }
});
