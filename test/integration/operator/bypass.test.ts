import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { endpointSlices, services } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { Station } from '../../../operator/api/station.ts';
import { release, repository } from '../../../tools/generate/helm.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const run = promisify(execFile);
const home = release.namespace;
const names = ['pizzeria-bar', 'pizzeria-grill'];
const hubLabels = { 'app.kubernetes.io/name': 'kitchen-hub', 'app.kubernetes.io/component': 'hub' };
const reachingAll = 'test/integration/operator/reachingAll.ts';

const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'kitchen-hub', namespace: home },
  spec: {
    selector: { matchLabels: hubLabels },
    template: {
      metadata: { labels: hubLabels },
      spec: { serviceAccountName: 'kitchen-hub', containers: [{ name: 'envoy', image: 'envoy' }] },
    },
  },
} as KubeObject;

type Service = KubeObject & { readonly spec: { readonly selector?: Readonly<Record<string, string>> } };

describe('kubectl kitchen bypass', function () {
  this.timeout(900_000);
  let stage: Stage;
  /** Credentials of the Job that the chart runs before hubs go. */
  let kubeconfig: string;

  before(async () => {
    stage = await openStage({ nodes: 2, values: ['hub.enabled=true'] });
    kubeconfig = await stage.cluster.kubeconfigFor({ namespace: home, serviceAccount: `${release.name}-hub-bypass` });
    await stage.operator('operator', reachingAll);
    await stage.apply(daemonSet);
    const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' as const }];
    const both = ['bar', 'grill'].map((name) => aStation({ name, replicas: 3, ports: [...ports] }));
    await stage.apply(aKitchen('pizzeria', { survive: { pods: 1 }, hub: {}, stations: both }));
    await lead('hubs');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const bypass = async (...args: readonly string[]): Promise<string> => {
    const program = join(repository, 'operator/cli/main.ts');
    const all = [program, '--kubeconfig', kubeconfig, 'bypass', '--hub-namespace', home, ...args];
    const { stdout } = await run(process.execPath, all, { env: { ...process.env, NO_COLOR: '1' }, timeout: 120_000 });
    return stdout;
  };
  const leading = async (): Promise<readonly string[]> => {
    const found = await Promise.all(names.map((name) => stage.get<Service>(services, name)));
    return found.map(({ spec }) => (spec.selector === undefined ? 'hubs' : 'pods'));
  };
  const lead = (to: 'hubs' | 'pods'): Promise<void> =>
    stage.until(`all Services lead to ${to}`, async () => assert.deepEqual(await leading(), [to, to]));
  const hubSlices = async (): Promise<readonly KubeObject[]> =>
    (await stage.list(endpointSlices)).filter(
      ({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === 'kitchen-operator',
    );
  const saysMissing = (): Promise<void> =>
    stage.until('the stations say that no hub serves them', async () => {
      for (const name of names) {
        const { status } = await stage.get<Station & KubeObject>(stations, name);
        assert.ok(status?.conditions?.some(({ type, status: is }) => type === 'HubMissing' && is === 'True'));
      }
    });

  it('needs --all or --off, and not both', async () => {
    for (const args of [[], ['--all', '--off']]) await assert.rejects(bypass(...args), /give --all .* or --off/);
  });

  it('has an operator that lives lead all Services to their pods, and keep them there', async () => {
    assert.match(await bypass('--all'), /^2 Services lead to hubs\n[^]*all Services lead to their pods/);
    assert.deepEqual(await leading(), ['pods', 'pods']);
    await stage.until('no slice leads to the hubs', async () => assert.deepEqual(await hubSlices(), []));
    await saysMissing();
    assert.deepEqual(await leading(), ['pods', 'pods']);
    assert.match(
      await bypass('--all'),
      /^no Service leads to hubs; DaemonSet kitchen-system\/kitchen-hub is bypassed\n$/,
    );
  });

  it('is over with --off', async () => {
    assert.match(await bypass('--off'), /kitchen-system\/kitchen-hub: Services may lead to these hubs again/);
    await lead('hubs');
  });

  it('leads all Services to their pods where no operator lives, and one that comes keeps them there', async () => {
    await stage.operators[0]?.stop('SIGKILL');
    const said = await bypass('--all');
    assert.match(said, /2 Services lead there yet, and no operator changes that: it is done here/);
    assert.match(said, /Service default\/pizzeria-bar leads to its pods/);
    assert.deepEqual(await leading(), ['pods', 'pods']);
    assert.deepEqual(await hubSlices(), []);
    await stage.operator('second', reachingAll);
    await saysMissing();
    assert.deepEqual(await leading(), ['pods', 'pods']);
  });

  it('is over when the hubs are installed anew', async () => {
    await stage.kubectl('delete', 'daemonset', 'kitchen-hub', '-n', home, '--wait');
    await stage.apply(daemonSet);
    await lead('hubs');
  });
});
