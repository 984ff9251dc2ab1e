import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { issueFor } from '../../../operator/xds/certificates.ts';

/** A metrics API in this process, as the API server sees one. */
export interface FakeMetrics extends AsyncDisposable {
  /** What makes the API server ask it: a Service without pods that leads to this machine, and an APIService. */
  readonly objects: readonly KubeObject[];
  /** Cores that all pods use together: those that carry load share them alike. */
  cores: number;
  /** It answers no more. */
  isGone: boolean;
}

const group = 'metrics.k8s.io';

/** Serves metrics.k8s.io/v1beta1. `carriers`: labels of each pod that carries load, by its name. */
export async function startFakeMetrics(
  carriers: () => ReadonlyMap<string, Readonly<Record<string, string>>>,
): Promise<FakeMetrics> {
  const { key, cert } = await issueFor('localhost', Date.now());
  const fake = { cores: 0, isGone: false };
  const server = createServer({ key, cert }, ({ url = '' }, answer) => {
    if (fake.isGone) return json(answer, 503, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 503 });
    if (!url.includes('/namespaces/')) return json(answer, 200, resources);
    const pods = [...carriers()];
    return json(answer, 200, {
      kind: 'PodMetricsList',
      apiVersion: `${group}/v1beta1`,
      metadata: {},
      items: pods.map(([name, labels]) =>
        metricsOf({ name, labels, nanocores: Math.round((fake.cores / pods.length) * 1e9) }),
      ),
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    objects: objectsFor(port),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

const resources = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: `${group}/v1beta1`,
  resources: [{ name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] }],
};

function metricsOf({ name, labels, nanocores }: { name: string; labels: object; nanocores: number }): object {
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;
  const containers = [{ name: 'main', usage: { cpu: `${nanocores}n`, memory: '64Mi' } }];
  return { metadata: { name, namespace: 'default', labels }, timestamp, window: '1s', containers };
}

function objectsFor(port: number): readonly KubeObject[] {
  const service = { name: 'fake-metrics', namespace: 'kube-system' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: service,
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
    } as KubeObject,
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1beta1.${group}` },
      spec: {
        group,
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { ...service, port },
      },
    } as KubeObject,
  ];
}

function json(answer: ServerResponse, status: number, body: object): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
