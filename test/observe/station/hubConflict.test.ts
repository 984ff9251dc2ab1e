import assert from 'node:assert/strict';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { hubConflictOf } from '../../../operator/observe/station/hubConflict.ts';
import { keyOf } from '../../../operator/api/kubernetes/key.ts';
import { aService } from '../../builders/childObjects.ts';
import { aStation } from '../../builders/kitchen.ts';
import { aPod } from '../../builders/podObjects.ts';
import { pizzeriaWith } from '../../builders/stores.ts';

const namespace = 'food';
const hubs = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'kitchen-hub' } }, namespaceSelector: {} };
const hubsOfOne = { ...hubs, namespaceSelector: { matchLabels: { name: 'kitchen-system' } } };
const station = aStation({
  ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
  template: { metadata: { labels: { tier: 'hot' } }, spec: { containers: [{ name: 'oven', image: 'oven' }] } },
});
const service = aService({ spec: { ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] } });

function policy(spec: object, name = 'fence'): object {
  const metadata = { namespace, name, uid: `uid of ${name}`, resourceVersion: '1' };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

function conflictAmong(...objects: readonly object[]): string | undefined {
  const stores = pizzeriaWith(station, service, ...objects);
  const key = keyOf({ namespace, name: 'pizzeria-grill' });
  const conflict = hubConflictOf(stores.stations.get(key)!, {
    service: stores.services.get(key),
    pods: stores.pods.byIndex('station', key),
    policies: stores.policies.byIndex('namespace', namespace),
  });
  return conflict && `${conflict.kind} ${conflict.name}: ${conflict.object}`;
}

describe('what speaks against hubs', () => {
  const fenced = 'Policy fence: NetworkPolicy fence';
  const rows: readonly (readonly [what: string, spec: object, conflict: string | undefined])[] = [
    ['a policy that lets nobody in', { podSelector: {} }, fenced],
    ['one that selects by a label of the template', { podSelector: { matchLabels: { tier: 'hot' } } }, fenced],
    [
      'one that selects by a label of ours',
      { podSelector: { matchLabels: { 'kitchen.dev/station': 'grill' } } },
      fenced,
    ],
    ['none that selects other pods', { podSelector: { matchLabels: { tier: 'cold' } } }, undefined],
    ['none about outgoing traffic alone', { podSelector: {}, policyTypes: ['Egress'] }, undefined],
    [
      'one that lets in the pods of its namespace',
      { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
      fenced,
    ],
    [
      'one that lets in all pods of another namespace, which may not be that of the hubs',
      { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'oven' } } }] }] },
      fenced,
    ],
    [
      'one that lets in other pods of all namespaces',
      {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'oven' } } }] }],
      },
      fenced,
    ],
    [
      'one that lets in addresses',
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
      fenced,
    ],
    ['none that lets everybody in', { podSelector: {}, ingress: [{}] }, undefined],
    [
      'none that lets in all namespaces',
      { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] },
      undefined,
    ],
    ['none that lets in hubs of all namespaces', { podSelector: {}, ingress: [{ from: [hubs] }] }, undefined],
    ['none that lets in hubs of one namespace', { podSelector: {}, ingress: [{ from: [hubsOfOne] }] }, undefined],
    ['none that opens the port', { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }, undefined],
    [
      'none that opens a range with it',
      { podSelector: {}, ingress: [{ ports: [{ port: 8000, endPort: 8100 }] }] },
      undefined,
    ],
    [
      'one that opens the Service’s port, not the pods’',
      { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
      fenced,
    ],
    ['one that opens it for UDP', { podSelector: {}, ingress: [{ ports: [{ port: 8080, protocol: 'UDP' }] }] }, fenced],
  ];
  for (const [what, spec, conflict] of rows) {
    it(`is ${what}`, () => assert.equal(conflictAmong(policy(spec)), conflict));
  }

  it('is nothing where another policy lets hubs in: policies add up', () => {
    const open = policy({ podSelector: {}, ingress: [{ from: [hubs] }] }, 'gate');
    assert.equal(conflictAmong(policy({ podSelector: {} }), open), undefined);
  });

  const containers = [{ name: 'oven' }];
  const meshes: readonly (readonly [what: string, pod: object, conflict: string | undefined])[] = [
    ['a sidecar of Istio', { spec: { containers: [...containers, { name: 'istio-proxy' }] } }, 'Mesh Istio'],
    ['a native sidecar', { spec: { containers, initContainers: [{ name: 'linkerd-proxy' }] } }, 'Mesh Linkerd'],
    [
      'a pod in Istio’s ambient mesh',
      { metadata: { annotations: { 'ambient.istio.io/redirection': 'enabled' } } },
      'Mesh Istio',
    ],
    [
      'not a pod that is out of it again',
      { metadata: { annotations: { 'ambient.istio.io/redirection': 'disabled' } } },
      undefined,
    ],
    ['not an init container of another name', { spec: { containers, initContainers: [{ name: 'setup' }] } }, undefined],
  ];
  for (const [what, more, conflict] of meshes) {
    it(`is ${what}`, () => {
      const pod = aPod() as unknown as KubeObject & { readonly spec: object };
      const { spec = {}, metadata = {} } = more as { readonly spec?: object; readonly metadata?: object };
      const meshed = { ...pod, metadata: { ...pod.metadata, ...metadata }, spec: { ...pod.spec, ...spec } };
      const expected = conflict && `${conflict}: Pod ${pod.metadata.name}`;
      assert.equal(conflictAmong(meshed), expected);
    });
  }
});
