import assert from 'node:assert/strict';
import { hubReaders } from '../../operator/cli/hubReaders.ts';
import { labels } from '../../operator/api/labels.ts';
import { FakeClient } from '../builders/fakeClient.ts';

const namespace = 'food';
const service = { namespace, name: 'pizzeria-grill', kitchen: 'pizzeria', station: 'grill' };
const kinds = {
  Ingress: ['networking.k8s.io', 'v1', 'ingresses'],
  HTTPRoute: ['gateway.networking.k8s.io', 'v1', 'httproutes'],
  GRPCRoute: ['gateway.networking.k8s.io', 'v1', 'grpcroutes'],
  ServiceMonitor: ['monitoring.coreos.com', 'v1', 'servicemonitors'],
  TargetGroupBinding: ['elbv2.k8s.aws', 'v1beta1', 'targetgroupbindings'],
} as const;

async function readersAmong(kind: keyof typeof kinds, spec: object): Promise<readonly string[]> {
  const client = new FakeClient();
  const [group, version, plural] = kinds[kind];
  const resource = { group, version, plural, kind, namespaced: true };
  client.put({ resource, namespace, name: 'front' }, { spec });
  return hubReaders(service, client);
}

const backend = (name: string): object => ({ service: { name, port: { number: 80 } } });
const routed = (ref: object): object => ({ rules: [{ backendRefs: [{ name: 'other' }, ref] }] });

describe('what reads the slices of a Service besides kube-proxy', () => {
  const readers: readonly (readonly [kind: keyof typeof kinds, what: string, spec: object])[] = [
    ['Ingress', 'by a path', { rules: [{ http: { paths: [{ backend: backend(service.name) }] } }] }],
    ['Ingress', 'by default', { defaultBackend: backend(service.name) }],
    ['HTTPRoute', 'of the namespace', routed({ name: service.name })],
    ['GRPCRoute', 'that names the namespace', routed({ kind: 'Service', name: service.name, namespace })],
    ['ServiceMonitor', 'by our label', { selector: { matchLabels: { [labels.kitchen]: 'pizzeria' } } }],
    ['TargetGroupBinding', 'by name', { serviceRef: { name: service.name, port: 80 } }],
  ];
  for (const [kind, what, spec] of readers) {
    it(`is a ${kind} ${what}`, async () => {
      const [only, ...others] = await readersAmong(kind, spec);
      assert.deepEqual(others, []);
      assert.match(only ?? '', new RegExp(`^${kind} front reads Service pizzeria-grill: .+: .+`));
    });
  }

  const strangers: readonly (readonly [kind: keyof typeof kinds, what: string, spec: object])[] = [
    ['Ingress', 'for another Service', { rules: [{ http: { paths: [{ backend: backend('other') }] } }] }],
    ['HTTPRoute', 'for a Service of another namespace', routed({ name: service.name, namespace: 'drink' })],
    ['HTTPRoute', 'for another kind of the name', routed({ kind: 'Cache', name: service.name })],
    ['ServiceMonitor', 'for others', { selector: { matchLabels: { [labels.kitchen]: 'bakery' } } }],
  ];
  for (const [kind, what, spec] of strangers) {
    it(`is no ${kind} ${what}`, async () => assert.deepEqual(await readersAmong(kind, spec), []));
  }

  it('is not known where the right to list is missing, and nothing of a kind that is not installed', async () => {
    const client = new FakeClient();
    client.failNext('list', '/ingresses', { code: 'forbidden' });
    client.failNext('list', '/httproutes', { code: 'notServed' });
    assert.deepEqual(await hubReaders(service, client), [
      'whether any Ingress reads Service pizzeria-grill is not known: you may not list ingresses',
    ]);
  });
});
