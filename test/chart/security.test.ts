import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { helmPath, renderChart, repository } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** The first word of a row, by the name of the role; where Kitchens are, the roles of both ways of installing. */
const whereOf: Readonly<Record<string, string>> = {
  'ClusterRole kitchen-operator': 'cluster',
  'Role grill/kitchen-operator': 'Kitchens',
  'Role kitchen-system/kitchen-operator-leader-election': 'own',
  'Role kube-node-lease/kitchen-operator-suspects': 'kube-node-lease',
  'ClusterRole kitchen-operator-hub': 'cluster',
  'Role grill/kitchen-operator-hub-slices': 'Kitchens',
  'Role kitchen-system/kitchen-operator-hub': 'own',
  'Role grill/kitchen-operator-hub-bypass': 'Kitchens',
  'Role kitchen-system/kitchen-operator-hub-bypass-note': 'own',
  'ClusterRole kitchen-edit': 'edit, admin',
  'ClusterRole kitchen-view': 'view',
};

/** The rights of the chart's roles as rows of the tables have them, without the reason. */
function rightsOf(objects: readonly Rendered[]): readonly string[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const name = [kind, [metadata.namespace ?? [], metadata.name].flat().join('/')].join(' ');
    const rules = (object['rules'] ?? []) as readonly Rule[];
    return rules.flatMap((rule) => rowsOf(whereOf[name] ?? `unknown: ${name}`, rule));
  });
}

function rowsOf(where: string, { apiGroups, resources, verbs, resourceNames }: Rule): readonly string[] {
  const named = resourceNames === undefined ? '' : ` named \`${resourceNames.join('`, `')}\``;
  return resources.flatMap((resource) =>
    apiGroups.map(
      (group) => `${where} | \`${[resource, group].filter(Boolean).join('.')}\`${named} | ${verbs.join(', ')}`,
    ),
  );
}

/** Whether it is there only while Helm does something. */
function isOfHook({ metadata }: Rendered): boolean {
  return metadata.annotations?.['helm.sh/hook'] !== undefined;
}

interface Row {
  readonly right: string;
  readonly why: string;
}

/** The rows of the tables of rights; `first`: the head of their first column. */
function rowsIn(text: string, first = 'where'): readonly Row[] {
  const tables = text.split(`| ${first} | resource | verbs | why |\n| --- | --- | --- | --- |\n`).slice(1);
  return tables.flatMap((table) =>
    (/^(?:\|.*\n)+/.exec(table)?.[0] ?? '')
      .trim()
      .split('\n')
      .map((line) => {
        const [where, resource, verbs, why = ''] = line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim());
        return { right: [where, resource, verbs].join(' | '), why };
      }),
  );
}

describe('SECURITY.md', function () {
  this.timeout(180_000);
  let text: string;
  let limited: readonly Rendered[];

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
    text = await readFile(join(repository, 'SECURITY.md'), 'utf8');
    limited = await renderChart('watch.namespaces={grill}');
  });

  it('has a row for each right that the chart gives, and none for a right that it does not give', () => {
    const rights = rightsOf(limited);
    assert.ok(rights.length > 20, rights.join('\n'));
    assert.deepEqual(
      rowsIn(text)
        .map(({ right }) => right)
        .toSorted(),
      rights.toSorted(),
    );
  });

  it('has a row for each right that hubs add', async () => {
    const without = new Set(rightsOf(limited));
    const objects = await renderChart('watch.namespaces={grill}', 'hub.enabled=true');
    const added = rightsOf(objects.filter((object) => !isOfHook(object))).filter((right) => !without.has(right));
    // Rights of one rule share a row.
    const rows = rowsIn(text, 'with hubs').flatMap(({ right }) => {
      const [where = '', resources = '', verbs = ''] = right.split(' | ');
      const shared = resources.includes(' named ') ? [resources] : resources.split(', ');
      return shared.map((resource) => [where, resource, verbs].join(' | '));
    });
    assert.deepEqual(rows.toSorted(), added.toSorted());
  });

  it('has a row for each right of the Job that runs before hubs go', async () => {
    const objects = await renderChart('watch.namespaces={grill}', 'hub.enabled=true');
    const rights = rightsOf(objects.filter(isOfHook));
    const rows = rowsIn(text, 'of the Job').map(({ right }) => right);
    assert.deepEqual(rows.toSorted(), rights.toSorted());
  });

  it('has a row for each right that demand by load adds', async () => {
    const without = new Set(rightsOf(limited));
    const values = ['watch.namespaces={grill}', 'scale.resourceMetrics=true', 'scale.externalMetrics={orders}'];
    const added = rightsOf(await renderChart(...values)).filter((right) => !without.has(right));
    const rows = rowsIn(text, 'with scale').map(({ right }) => right);
    assert.deepEqual(rows.toSorted(), added.toSorted());
  });

  it('says why for each', () => {
    const rows = ['where', 'with hubs', 'with scale', 'of the Job'].flatMap((first) => rowsIn(text, first));
    for (const { right, why } of rows) assert.match(why, /\w{2,}/, right);
  });

  it('says the same of an operator that serves all namespaces: there, one ClusterRole has the rights of both', async () => {
    const wide = (text_: string): string => text_.replace(/^Kitchens \|/, 'cluster |');
    assert.deepEqual(rightsOf(await renderChart()).toSorted(), rightsOf(limited).map(wide).toSorted());
  });

  it('is right that no Secret, no ConfigMap and no wildcard is among them, and that no pod is deleted, run in or evicted', () => {
    for (const { right } of rowsIn(text)) {
      assert.doesNotMatch(right, /\*|secrets|configmaps|pods\/|roles/);
      if (right.includes('`pods`')) assert.doesNotMatch(right, /delete|create/);
    }
  });

  it('is right that only the Lease of leadership can be written', () => {
    const leases = rowsIn(text).filter(({ right }) => right.includes('leases') && !right.includes('named'));
    assert.deepEqual(
      leases.map(({ right }) => right.split(' | ').at(-1)),
      ['create', 'list, watch'],
    );
  });

  it('is right that the chart has one Service, of the type ClusterIP, and no webhook', async () => {
    const objects = await renderChart();
    const services = objects.filter(({ kind }) => kind === 'Service');
    assert.deepEqual(
      services.map((service) => (service['spec'] as { readonly type: string }).type),
      ['ClusterIP'],
    );
    assert.ok(!objects.some(({ kind }) => kind.endsWith('WebhookConfiguration')));
  });

  it('is right that install.yaml enforces the Pod Security level restricted', async () => {
    const manifest = loadAll(await readFile(join(repository, 'manifests/install.yaml'), 'utf8')) as Rendered[];
    const namespace = manifest.find(({ kind }) => kind === 'Namespace');
    assert.equal(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'], 'restricted');
  });
});
