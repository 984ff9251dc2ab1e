import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { dump, load } from 'js-yaml';
import { configMaps, nodes, secrets } from '../../operator/api/kubernetes/resource.ts';
import { preflight } from '../../operator/run/preflight.ts';
import { chart, release, repository, runHelm } from '../../tools/generate/helm.ts';
import { startCluster } from '../../tools/cluster/cluster.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';
import { asAccount, bind, mayDo } from './rights.ts';
import type { Asked } from './rights.ts';

const run = promisify(execFile);
const { name, namespace } = release;
const kitchen = 'kitchens.kitchen.dev';
const station = 'stations.kitchen.dev';
const kitchens = '/apis/kitchen.dev/v1alpha1/namespaces/default/kitchens';
const crds = [kitchen, station].map((crd) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd}`);

interface Stored {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly readyReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface CrdWithColumns {
  readonly spec: { readonly versions: readonly { readonly additionalPrinterColumns: unknown[] }[] };
}

const corner = {
  apiVersion: 'kitchen.dev/v1alpha1',
  kind: 'Kitchen',
  metadata: { name: 'corner' },
  spec: { stations: [{ name: 'counter', template: { spec: { containers: [{ name: 'counter', image: 'a' }] } } }] },
};

describe('the chart on a control plane', function () {
  this.timeout(600_000);
  let cluster: Cluster;

  before(async () => {
    cluster = await startCluster({ zones: 3, nodes: 1, podStartMs: 200 });
    for (const [made, level] of [
      [namespace, 'restricted'],
      ['grill', 'privileged'],
      ['limited', 'restricted'],
    ]) {
      const labels = { 'pod-security.kubernetes.io/enforce': level };
      await cluster.api.call('POST', '/api/v1/namespaces', { metadata: { name: made, labels } });
    }
  });
  after(() => cluster[Symbol.asyncDispose]());

  const helm = (...args: readonly string[]): Promise<string> => runHelm(args, { KUBECONFIG: cluster.kubeconfig });
  const read = (path: string): Promise<Stored> => cluster.api.call<Stored>('GET', path);
  const isAllowed = (asked: Asked): Promise<boolean> => mayDo(cluster, asked);

  it('is also a manifest, every field of which the API server knows', async () => {
    const file = join(repository, 'manifests/install.yaml');
    const args = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--filename', file];
    const { stdout } = await run(cluster.bin.kubectl, args, {
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
      timeout: 60_000,
    });
    assert.match(stdout, /deployment\.apps\/kitchen-operator serverside-applied \(server dry run\)/);
  });

  it('installs: two replicas that a restricted namespace admits, on different nodes', async () => {
    await helm('install', name, chart, '--namespace', namespace, '--wait', '--timeout', '180s');
    const deployment = await read(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
    assert.equal(deployment.status.readyReplicas, 2);
    const { items } = await cluster.api.call<{ items: readonly Stored[] }>(
      'GET',
      `/api/v1/namespaces/${namespace}/pods`,
    );
    assert.equal(new Set(items.map(({ spec }) => spec.nodeName)).size, 2);
  });

  it('brings the CRDs, which are established', async () => {
    for (const crd of crds) {
      const { status } = await read(crd);
      assert.equal(status.conditions?.find(({ type }) => type === 'Established')?.status, 'True', crd);
    }
  });

  it('gives its service account all that the operator looks for before it starts', async () => {
    const serviceAccount = { namespace, serviceAccount: name };
    await asAccount(cluster, serviceAccount, async (client) => {
      const start = { client, server: cluster.server, namespaces: [], leaseNamespace: namespace };
      await preflight({ ...start, readsLeases: true });
    });
  });

  it('does not let its service account read Secrets or ConfigMaps anywhere', async () => {
    await asAccount(cluster, { namespace, serviceAccount: name }, async (client) => {
      await client.list({ resource: nodes });
      for (const resource of [secrets, configMaps]) {
        for (const where of [undefined, 'default', namespace]) {
          const scope = where === undefined ? { resource } : { resource, namespace: where };
          await assert.rejects(client.list(scope), /cannot list resource "(secrets|configmaps)"/);
        }
      }
    });
  });

  const operator = `system:serviceaccount:${namespace}:${name}`;
  const rights: readonly (readonly [boolean, string, string, string])[] = [
    [true, 'patch', 'deployments.apps', 'default'],
    [true, 'create', 'deployments.apps', 'default'],
    [true, 'patch', 'pods', 'default'],
    [true, 'get', 'nodes', ''],
    [true, 'watch', 'namespaces', ''],
    [false, 'delete', 'namespaces', ''],
    [true, 'get', 'kitchens.kitchen.dev', 'default'],
    [true, 'get', 'stations.kitchen.dev', 'default'],
    [true, 'get', 'deployments.apps', 'default'],
    [true, 'get', 'services', 'default'],
    [true, 'get', 'poddisruptionbudgets.policy', 'default'],
    [true, 'update', 'kitchens.kitchen.dev/finalizers', 'default'],
    [true, 'get', 'leases.coordination.k8s.io#kitchen-operator', namespace],
    [true, 'patch', 'leases.coordination.k8s.io#kitchen-operator', namespace],
    [false, 'patch', 'leases.coordination.k8s.io#other', namespace],
    [false, 'create', 'leases.coordination.k8s.io', 'default'],
    [false, 'patch', 'kitchens.kitchen.dev', 'default'],
    [false, 'delete', 'kitchens.kitchen.dev', 'default'],
    [false, 'create', 'pods', 'default'],
    [false, 'delete', 'pods', 'default'],
    [false, 'create', 'pods/exec', 'default'],
    [false, 'create', 'pods/eviction', 'default'],
    [false, 'create', 'serviceaccounts/token', namespace],
    [false, 'patch', 'nodes', ''],
    [false, 'patch', 'customresourcedefinitions.apiextensions.k8s.io', ''],
    [false, 'create', 'clusterrolebindings.rbac.authorization.k8s.io', ''],
  ];
  for (const [allowed, verb, resource, where] of rights) {
    it(`${allowed ? 'lets' : 'does not let'} the operator ${verb} ${resource} in ${where || 'the cluster'}`, async () => {
      assert.equal(await isAllowed({ verb, resource, as: operator, where }), allowed);
    });
  }

  it('lets whoever may edit or view a namespace do so with its Kitchens, once the roles are aggregated', async () => {
    for (const role of ['edit', 'view', 'admin']) await bind(cluster, { role, namespace: 'default' });
    const may = (role: string, verb: string, resource: string): Promise<boolean> =>
      isAllowed({ verb, resource, as: `${role}-person`, where: 'default' });
    const first = (role: string): Promise<boolean> => may(role, 'list', kitchen);
    await eventually(async () => (await Promise.all(['edit', 'view', 'admin'].map(first))).every(Boolean));
    for (const verb of ['create', 'get', 'list', 'watch', 'update', 'patch', 'delete']) {
      assert.ok(await may('edit', verb, kitchen), `edit ${verb}`);
      assert.ok(await may('admin', verb, kitchen), `admin ${verb}`);
      assert.equal(await may('view', verb, kitchen), ['get', 'list', 'watch'].includes(verb), `view ${verb}`);
    }
    assert.ok(await may('edit', 'patch', `${station}/scale`));
    assert.ok(await may('view', 'get', station));
    assert.ok(!(await may('view', 'patch', `${station}/scale`)));
    assert.ok(!(await may('edit', 'patch', `${station}/status`)));
    assert.ok(!(await isAllowed({ verb: 'create', resource: kitchen, as: 'edit-person', where: 'grill' })));
  });

  it('upgrades without touching what people made', async () => {
    const { metadata } = await cluster.api.call<Stored>('POST', kitchens, corner);
    await helm(
      'upgrade',
      name,
      chart,
      '--namespace',
      namespace,
      '--set',
      'log.level=debug',
      '--wait',
      '--timeout',
      '180s',
    );
    const { stdout } = await run(
      cluster.bin.kubectl,
      [
        'get',
        `deployment/${name}`,
        '--namespace',
        namespace,
        '--output',
        'jsonpath={.spec.template.spec.containers[0].args}',
      ],
      { env: { ...process.env, KUBECONFIG: cluster.kubeconfig } },
    );
    assert.match(stdout, /--log-level=debug/);
    assert.equal((await read(`${kitchens}/corner`)).metadata.uid, metadata.uid);
  });

  it('upgrades the CRDs of an older chart', async () => {
    const columnsOf = async (): Promise<readonly unknown[]> => {
      const { spec } = await cluster.api.call<CrdWithColumns>('GET', crds[0] ?? '');
      return spec.versions[0]?.additionalPrinterColumns ?? [];
    };
    const wanted = await columnsOf();
    const older = await chartWithOlderCrd(cluster.dir);
    await helm('upgrade', name, older, '--namespace', namespace, '--wait', '--timeout', '180s');
    assert.equal((await columnsOf()).length, wanted.length - 1);
    await helm('upgrade', name, chart, '--namespace', namespace, '--wait', '--timeout', '180s');
    assert.deepEqual(await columnsOf(), wanted);
  });

  it('limits a second operator to the namespaces named, beside the first', async () => {
    const values = 'suspectAfter=0,watch.namespaces={grill},crds.install=false,rbac.aggregateRoles=false';
    await helm('install', 'second', chart, '--namespace', 'limited', '--set', values, '--wait', '--timeout', '180s');
    const account = { namespace: 'limited', serviceAccount: 'second-kitchen-operator' };
    const start = { server: cluster.server, leaseNamespace: 'limited', readsLeases: false };
    await asAccount(cluster, account, async (client) => {
      await preflight({ ...start, client, namespaces: ['grill'] });
      await assert.rejects(
        preflight({ ...start, client, namespaces: ['grill'], readsLeases: true }),
        /no permission to list, watch leases\.coordination\.k8s\.io in kube-node-lease\. .* --suspect-after 0/,
      );
      await assert.rejects(
        preflight({ ...start, client, namespaces: [] }),
        /no permission to .*kitchens\.kitchen\.dev/,
      );
      await assert.rejects(preflight({ ...start, client, namespaces: ['default'] }), /deployments\.apps in default/);
      await assert.rejects(client.list({ resource: secrets, namespace: 'grill' }), /cannot list/);
    });
    await helm('uninstall', 'second', '--namespace', 'limited', '--wait');
  });

  it('leaves CRDs and Kitchens when it is uninstalled, and can be installed again', async () => {
    const { metadata } = await read(`${kitchens}/corner`);
    await helm('uninstall', name, '--namespace', namespace, '--wait');
    await assert.rejects(read(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`), /not found/);
    for (const crd of crds) await read(crd);
    assert.equal((await read(`${kitchens}/corner`)).metadata.uid, metadata.uid);
    await helm('install', name, chart, '--namespace', namespace, '--wait', '--timeout', '180s');
    await helm('uninstall', name, '--namespace', namespace, '--wait');
    await helm('install', 'again', chart, '--namespace', namespace, '--take-ownership', '--wait', '--timeout', '180s');
    assert.equal((await read(`${kitchens}/corner`)).metadata.uid, metadata.uid);
  });
});

/** A copy of the chart whose CRD of Kitchens has not yet got its last column. */
async function chartWithOlderCrd(dir: string): Promise<string> {
  const older = join(dir, 'older-chart');
  await cp(chart, older, { recursive: true });
  const file = join(older, 'templates/crds/kitchen.dev_kitchens.yaml');
  const [guard = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const crd = load(lines.slice(0, -1).join('\n')) as CrdWithColumns;
  for (const version of crd.spec.versions) version.additionalPrinterColumns.pop();
  await writeFile(file, [guard, dump(crd, { noRefs: true, lineWidth: -1 }), lines.at(-1)].join('\n'));
  return older;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'did not come true within 120 s');
    await pause(100);
  }
}
