import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { chartValues } from '../../operator/api/chartValues.ts';
import { createMetrics } from '../../operator/report/metrics.ts';
import { chart, helmPath, release, renderChart, repository, runHelm } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';
import { installManifest } from '../../tools/generate/installManifest.ts';
import { readmeWithTable } from '../../tools/generate/valuesTable.ts';

const kindsByDefault = [
  'ClusterRole clusterwide/kitchen-edit',
  'ClusterRole clusterwide/kitchen-operator',
  'ClusterRole clusterwide/kitchen-view',
  'ClusterRoleBinding clusterwide/kitchen-operator',
  'CustomResourceDefinition clusterwide/kitchens.kitchen.dev',
  'CustomResourceDefinition clusterwide/stations.kitchen.dev',
  'Deployment kitchen-system/kitchen-operator',
  'PodDisruptionBudget kitchen-system/kitchen-operator',
  'Role kitchen-system/kitchen-operator-leader-election',
  'Role kube-node-lease/kitchen-operator-suspects',
  'RoleBinding kitchen-system/kitchen-operator-leader-election',
  'RoleBinding kube-node-lease/kitchen-operator-suspects',
  'Service kitchen-system/kitchen-operator-metrics',
  'ServiceAccount kitchen-system/kitchen-operator',
];

const observed = [
  'metrics.serviceMonitor.enabled=true',
  'metrics.serviceMonitor.labels.prometheus=main',
  'metrics.prometheusRule.enabled=true',
  'networkPolicy.enabled=true',
];

function namesOf(objects: readonly Rendered[]): readonly string[] {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? 'clusterwide'}/${metadata.name}`);
  return names.toSorted();
}

function find(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const found = objects.find(
    (object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name,
  );
  assert.ok(found, `no ${kind} ${name ?? ''}`);
  return found;
}

interface PodSpec {
  readonly securityContext: unknown;
  readonly topologySpreadConstraints: readonly { readonly topologyKey: string }[];
  readonly containers: readonly { readonly args: readonly string[]; readonly securityContext: unknown }[];
}

function podOf(objects: readonly Rendered[]): PodSpec {
  return (find(objects, 'Deployment')['spec'] as { template: { spec: PodSpec } }).template.spec;
}

describe('the chart', function () {
  this.timeout(180_000);

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
  });

  it('passes helm lint, which warns of nothing', async () => {
    const said = await runHelm(['lint', chart, '--strict']);
    assert.match(said, /1 chart\(s\) linted, 0 chart\(s\) failed/);
    assert.doesNotMatch(said, /\[(WARNING|ERROR)\]/);
  });

  it('is two replicas with a budget, rights, CRDs and a Service, and no more', async () => {
    assert.deepEqual(namesOf(await renderChart()), kindsByDefault);
  });

  it('leaves the CRDs out when told to', async () => {
    const without = namesOf(await renderChart('crds.install=false'));
    assert.deepEqual(
      without,
      kindsByDefault.filter((name) => !name.startsWith('CustomResourceDefinition')),
    );
  });

  it('installs the CRDs as they are generated, and keeps them when it is uninstalled', async () => {
    const objects = await renderChart();
    for (const plural of ['kitchens', 'stations']) {
      const { metadata, ...rest } = find(objects, 'CustomResourceDefinition', `${plural}.kitchen.dev`);
      const text = await readFile(join(repository, `crds/kitchen.dev_${plural}.yaml`), 'utf8');
      const { metadata: _metadata, ...generated } = load(text) as Rendered;
      assert.deepEqual(rest, generated);
      assert.equal(metadata.annotations?.['helm.sh/resource-policy'], 'keep');
    }
  });

  it('adds a ServiceMonitor, alerts and a NetworkPolicy when asked', async () => {
    const objects = await renderChart(...observed);
    assert.deepEqual(
      namesOf(objects).filter((name) => !kindsByDefault.includes(name)),
      ['NetworkPolicy', 'PrometheusRule', 'ServiceMonitor'].map((kind) => `${kind} kitchen-system/kitchen-operator`),
    );
    assert.equal(find(objects, 'ServiceMonitor').metadata.labels?.['prometheus'], 'main');
  });

  it('alerts on metrics that the operator has, by names that are told apart', async () => {
    const { groups } = find(await renderChart(...observed), 'PrometheusRule')['spec'] as {
      groups: readonly { rules: readonly { alert: string; expr: string }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    assert.deepEqual(
      rules.map(({ alert }) => alert),
      [
        'KitchenStationBelowDemand',
        'KitchenStationNotSurvivable',
        'KitchenOperatorDown',
        'KitchenOperatorWithoutLeader',
        'KitchenReconcileErrors',
      ],
    );
    const { body } = await createMetrics().read();
    for (const name of new Set(rules.flatMap(({ expr }) => expr.match(/\b[a-z]+(_[a-z]+){2,}\b/g) ?? []))) {
      assert.ok(body.includes(`# TYPE ${name} `), `${name} is no metric of the operator`);
    }
  });

  it('runs the operator without any privilege, spread over nodes and zones', async () => {
    const pod = podOf(await renderChart());
    assert.deepEqual(pod.securityContext, {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.deepEqual(pod.containers[0]?.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    assert.deepEqual(
      pod.topologySpreadConstraints.map(({ topologyKey }) => topologyKey),
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'],
    );
  });

  it('hands its values to the operator as flags', async () => {
    const pod = podOf(
      await renderChart('watch.namespaces={grill,bar}', 'log.level=debug', 'log.format=text', 'extraArgs={--a=b}'),
    );
    assert.deepEqual(pod.containers[0]?.args, [
      '--leader-elect',
      '--leader-election-namespace=kitchen-system',
      '--listen=:8080',
      '--log-format=text',
      '--log-level=debug',
      '--namespace=grill',
      '--namespace=bar',
      '--forget-zone-after=6h',
      '--suspect-after=25s',
      '--a=b',
    ]);
  });

  it('hands the operator how long to wait for nodes and zones', async () => {
    const after = async (...values: readonly string[]): Promise<readonly string[] | undefined> =>
      podOf(await renderChart(...values)).containers[0]?.args.filter((flag) => flag.includes('-after='));
    assert.deepEqual(await after('suspectAfter=40s', 'forgetZoneAfter=90m'), [
      '--forget-zone-after=90m',
      '--suspect-after=40s',
    ]);
    for (const [off, flag] of [
      ['0', '0'],
      ['0s', '0s'],
      ['', '0'],
    ] as const)
      assert.equal((await after(`suspectAfter=${off}`))?.[1], `--suspect-after=${flag}`);
  });

  it('hands the operator further signs that a node is about to go', async () => {
    const pod = podOf(await renderChart('leaving.taints={a/b,c}', 'leaving.conditions={GoingSoon}'));
    const flags = pod.containers[0]?.args.filter((flag) => flag.includes('-leaving'));
    assert.deepEqual(flags, ['--leaving-taint=a/b', '--leaving-taint=c', '--leaving-condition=GoingSoon']);
  });

  it('keeps two releases apart by the names of what they make', async () => {
    const text = await runHelm(['template', 'second', chart, '--set', 'rbac.aggregateRoles=false,crds.install=false']);
    const names = [...text.matchAll(/^ {2}name: (.*)$/gm)].map(([, name]) => name);
    assert.ok(
      names.every((name) => name?.startsWith('second-kitchen-operator')),
      names.join(' '),
    );
  });

  it('tells the next steps', async () => {
    const said = await runHelm(['install', release.name, chart, '--dry-run=client', '--namespace', release.namespace]);
    const notes = said.slice(said.indexOf('NOTES:'));
    assert.match(notes, /rollout status deployment\/kitchen-operator/);
    assert.match(notes, /apply --server-side/);
    assert.match(notes, /kubectl kitchen why corner-counter/);
  });
});

describe("the chart's rights", function () {
  this.timeout(180_000);

  interface Rule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }

  const rulesOf = (objects: readonly Rendered[]): readonly (Rule & { readonly role: string })[] =>
    objects.flatMap((object) => {
      const role = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      return ((object['rules'] ?? []) as readonly Rule[]).map((rule) => ({ ...rule, role }));
    });

  for (const values of [[], ['watch.namespaces={grill,bar}']]) {
    it(`have no wildcard, no Secret and no ConfigMap (${values[0] ?? 'all namespaces'})`, async () => {
      const rules = rulesOf(await renderChart(...values));
      assert.ok(rules.length > 10);
      for (const { apiGroups, resources, verbs, role } of rules) {
        const words = [...apiGroups, ...resources, ...verbs];
        assert.ok(!words.some((word) => /\*|^(secrets|configmaps|impersonate|escalate|bind)$/.test(word)), role);
      }
    });
  }

  it('are to read nodes and the names of namespaces only, outside the namespaces it is limited to', async () => {
    const rules = rulesOf(await renderChart('watch.namespaces={grill,bar}', 'rbac.aggregateRoles=false'));
    const wide = rules.filter(({ role }) => role.startsWith('ClusterRole'));
    assert.deepEqual(
      wide.map(({ resources, verbs }) => ({ resources, verbs })),
      [
        { resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { resources: ['namespaces'], verbs: ['list', 'watch'] },
      ],
    );
    assert.deepEqual([...new Set(rules.map(({ role }) => role))].toSorted(), [
      'ClusterRole /kitchen-operator',
      'Role bar/kitchen-operator',
      'Role grill/kitchen-operator',
      'Role kitchen-system/kitchen-operator-leader-election',
      'Role kube-node-lease/kitchen-operator-suspects',
    ]);
  });

  it('are to watch the Leases of nodes, in their namespace alone, unless nodes are not to be suspected', async () => {
    const atLeases = (rules: ReturnType<typeof rulesOf>): readonly object[] =>
      rules.flatMap(({ role, apiGroups, resources, verbs }) =>
        resources.includes('leases') && !role.includes('leader-election')
          ? [{ role, apiGroups, resources, verbs }]
          : [],
      );
    for (const off of ['', '0', '0s'])
      assert.deepEqual(atLeases(rulesOf(await renderChart(`suspectAfter=${off}`))), []);
    const objects = await renderChart();
    const role = 'Role kube-node-lease/kitchen-operator-suspects';
    const [apiGroups, resources, verbs] = [['coordination.k8s.io'], ['leases'], ['list', 'watch']];
    assert.deepEqual(atLeases(rulesOf(objects)), [{ role, apiGroups, resources, verbs }]);
    const binding = find(objects, 'RoleBinding', 'kitchen-operator-suspects');
    assert.equal(binding.metadata.namespace, 'kube-node-lease');
    assert.deepEqual(binding['subjects'], find(objects, 'ClusterRoleBinding')['subjects']);
  });

  it('are none when they are made elsewhere', async () => {
    assert.deepEqual(rulesOf(await renderChart('rbac.create=false', 'rbac.aggregateRoles=false')), []);
  });
});

describe("the chart's values", function () {
  this.timeout(180_000);

  const refused: readonly (readonly [string, RegExp])[] = [
    ['replica=2', /additional properties 'replica' not allowed/],
    ['image.name=x', /additional properties 'name' not allowed/],
    ['replicas=0', /replicas.*minimum: got 0, want 1/s],
    ['replicas=two', /replicas.*got string, want integer/s],
    ['log.level=loud', /log\/level.*must be one of 'error', 'warn', 'info', 'debug'/s],
    ['watch.namespaces={Grill}', /watch\/namespaces\/0.*does not match pattern/s],
    ['watch.namespaces={grill,grill}', /watch\/namespaces.*items at 0 and 1 are equal/s],
    ['metrics.serviceMonitor.interval=often', /interval.*does not match pattern/s],
    ['suspectAfter=25', /suspectAfter.*(got number, want string|value must be 0)/s],
    ['suspectAfter=14s', /suspectAfter.*does not match pattern/s],
    ['suspectAfter=soon', /suspectAfter.*does not match pattern/s],
    ['forgetZoneAfter=', /forgetZoneAfter.*does not match pattern/s],
    ['image=null', /missing property 'image'/],
  ];
  for (const [value, message] of refused) {
    it(`are refused when wrong, with the place named: ${value}`, async () => {
      await assert.rejects(renderChart(value), message);
    });
  }

  it('have defaults that their schema accepts', async () => {
    chartValues.parse(load(await readFile(join(chart, 'values.yaml'), 'utf8')));
  });

  it('may come from a chart that has this one as a dependency', async () => {
    assert.deepEqual(namesOf(await renderChart('global.domain=example.com', 'enabled=true')), kindsByDefault);
  });

  it("are all in the README's table", async () => {
    assert.equal(await readFile(join(chart, 'README.md'), 'utf8'), await readmeWithTable());
  });
});

describe('manifests/install.yaml', function () {
  this.timeout(180_000);

  it('is what the chart renders: run `npm run generate` after a change', async () => {
    const text = await readFile(join(repository, 'manifests/install.yaml'), 'utf8');
    assert.ok(text === (await installManifest()), 'manifests/install.yaml differs from the chart');
  });

  it('names nothing that only Helm reads', async () => {
    assert.doesNotMatch(await readFile(join(repository, 'manifests/install.yaml'), 'utf8'), /helm/i);
  });
});
