import assert from 'node:assert/strict';
import { planKitchenFile } from '../../operator/cli/planFile.ts';
import type { PlannedStation } from '../../operator/cli/planFile.ts';
import { deployments, networkPolicies, nodes, pods, services } from '../../operator/api/kubernetes/resource.ts';
import { stations } from '../../operator/api/resources.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { aDeclaredStation, aKitchen, aStation } from '../builders/kitchen.ts';
import { aDeployment, aService } from '../builders/childObjects.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { aPod } from '../builders/podObjects.ts';

const deploymentsPath = '/apis/apps/v1/namespaces/food/deployments/';

/** Three zones of two nodes. */
function cluster(): FakeClient {
  const client = new FakeClient();
  for (const zone of ['zone-a', 'zone-b', 'zone-c']) {
    for (const index of [1, 2]) {
      const name = `${zone}-${index}`;
      client.put({ resource: nodes, name }, aNode({ name, zone }));
    }
  }
  return client;
}

const kitchen = aKitchen({ survive: { zones: 1 }, stations: [aDeclaredStation({ replicas: 6 })] });

async function planOf(client: FakeClient, of = kitchen): Promise<PlannedStation> {
  const [first, ...others] = await planKitchenFile(of, client, 'food');
  assert.ok(first !== undefined && others.length === 0);
  return first;
}

describe('planKitchenFile', () => {
  it('places the least pods that keep what is declared, on the zones that are there', async () => {
    const { name, plan, refused } = await planOf(cluster());
    assert.equal(name, 'grill');
    assert.equal(plan.target, 9);
    assert.deepEqual([...plan.zoneTargets.values()], [3, 3, 3]);
    assert.deepEqual(plan.problems, []);
    assert.equal(refused, undefined);
  });

  it('of a station that follows load begins with minReplicas, and keeps the demand that is there within bounds', async () => {
    const cpu = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
    } as const;
    const scale = { minReplicas: 4, maxReplicas: 8, metrics: [cpu] };
    const following = aKitchen({ survive: { zones: 1 }, stations: [aDeclaredStation({ scale })] });
    const client = cluster();
    assert.equal((await planOf(client, following)).plan.target, 6);
    const at = { resource: stations, namespace: 'food', name: 'pizzeria-grill' };
    client.put(at, aStation({ replicas: 6 }) as never);
    assert.equal((await planOf(client, following)).plan.target, 9);
    client.put(at, aStation({ replicas: 30 }) as never);
    assert.equal((await planOf(client, following)).plan.target, 12);
  });

  it('of a station that asks for hubs has what speaks against them, and who reads its Service', async () => {
    const client = cluster();
    const policy = { spec: { podSelector: {}, policyTypes: ['Ingress'] } };
    client.put({ resource: networkPolicies, namespace: 'food', name: 'fence' }, policy);
    const ingresses = { ...networkPolicies, plural: 'ingresses', kind: 'Ingress' };
    const front = { spec: { defaultBackend: { service: { name: 'pizzeria-grill' } } } };
    client.put({ resource: ingresses, namespace: 'food', name: 'front' }, front);
    const ports = [{ name: 'http', port: 80, protocol: 'TCP' as const }];
    const station = aDeclaredStation({ replicas: 6, ports });
    const behindHubs = aKitchen({ survive: { zones: 1 }, hub: {}, stations: [station] });
    const { plan, hubReaders } = await planOf(client, behindHubs);
    assert.match(
      plan.problems.map(({ kind, message }) => `${kind}: ${message}`).join(),
      /^HubConflict: NetworkPolicy fence/,
    );
    assert.match(hubReaders.join(), /^Ingress front reads Service pizzeria-grill/);
    assert.deepEqual((await planOf(client, aKitchen({ stations: [station] }))).hubReaders, []);
  });

  it('writes nothing: a Deployment is only shown to the API server', async () => {
    const client = cluster();
    await planOf(client);
    const writes = client.calls.filter(({ verb }) => !['get', 'list'].includes(verb));
    assert.equal(writes.length, 1);
    assert.ok(writes[0]?.path.startsWith(deploymentsPath));
    assert.equal((writes[0]?.options as { dryRun?: boolean } | undefined)?.dryRun, true);
  });

  it('passes on what the API server has against the pods', async () => {
    const client = cluster();
    client.failNext('apply', deploymentsPath, { code: 'invalid', why: 'containers[0].image: Required value' });
    assert.equal((await planOf(client)).refused, 'containers[0].image: Required value');
  });

  it('says that the pods were not checked where the right to write them is missing', async () => {
    const client = cluster();
    const why = 'User "ann" cannot patch resource "deployments" in API group "apps"';
    client.failNext('apply', deploymentsPath, { code: 'forbidden', why });
    const { refused, unchecked } = await planOf(client);
    assert.deepEqual([refused, unchecked], [undefined, why]);
  });

  it('does not report trouble as a refusal', async () => {
    const client = cluster();
    client.failNext('apply', deploymentsPath, { code: 'unavailable', why: 'etcd is away' });
    await assert.rejects(planOf(client), /etcd is away/);
  });

  it('takes demand from the live Station if the file leaves it to an autoscaler, and 1 without a Station', async () => {
    const silent = aKitchen({ survive: { zones: 1 } });
    const client = cluster();
    assert.equal((await planOf(client, silent)).snapshot.station.spec.replicas, 1);
    const { metadata, spec } = aStation({ replicas: 4 });
    client.put({ resource: stations, namespace: 'food', name: metadata.name }, { metadata, spec });
    const { snapshot, plan } = await planOf(client, silent);
    assert.equal(snapshot.station.spec.replicas, 4);
    assert.equal(plan.target, 6);
  });

  it('needs neither the operator nor its CRDs', async () => {
    const client = cluster();
    client.failNext('get', 'stations', { code: 'notServed' });
    assert.equal((await planOf(client)).plan.target, 9);
  });

  it('says that a port leads to no container, and that a template is held back for where the Service leads now', async () => {
    const containers = (port: string): object[] => [{ name: 'main', ports: [{ name: port, containerPort: 8080 }] }];
    const withPorts = (target: string, port: string): typeof kitchen => {
      const template = { spec: { containers: containers(port) } } as never;
      const ports = [{ port: 80, protocol: 'TCP' as const, targetPort: target }];
      return { ...kitchen, spec: { ...kitchen.spec, stations: [aDeclaredStation({ replicas: 6, ports, template })] } };
    };
    const said = async (client: FakeClient, of: typeof kitchen): Promise<readonly (string | undefined)[]> =>
      (await planOf(client, of)).plan.problems.flatMap(({ kind, reason }) =>
        kind === 'PortsNotServed' ? [reason] : [],
      );
    assert.deepEqual(await said(cluster(), withPorts('http', 'web')), ['InNoPod']);
    assert.deepEqual(await said(cluster(), withPorts('web', 'web')), []);
    const client = cluster();
    const { metadata, spec } = aStation();
    client.put({ resource: stations, namespace: 'food', name: metadata.name }, { metadata, spec });
    const service = aService({ spec: { ports: [{ port: 80, targetPort: 'web' }] } });
    client.put({ resource: services, namespace: 'food', name: metadata.name }, service);
    const place = { namespace: 'food', name: 'pizzeria-grill-zone-a' };
    client.put({ resource: deployments, ...place }, aDeployment());
    const pod = aPod({ node: 'zone-a-1', ports: [{ name: 'web', containerPort: 8080 }] });
    client.put({ resource: pods, namespace: 'food', name: pod.metadata.name ?? '' }, pod);
    assert.deepEqual(await said(client, withPorts('web', 'http')), ['HoldsRollout', 'InNoPod']);
  });

  it('says what the cluster lacks to survive the declared losses', async () => {
    const { plan } = await planOf(cluster(), { ...kitchen, spec: { ...kitchen.spec, survive: { zones: 3 } } });
    assert.deepEqual(
      plan.problems.map(({ kind }) => kind),
      ['TooFewZones'],
    );
  });
});
