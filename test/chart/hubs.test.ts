import assert from 'node:assert/strict';
import { createMetrics } from '../../operator/report/metrics.ts';
import { hubLabels, hubSeries } from '../../tools/envoy/stats.ts';
import { helmPath, renderChart } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';
import { find, namesOf } from './rendered.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly args: readonly string[];
}

const hubs = 'hub.enabled=true';
const monitored = [hubs, 'metrics.serviceMonitor.enabled=true', 'metrics.serviceMonitor.labels.prometheus=main'];

/** Labels of the series themselves, and those that Prometheus adds. */
const known = new Set([...hubLabels, 'type', 'job', 'namespace', 'pod', 'container']);

async function hubAlerts(): Promise<readonly Rule[]> {
  const rendered = find(await renderChart(hubs, 'metrics.prometheusRule.enabled=true'), 'PrometheusRule');
  const { groups } = rendered['spec'] as { groups: readonly { name: string; rules: readonly Rule[] }[] };
  return groups.find(({ name }) => name === 'kitchen-hubs')?.rules ?? [];
}

function containersOf(objects: readonly Rendered[]): readonly Container[] {
  const { template } = find(objects, 'DaemonSet')['spec'] as {
    template: { spec: { containers: readonly Container[] } };
  };
  return template.spec.containers;
}

describe("the chart's hubs", function () {
  this.timeout(180_000);

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
  });

  it('have metrics on a port that their Envoy listens on, and their admin on none', async () => {
    for (const [index, { ports, args }] of containersOf(await renderChart(hubs)).entries()) {
      const number = index + 1;
      const shared = { name: 'local', containerPort: 19_003 };
      assert.deepEqual(ports, [
        { name: `probe-${number}`, containerPort: 19_000 + number },
        // A port of the pod is named once, and both Envoys listen there.
        ...(number === 1 ? [shared] : []),
        { name: `metrics-${number}`, containerPort: 19_100 + number },
      ]);
      const config = args[args.indexOf('--config-yaml') + 1] ?? '';
      const { admin, staticResources } = JSON.parse(
        config.replaceAll(/"\$\(KITCHEN_HUB_(LOCAL_)?SERVICE_PORT\)"/g, '1'),
      );
      assert.equal(admin.address.socketAddress.address, '127.0.0.1');
      assert.deepEqual(
        new Set(staticResources.listeners.map((each: typeof admin) => Number(each.address.socketAddress.portValue))),
        new Set([...ports, shared].map(({ containerPort }) => containerPort)),
      );
    }
  });

  it('are read by a PodMonitor where there is a ServiceMonitor, unless they are not to be', async () => {
    const objects = await renderChart(...monitored);
    const { metadata, ...monitor } = find(objects, 'PodMonitor');
    assert.equal(metadata.labels?.['prometheus'], 'main');
    const { selector, podMetricsEndpoints } = monitor['spec'] as {
      readonly selector: object;
      readonly podMetricsEndpoints: readonly { readonly port: string; readonly honorLabels: boolean }[];
    };
    assert.deepEqual(selector, (find(objects, 'DaemonSet')['spec'] as { selector: object }).selector);
    const named = new Set(containersOf(objects).flatMap(({ ports }) => ports.map(({ name }) => name)));
    assert.equal(podMetricsEndpoints.length, 2);
    for (const { port, honorLabels } of podMetricsEndpoints) assert.ok(honorLabels && named.has(port), port);
    const own = await renderChart(...monitored, 'metrics.podMonitor.labels.prometheus=big');
    assert.equal(find(own, 'PodMonitor').metadata.labels?.['prometheus'], 'big');
    for (const values of [[hubs], monitored.slice(1), [...monitored, 'metrics.podMonitor.enabled=false']])
      assert.ok(!namesOf(await renderChart(...values)).some((name) => name.startsWith('PodMonitor')), values.join());
  });

  it('raise alerts on series and labels that they, or the operator, have', async () => {
    const rules = await hubAlerts();
    assert.deepEqual(
      rules.map(({ alert }) => alert),
      [
        'KitchenHubWithoutOperator',
        'KitchenHubErrors',
        'KitchenHubOverBound',
        'KitchenHubRetriesSpent',
        'KitchenHubPodsEjected',
        'KitchenHubRefusesUpdate',
      ],
    );
    const { body } = await createMetrics().read();
    for (const { alert, expr, annotations } of rules) {
      const series = [...expr.matchAll(/\b([a-z]+(?:_[a-z]+)+)\{([^}]*)\}/g)];
      assert.ok(series.length > 0, alert);
      for (const [, name = '', selector = ''] of series) {
        assert.ok(hubSeries.includes(name) || body.includes(`# TYPE ${name} `), `${alert}: nobody has ${name}`);
        // Envoys of others have metrics of these names as well.
        if (hubSeries.includes(name)) assert.match(selector, /^job="kitchen-system\/kitchen-hub"/);
        for (const [, label = ''] of selector.matchAll(/(\w+)=/g)) assert.ok(known.has(label), `${alert}: ${label}`);
      }
      const kept = [...expr.matchAll(/ by \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(', '));
      for (const label of kept) assert.ok(known.has(label), `${alert}: ${label}`);
      for (const [, label = ''] of JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g))
        assert.ok(kept.includes(label), `${alert} tells ${label}, which it does not keep`);
    }
  });

  it('raise none, and the operator does, where there are no hubs', async () => {
    const rendered = find(await renderChart('metrics.prometheusRule.enabled=true'), 'PrometheusRule');
    assert.doesNotMatch(JSON.stringify(rendered), /hub/i);
  });

  it('show their metrics to those that may read them, and serve everybody', async () => {
    const policed = [hubs, 'networkPolicy.enabled=true'];
    const policies = (objects: readonly Rendered[]): readonly string[] =>
      namesOf(objects).filter((name) => name.startsWith('NetworkPolicy'));
    assert.equal(policies(await renderChart(...policed)).length, 1);
    const from = { podSelector: { matchLabels: { app: 'prometheus' } } };
    const objects = await renderChart(
      ...policed,
      'networkPolicy.metricsFrom[0].podSelector.matchLabels.app=prometheus',
    );
    assert.equal(policies(objects).length, 2);
    assert.deepEqual((find(objects, 'NetworkPolicy', 'kitchen-hub')['spec'] as { ingress: object }).ingress, [
      { ports: [{ port: 20_000, endPort: 29_999 }, { port: 'probe-1' }, { port: 'probe-2' }, { port: 'local' }] },
      { ports: [{ port: 'metrics-1' }, { port: 'metrics-2' }], from: [from] },
    ]);
  });
});
