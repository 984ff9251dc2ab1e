import assert from 'node:assert/strict';
import { helmPath, renderChart } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';
import { find } from './rendered.ts';

describe("the chart's rights", function () {
  this.timeout(180_000);

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
  });

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
