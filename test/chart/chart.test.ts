import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { readSettings } from '../../operator/run/settings.ts';
import { createMetrics } from '../../operator/report/metrics.ts';
import { chart, helmPath, release, renderChart, repository, runHelm } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';
import { find, kindsByDefault, namesOf } from './rendered.ts';

const observed = [
  'metrics.serviceMonitor.enabled=true',
  'metrics.serviceMonitor.labels.prometheus=main',
  'metrics.prometheusRule.enabled=true',
  'networkPolicy.enabled=true',
];

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
        'KitchenStationLoadUnknown',
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

  it('lets the operator ask pods for their metrics when told to', async () => {
    const flags = async (...values: readonly string[]): Promise<readonly string[]> =>
      podOf(await renderChart(...values)).containers[0]?.args.filter((flag) => flag.startsWith('--scale')) ?? [];
    assert.deepEqual(await flags(), []);
    const allowed = await flags('scale.podMetrics=true');
    assert.deepEqual(allowed, ['--scale-pod-metrics']);
    assert.equal(readSettings(allowed, {}).scalePodMetrics, true);
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

  it('makes an operator of several, with a Lease of its own, from a label selector as text or as an object', async () => {
    const object = [
      'watch.namespaceSelector.matchLabels.kitchen\\.dev/shard=a',
      'watch.namespaceSelector.matchExpressions[0].key=tier',
      'watch.namespaceSelector.matchExpressions[0].operator=NotIn',
      'watch.namespaceSelector.matchExpressions[0].values={test,old}',
      'watch.namespaceSelector.matchExpressions[1].key=paused',
      'watch.namespaceSelector.matchExpressions[1].operator=DoesNotExist',
    ];
    const rows = [
      [['watch.namespaceSelector=kitchen.dev/shard in (a\\,b)'], 'kitchen.dev/shard in (a,b)'],
      [object, 'kitchen.dev/shard=a,tier notin (test,old),!paused'],
    ] as const;
    for (const [values, selector] of rows) {
      const objects = await renderChart('fullnameOverride=kitchens-a', ...values);
      const flags = podOf(objects).containers[0]?.args ?? [];
      assert.ok(flags.includes(`--namespace-selector=${selector}`), flags.join(' '));
      assert.ok(flags.includes('--leader-election-name=kitchens-a'), flags.join(' '));
      assert.ok(!flags.some((flag) => flag.startsWith('--namespace=')));
      readSettings(flags, {});
      const { rules } = find(objects, 'Role', 'kitchens-a-leader-election') as unknown as {
        readonly rules: readonly { readonly resourceNames?: readonly string[] }[];
      };
      assert.deepEqual(rules[1]?.resourceNames, ['kitchens-a']);
      assert.ok(((find(objects, 'ClusterRole', 'kitchens-a')['rules'] ?? []) as readonly unknown[]).length > 5);
    }
  });

  it('tells the next steps', async () => {
    const said = await runHelm(['install', release.name, chart, '--dry-run=client', '--namespace', release.namespace]);
    const notes = said.slice(said.indexOf('NOTES:'));
    assert.match(notes, /rollout status deployment\/kitchen-operator/);
    assert.match(notes, /apply --server-side/);
    assert.match(notes, /kubectl kitchen why corner-counter/);
  });
});
