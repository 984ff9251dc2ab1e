import assert from 'node:assert/strict';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { endpointSlices, services } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { Station } from '../../../operator/api/station.ts';
import { hasEnvoy } from '../../../tools/envoy/binary.ts';
import { addHub, envoyWith, home, hubLabels, hubToken, startHubOperator } from './hubPods.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const name = 'pizzeria-grill';

interface Slice extends KubeObject {
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly nodeName: string;
    readonly conditions: { readonly ready: boolean };
    readonly hints?: {
      readonly forNodes?: readonly { readonly name: string }[];
      readonly forZones?: readonly object[];
    };
  }[];
  readonly ports: readonly { readonly port: number }[];
}
type Service = KubeObject & { readonly spec: { readonly selector?: object; readonly clusterIP: string } };

describe('a Kitchen behind hubs', function () {
  this.timeout(900_000);
  let stage: Stage;
  const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] as const;
  const grill = aStation({ name: 'grill', replicas: 6, ports: [...ports] });

  before(async () => {
    stage = await openStage({ nodes: 2, values: ['hub.enabled=true'] });
    await startHubOperator(stage);
    await stage.apply(aKitchen('pizzeria', { survive: { zones: 1 }, hub: {}, stations: [grill] }));
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const dropHub = async (node: string): Promise<void> =>
    void (await stage.kubectl('delete', 'pod', `hub-${node}`, '-n', home, '--wait=false'));
  const log = (): Promise<readonly { readonly msg: string }[]> => stage.operators[0]?.log() ?? Promise.resolve([]);
  const slices = async (): Promise<readonly Slice[]> =>
    (await stage.list<Slice>(endpointSlices)).filter(
      ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name,
    );
  const hubsListed = async (): Promise<readonly string[]> =>
    (await slices())
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions.ready)
      .map(({ nodeName }) => nodeName)
      .toSorted();
  const selector = async (): Promise<object | undefined> => (await stage.get<Service>(services, name)).spec.selector;
  const conditionsOf = async (): Promise<readonly string[]> =>
    ((await stage.get<Station & KubeObject>(stations, name)).status?.conditions ?? [])
      .filter(({ status }) => status === 'True')
      .map(({ type }) => type);

  it('without any keeps its plain Service, and says so', async () => {
    await stage.until('HubMissing', async () => assert.ok((await conditionsOf()).includes('HubMissing')));
    assert.ok((await selector()) !== undefined);
  });

  it('leads to them as soon as there are some, each for its node, and keeps its address', async () => {
    const { clusterIP } = (await stage.get<Service>(services, name)).spec;
    await addHub(stage, 'zone-a-1');
    await addHub(stage, 'zone-b-1');
    await stage.until('the Service leads to the hubs', async () => {
      assert.equal(await selector(), undefined);
      assert.deepEqual(await hubsListed(), ['zone-a-1', 'zone-b-1']);
    });
    for (const { endpoints } of await slices()) {
      for (const { nodeName, hints } of endpoints) {
        assert.deepEqual(hints?.forNodes, [{ name: nodeName }]);
        assert.equal(hints?.forZones?.length, 1);
      }
    }
    assert.equal((await stage.get<Service>(services, name)).spec.clusterIP, clusterIP);
    await stage.until('it says so', async () => {
      const conditions = await conditionsOf();
      assert.ok(conditions.includes('BehindHub') && conditions.includes('Ready') && !conditions.includes('HubMissing'));
    });
    await stage.settled('pizzeria');
  });

  it('has a real Envoy served that shows the token of its pod', async function () {
    if (!hasEnvoy) this.skip();
    await using envoy = await envoyWith(stage, await hubToken(stage, 'zone-a-1'));
    await stage.until('the Envoy has all pods, its own zone first', async () => {
      assert.equal((await fetch(envoy.probeUrl)).status, 200);
      const clusters = await (await fetch(`${envoy.adminUrl}/clusters`)).text();
      assert.equal([...clusters.matchAll(/:8080::health_flags::healthy/g)].length, 9);
      assert.equal([...clusters.matchAll(/::weight::50/g)].length, 3);
    });
  });

  it('does not have one served whose token is bound to no pod, or is for the API server', async function () {
    if (!hasEnvoy) this.skip();
    const asked = async (): Promise<number> =>
      (await log()).filter(({ msg }) => msg === 'a hub asks for what to serve').length;
    const before = await asked();
    for (const flags of [['--audience=kitchen-hub'], ['--bound-object-kind=Pod', '--bound-object-name=hub-zone-a-1']]) {
      const token = await stage.kubectl('create', 'token', 'kitchen-hub', '-n', home, ...flags);
      await using envoy = await envoyWith(stage, token);
      await stage.until('it is refused', () => assert.match(envoy.log(), /stream to operator closed: 16,/));
      assert.equal(await asked(), before);
    }
  });

  it('is led back to what it was where somebody leads it elsewhere', async () => {
    const [slice] = await slices();
    const patch = [{ op: 'replace', path: '/endpoints/0/addresses/0', value: '10.9.9.9' }];
    await stage.kubectl(
      'patch',
      'endpointslice',
      slice?.metadata.name ?? '',
      '--type=json',
      `--patch=${JSON.stringify(patch)}`,
    );
    await stage.until('the slice is ours again', async () => {
      const addresses = (await slices()).flatMap(({ endpoints }) => endpoints.flatMap((each) => each.addresses));
      assert.ok(!addresses.includes('10.9.9.9'), addresses.join());
      assert.deepEqual(await hubsListed(), ['zone-a-1', 'zone-b-1']);
    });
  });

  it('takes a pod for a hub in the operator’s namespace alone', async () => {
    await stage.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'forged', labels: hubLabels },
      spec: { nodeName: 'zone-c-1', containers: [{ name: 'x', image: 'x' }] },
    } as KubeObject);
    await addHub(stage, 'zone-c-2');
    await stage.until('the real one is listed', async () =>
      assert.deepEqual(await hubsListed(), ['zone-a-1', 'zone-b-1', 'zone-c-2']),
    );
    await stage.kubectl('delete', 'pod', 'forged', '--wait=false');
  });

  it('is not led through them where a NetworkPolicy keeps them out, and is again when that has gone', async () => {
    await stage.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'fence', namespace: 'default' },
      spec: { podSelector: { matchLabels: { 'kitchen.dev/station': 'grill' } }, policyTypes: ['Ingress'] },
    } as KubeObject);
    await stage.until('the Service leads to its pods, and no slice to hubs', async () => {
      assert.ok((await selector()) !== undefined);
      assert.equal((await slices()).flatMap(({ endpoints }) => endpoints ?? []).length, 9);
      const conditions = await conditionsOf();
      assert.ok(conditions.includes('HubConflict') && !conditions.includes('BehindHub'), conditions.join());
    });
    await stage.kubectl('delete', 'networkpolicy', 'fence');
    await stage.until('the Service leads to the hubs', async () => {
      assert.equal(await selector(), undefined);
      assert.ok(!(await conditionsOf()).includes('HubConflict'));
    });
  });

  it('follows a hub that leaves, and selects its pods again when the last has left', async () => {
    await dropHub('zone-a-1');
    await stage.until('one less is listed', async () => assert.deepEqual(await hubsListed(), ['zone-b-1', 'zone-c-2']));
    assert.equal(await selector(), undefined);
    await dropHub('zone-b-1');
    await dropHub('zone-c-2');
    await stage.until('the Service selects its pods', async () => {
      assert.ok((await selector()) !== undefined);
      const listed = (await slices()).flatMap(({ endpoints }) => endpoints ?? []);
      assert.equal(listed.length, 9);
    });
  });

  it('comes back from them, and nothing of them is left', async () => {
    await addHub(stage, 'zone-a-1');
    await stage.until('the Service leads to the hub', async () => assert.equal(await selector(), undefined));
    await stage.apply(aKitchen('pizzeria', { survive: { zones: 1 }, stations: [grill] }));
    await stage.until('nothing is left', async () => {
      assert.ok((await selector()) !== undefined);
      const all = await stage.list<Slice>(endpointSlices);
      assert.deepEqual(
        all
          .map(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'])
          .filter((each) => each !== 'kubernetes'),
        [name],
      );
      assert.deepEqual(
        (await stage.list(services)).map(({ metadata }) => metadata.name).filter((each) => each !== 'kubernetes'),
        [name],
      );
    });
    await stage.settled('pizzeria');
  });
});
