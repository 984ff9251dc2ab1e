import assert from 'node:assert/strict';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client } from '../../operator/kube/client.ts';
import { loadConfig } from '../../operator/kube/config.ts';
import { connect } from '../../operator/kube/connect.ts';
import { messageOf } from '../../operator/kube/errors.ts';
import { recordEvents } from '../../operator/kube/events.ts';
import { elect, usualTerms } from '../../operator/kube/lease.ts';
import { isOwned, ownedFields } from '../../operator/api/kubernetes/managedFields.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { deployments, events, leases } from '../../operator/api/kubernetes/resource.ts';
import { startCluster } from '../../tools/cluster/cluster.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';
import { describeConformance } from '../kube/conformance.ts';
import { eventually } from '../kube/eventually.ts';

const namespace = 'default';

describe('on a real API server', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let client: Client;

  const connected = (): Client =>
    connect({
      config: loadConfig({ kubeconfig: cluster.kubeconfig, clock: systemClock }),
      clock: systemClock,
      userAgent: 'conformance/1',
    });

  before(async function () {
    // The first start on a machine may have to build the binaries.
    this.timeout(30 * 60_000);
    cluster = await startCluster({ zones: 1, nodes: 1 });
    client = connected();
  });
  after(async () => {
    await client?.close();
    await cluster?.[Symbol.asyncDispose]();
  });

  describeConformance(async () => {
    const own = connected();
    return { client: own, namespace, close: () => own.close() };
  });

  it('owns what it applied, and reads back the same intent', async () => {
    const labels = { app: 'grill' };
    const containers = [
      {
        name: 'grill',
        image: 'grill:1',
        ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
        env: [{ name: 'HEAT', value: 'high' }],
        resources: { requests: { cpu: '100m' } },
        readinessProbe: { httpGet: { path: '/', port: 80 } },
      },
    ];
    const template = { metadata: { labels }, spec: { containers, volumes: [{ name: 'tmp', emptyDir: {} }] } };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template };
    const intent = { metadata: { name: 'grill', namespace, labels }, spec };
    const at = { resource: deployments, namespace, name: 'grill' };
    const live = await client.apply(at, intent, { fieldManager: 'conformance', force: true });
    const fields = ownedFields(live, 'conformance') ?? {};
    assert.equal(isOwned(fields, intent), true);
    assert.equal(isOwned(fields, { ...intent, spec: { ...spec, paused: true } } as KubeObject), false);
    await client.remove(at);
  });

  it('is elected, renews and releases', async () => {
    const at = { resource: leases, namespace, name: 'conformance' };
    const stop = new AbortController();
    const told: string[] = [];
    const leadership = elect({
      ...usualTerms,
      lookAgainMs: 100,
      client,
      namespace,
      name: 'conformance',
      identity: 'first',
      clock: systemClock,
      signal: stop.signal,
      onStarted: () => told.push('started'),
      onLost: (why) => told.push(why),
      onError: (error) => told.push(messageOf(error)),
    });
    await eventually(() => leadership.mayWrite());
    const first = await client.get(at);
    let renewed = first;
    while (renewed.metadata.resourceVersion === first.metadata.resourceVersion) renewed = await client.get(at);
    stop.abort();
    await leadership.ended;
    const { spec } = await client.get<KubeObject & { spec: { holderIdentity: string } }>(at);
    assert.equal(spec.holderIdentity, '');
    assert.deepEqual(told, ['started']);
  });

  it('writes events and counts repeats', async () => {
    const errors: string[] = [];
    const recorder = recordEvents({
      client,
      clock: systemClock,
      random: Math.random,
      controller: 'kitchen.dev/conformance',
      instance: 'conformance-0',
      onError: (error) => errors.push(messageOf(error)),
    });
    const regarding = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'menu', uid: 'u-1' };
    const note = { regarding, type: 'Normal', reason: 'Tried', action: 'Try', note: 'once more' } as const;
    for (let repeat = 0; repeat < 3; repeat++) recorder.record(note);
    await recorder.close(5_000);
    assert.deepEqual(errors, []);
    interface Event extends KubeObject {
      readonly note?: string;
      readonly series?: { readonly count: number };
    }
    const { items } = await client.list<Event>({ resource: events, namespace }, { fieldSelector: 'reason=Tried' });
    assert.deepEqual(
      items.map(({ note: text, series }) => [text, series?.count]),
      [['once more', 3]],
    );
  });
});
