import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments, services } from '../../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import { release, repository } from '../../../tools/generate/helm.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { holds } from './said.ts';
import { namespace, openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const bar = aStation({ name: 'bar', replicas: 1 });

describe('what cannot be', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ nodes: 1 });
    await stage.operator();
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const station = (name: string): Promise<Station & KubeObject> => stage.get<Station & KubeObject>(stations, name);
  const spoken = (resource: Resource, name: string): Promise<unknown> =>
    stage
      .get<KubeObject & { readonly spec: unknown }>(resource, name)
      .then(({ spec, metadata }) => [
        spec,
        metadata.uid,
        metadata.labels,
        metadata.managedFields?.filter(({ manager = '' }) => manager.startsWith('kitchen')),
      ]);

  it('a Deployment of somebody else under our name is named by a condition, and left alone', async () => {
    const labels = { app: 'other' };
    await stage.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'first-grill-zone-b', labels, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'other' }] } },
      },
    } as KubeObject);
    const before = await spoken(deployments, 'first-grill-zone-b');
    await stage.apply(aKitchen('first', { stations: [aStation({ replicas: 2 }), bar] }));
    await stage.until('the condition names it, and the rest is served', async () => {
      const { status } = await station('first-grill');
      assert.match(
        holds({ status }, 'Ready', { status: 'False', reason: 'NameTaken' }),
        /^Deployment first-grill-zone-b belongs to an unknown owner \(it has no owner reference\); rename the station or the Kitchen/,
      );
      const kitchen = await stage.get<Kitchen & KubeObject>(kitchens, 'first');
      assert.match(holds(kitchen, 'Ready', { status: 'False' }), /grill: Deployment first-grill-zone-b belongs to/);
      holds(await station('first-bar'), 'Ready', { status: 'True' });
      assert.equal(stage.census.running('first-bar').length, 2);
    });
    assert.deepEqual(await spoken(deployments, 'first-grill-zone-b'), before);
  });

  it('a Service of another Kitchen’s station under our name is named with its owner, and left alone', async () => {
    await stage.apply(aKitchen('a-b', { stations: [aStation({ name: 'c', replicas: 1 })] }));
    await stage.settled('a-b');
    const before = await spoken(services, 'a-b-c');
    await stage.apply(aKitchen('a', { stations: [aStation({ name: 'b-c', replicas: 1 })] }));
    await stage.until('the Kitchen says whose the name is', async () => {
      const kitchen = await stage.get<Kitchen & KubeObject>(kitchens, 'a');
      assert.match(
        holds(kitchen, 'Ready', { status: 'False', reason: 'NameTaken' }),
        /Station a-b-c belongs to Kitchen a-b/,
      );
    });
    assert.deepEqual(await spoken(services, 'a-b-c'), before);
    assert.equal(stage.census.running('a-b-c').length, 2);
  });

  it('a Service of somebody else is named by a condition, and left alone; the pods run all the same', async () => {
    const service = { spec: { selector: { app: 'other' }, ports: [{ port: 8080 }] } };
    await stage.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'second-grill', namespace },
      ...service,
    });
    const before = await spoken(services, 'second-grill');
    await stage.apply(aKitchen('second', { stations: [aStation({ replicas: 2 })] }));
    await stage.until('the condition names it', async () => {
      const { status } = await station('second-grill');
      assert.match(
        holds({ status }, 'Ready', { status: 'False', reason: 'NameTaken' }),
        /^Service second-grill belongs to/,
      );
      holds({ status }, 'Available', { status: 'True' });
    });
    assert.deepEqual(await spoken(services, 'second-grill'), before);
  });

  it('a zone without a node is named by a condition, and demand is served from the others', async () => {
    await stage.apply(aKitchen('third', { zones: ['zone-a', 'zone-x'], stations: [aStation({ replicas: 2 })] }));
    await stage.until('the condition names the zone', async () => {
      const { status } = await station('third-grill');
      assert.equal(status?.zones?.find(({ name }) => name === 'zone-x')?.state, 'Missing');
      holds({ status }, 'Available', { status: 'True' });
      assert.equal(stage.census.running('third-grill').length, 3);
      const said = holds({ status }, 'ZoneMissing', { status: 'True' });
      assert.match(said, /^spec\.zones names zone-x, .*correct the name, or add nodes/);
    });
  });

  it('names too long together are refused before anything is made, with how long they may be', async () => {
    const long = aKitchen('a-kitchen-with-a-very-long-name', {
      stations: [aStation({ name: 'and-a-very-long-station' })],
    });
    await assert.rejects(
      stage.apply(long),
      /<kitchen>-<station> may have at most 47 characters.*shorten the Kitchen's name or/,
    );
  });

  it('a second budget over the pods is named by a condition that lasts as long as it', async () => {
    await stage.apply(aKitchen('fourth', { stations: [aStation({ replicas: 2 })] }));
    await stage.settled('fourth');
    const selector = { matchLabels: { 'kitchen.dev/kitchen': 'fourth' } };
    const metadata = { name: 'careful', namespace };
    await stage.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { maxUnavailable: 1, selector },
    } as KubeObject);
    await stage.until('the condition names it', async () => {
      const said = holds(await station('fourth-grill'), 'ForeignBudget', { status: 'True' });
      assert.match(said, /PodDisruptionBudget careful .*remove it or narrow its selector/);
    });
    await stage.kubectl('delete', 'pdb', 'careful');
    await stage.until('the condition is gone', async () => {
      const { status } = await station('fourth-grill');
      assert.ok(!status?.conditions?.some(({ type }) => type === 'ForeignBudget'));
    });
  });
});

describe('a start that cannot be', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ zones: 1, nodes: 1, crds: false });
  });
  after(() => stage?.[Symbol.asyncDispose]());

  /** Starts the operator, which is to end by itself. */
  function start(kubeconfig: string, ...flags: string[]): Promise<{ readonly code: unknown; readonly said: string }> {
    const args = [join(repository, 'operator/main.ts'), `--kubeconfig=${kubeconfig}`, '--listen=off', ...flags];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout) =>
        resolve({ code: error === null ? 0 : error.code, said: stdout }),
      );
    });
  }
  const account = { namespace: release.namespace, serviceAccount: release.name };

  it('without the CRDs ends with how to install them', async () => {
    const { code, said } = await start(await stage.cluster.kubeconfigFor(account), '--leader-elect');
    assert.equal(code, 1);
    assert.match(
      said,
      /does not know the kind Kitchen: install the CRDs first, with kubectl apply --server-side -f crds\//,
    );
  });

  it('without permission ends with what is missing and where it comes from', async () => {
    await stage.kubectl('apply', '--server-side', '-f', join(repository, 'crds'));
    await stage.kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
    const { code, said } = await start(await stage.cluster.kubeconfigFor({ namespace, serviceAccount: 'default' }));
    assert.equal(code, 1);
    assert.match(
      said,
      /no permission to .*list, watch kitchens\.kitchen\.dev; .*Bind the ClusterRole kitchen-operator/,
    );
  });

  it('with a kubeconfig that is not there ends with its name', async () => {
    const { code, said } = await start(join(stage.cluster.dir, 'missing'));
    assert.equal(code, 1);
    assert.match(said, /missing/);
  });
});
