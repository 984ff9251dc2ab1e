import assert from 'node:assert/strict';
import { bypassHubs } from '../../operator/cli/bypass.ts';
import { HUB_DAEMON_SET, HUB_PORTS_OBJECT } from '../../operator/api/hub.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { configMaps, daemonSets, endpointSlices, services } from '../../operator/api/kubernetes/resource.ts';
import { childLabels, fieldManagers, labels } from '../../operator/api/labels.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { ownedByKitchen } from '../builders/kitchen.ts';

const [namespace, home, name] = ['food', 'kitchen-system', 'pizzeria-grill'];
const ready = { conditions: { ready: true } };
const hubSlice = { resource: endpointSlices, namespace, name: `${name}-hub-zone-a-0` };

/** A Service behind hubs, whose pods its headless Service lists, and no operator. */
function behindHubs(): FakeClient {
  const client = new FakeClient();
  client.put({ resource: daemonSets, namespace: home, name: HUB_DAEMON_SET }, {});
  client.put({ resource: configMaps, namespace: home, name: HUB_PORTS_OBJECT }, {});
  const given = childLabels('pizzeria', 'grill');
  const metadata = { namespace, name, labels: given, ownerReferences: [ownedByKitchen()] };
  client.put({ resource: services, namespace, name }, { metadata, spec: {} });
  const own = { ...given, [labels.sliceService]: name, [labels.sliceManagedBy]: fieldManagers.operator };
  client.put(hubSlice, { metadata: { namespace, labels: own }, endpoints: [ready] });
  listPods(client, `${name}-pods`, 2);
  return client;
}

/** As Kubernetes does for a Service with a selector. */
function listPods(client: FakeClient, service: string, many: number): void {
  const at = { resource: endpointSlices, namespace, name: `${service}-x` };
  const own = { [labels.sliceService]: service, [labels.sliceManagedBy]: 'endpointslice-controller.k8s.io' };
  const endpoints = Array.from({ length: many }, () => ready);
  client.put(at, { metadata: { namespace, labels: own }, endpoints });
}

async function bypass(client: FakeClient, onSleep: () => void = () => undefined): Promise<readonly string[]> {
  const said: string[] = [];
  let nowMs = 0;
  const clock = {
    monotonicMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
      onSleep();
    },
  };
  const say = (line: string): void => void said.push(line);
  await bypassHubs({ client, clock, namespace: undefined, hubNamespace: undefined, say });
  return said;
}
const selectorOf = async (client: FakeClient): Promise<unknown> =>
  ((await client.get({ resource: services, namespace, name })) as unknown as { spec: { selector?: unknown } }).spec
    .selector;
const isListed = (client: FakeClient): boolean => client.writes.every((write) => !write.startsWith('remove'));

describe('a way past the hubs, without an operator', () => {
  it('keeps the slices of the hubs until Kubernetes lists all pods that are ready', async () => {
    const client = behindHubs();
    let sleeps = 0;
    let wasListedWithOne = false;
    const said = await bypass(client, () => {
      sleeps += 1;
      if (sleeps === 30) listPods(client, name, 1);
      if (sleeps === 40) wasListedWithOne = isListed(client);
      if (sleeps === 40) listPods(client, name, 2);
    });
    assert.ok(wasListedWithOne);
    assert.notEqual(await selectorOf(client), undefined);
    assert.ok(client.writes.some((write) => write.startsWith('remove') && write.endsWith(hubSlice.name)));
    assert.match(said.join('\n'), /Service food\/pizzeria-grill leads to its pods\nall Services lead to their pods/);
  });

  it('fails, and leaves them, where Kubernetes does not', async () => {
    const client = behindHubs();
    await assert.rejects(
      bypass(client),
      /the slices of the hubs stay for food\/pizzeria-grill: .*kube-controller-manager/,
    );
    assert.ok(isListed(client));
  });

  it('fails, and leaves them, where something takes the selector away again', async () => {
    const client = behindHubs();
    listPods(client, name, 2);
    client.admit = (object) => (object.kind === 'Service' ? ({ ...object, spec: {} } as KubeObject) : object);
    await assert.rejects(bypass(client), /the slices of the hubs stay for/);
    assert.ok(isListed(client));
  });

  it('takes away what an operator without hubs has left', async () => {
    const client = behindHubs();
    const selector = { [labels.kitchen]: 'pizzeria' };
    const object = await client.get({ resource: services, namespace, name });
    client.put({ resource: services, namespace, name }, { ...object, spec: { selector } });
    listPods(client, name, 2);
    await bypass(client);
    assert.ok(!isListed(client));
  });

  it('leaves a Service alone that has the labels and is no Kitchen’s', async () => {
    const client = behindHubs();
    const object = await client.get({ resource: services, namespace, name });
    client.put(
      { resource: services, namespace, name },
      { ...object, metadata: { ...object.metadata, ownerReferences: [] } },
    );
    assert.deepEqual(await bypass(client), [
      'no Service leads to hubs; DaemonSet kitchen-system/kitchen-hub is bypassed',
    ]);
    assert.equal(await selectorOf(client), undefined);
  });
});
