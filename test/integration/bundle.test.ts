import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from 'js-yaml';
import { bundle } from '../../tools/build.ts';
import { release, renderChart, repository } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';
import { startCluster } from '../../tools/cluster/cluster.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';
import { servedAt } from './servedAt.ts';

const { name, namespace } = release;
const rbac = '/apis/rbac.authorization.k8s.io/v1';

/** Where the objects that the bundle needs are made, by their namespace; all others of the chart belong to its pods. */
const collections: Readonly<Record<string, (namespace: string) => string>> = {
  ServiceAccount: (within) => `/api/v1/namespaces/${within}/serviceaccounts`,
  CustomResourceDefinition: () => '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  ClusterRole: () => `${rbac}/clusterroles`,
  ClusterRoleBinding: () => `${rbac}/clusterrolebindings`,
  Role: (within) => `${rbac}/namespaces/${within}/roles`,
  RoleBinding: (within) => `${rbac}/namespaces/${within}/rolebindings`,
};

describe('the bundled operator', function () {
  this.timeout(600_000);
  let cluster: Cluster;

  before(async () => {
    cluster = await startCluster({ zones: 2, nodes: 1, podStartMs: 200 });
    await cluster.api.call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    for (const object of await renderChart()) {
      const collection = collections[object.kind]?.(object.metadata.namespace ?? namespace);
      if (collection !== undefined) await cluster.api.call('POST', collection, object);
    }
    await bundle(join(cluster.dir, 'dist'), ['main']);
  });
  after(() => cluster[Symbol.asyncDispose]());

  it("serves a Kitchen with the chart's flags and service account, and ends within 5 s of SIGTERM", async () => {
    const kubeconfig = await cluster.kubeconfigFor({ namespace, serviceAccount: name });
    const operator = spawn(
      process.execPath,
      [join(cluster.dir, 'dist/main.js'), ...(await flags()), '--listen=127.0.0.1:0', `--kubeconfig=${kubeconfig}`],
      { cwd: cluster.dir, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exit = once(operator, 'exit') as Promise<[number | null, string | null]>;
    try {
      const url = await Promise.race([servedAt(operator.stdout), exit.then(() => assert.fail('it ended'))]);
      await eventually(async () => (await fetch(`${url}/readyz`)).status === 200);
      const text = await readFile(join(repository, 'manifests/samples/smallest.yaml'), 'utf8');
      await cluster.api.call('POST', '/apis/kitchen.dev/v1alpha1/namespaces/default/kitchens', load(text));
      await eventually(async () => (await readyPods(cluster)) === 2);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      assert.match(metrics, /^kitchen_station_demand\{namespace="default",kitchen="corner",station="counter"\} 1$/m);
      assert.match(metrics, /^leader_election_master_status\{name="kitchen-operator"\} 1$/m);
    } finally {
      operator.kill('SIGTERM');
    }
    const [code] = await Promise.race([exit, pause(8_000, [undefined], { ref: false })]);
    if (code === undefined) operator.kill('SIGKILL');
    assert.equal(code, 0);
  });
});

/** What the chart says, but where to listen: several operators may run on this machine. */
async function flags(): Promise<readonly string[]> {
  const deployment = (await renderChart()).find(({ kind }) => kind === 'Deployment') as Rendered & {
    readonly spec: { template: { spec: { containers: readonly { readonly args: readonly string[] }[] } } };
  };
  const [container] = deployment.spec.template.spec.containers;
  return (container?.args ?? []).filter((flag) => !flag.startsWith('--listen'));
}

interface Pod {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function readyPods(cluster: Cluster): Promise<number> {
  const { items } = await cluster.api.call<{ items: readonly Pod[] }>('GET', '/api/v1/namespaces/default/pods');
  const isReady = ({ status }: Pod): boolean =>
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  return items.filter(isReady).length;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'did not come true within 120 s');
    await pause(100);
  }
}
