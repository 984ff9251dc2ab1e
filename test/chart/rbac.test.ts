import assert from 'node:assert/strict';
import type { Resource } from '../../operator/api/kubernetes/resource.ts';
import { hubKindNames, kindNamed, kindNames } from '../../operator/observe/kinds.ts';
import type { KindName } from '../../operator/observe/kinds.ts';
import { renderChart } from '../../tools/generate/helm.ts';
import type { Rendered } from '../../tools/generate/helm.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** What is granted besides what the rows of kinds ask for, and why. */
const besides = [
  // Owner references that block deletion, where OwnerReferencesPermissionEnforcement is on.
  'kitchens/finalizers.kitchen.dev update',
  // Demand that follows load is written, and seen in the Station.
  'stations/scale.kitchen.dev patch',
  // Events are written, not watched.
  'events.events.k8s.io create',
  'events.events.k8s.io patch',
  // The Lease of the leader election, which is not watched either.
  'leases.coordination.k8s.io create',
  'leases.coordination.k8s.io get kitchen-operator',
  'leases.coordination.k8s.io update kitchen-operator',
  'leases.coordination.k8s.io patch kitchen-operator',
];

describe('the permissions of the chart', function () {
  this.timeout(180_000);

  for (const values of [[], ['watch.namespaces={grill}']]) {
    it(`are what the rows of kinds ask for, and nothing more ${values.join(' ')}`, async () => {
      const rows = kindNames.filter((name) => !hubKindNames.includes(name)).flatMap(rightsIn);
      assert.deepEqual(grantedBy(await renderChart(...values)), [...rows, ...besides].toSorted());
    });

    it(`are with hubs also what the rows of their kinds ask for ${values.join(' ')}`, async () => {
      const granted = grantedBy(await renderChart(...values, 'hub.enabled=true'));
      const rows = hubKindNames.flatMap(rightsIn);
      assert.deepEqual(
        rows.filter((row) => !granted.includes(row)),
        [],
      );
    });
  }
});

/** What the row of a kind asks for. */
function rightsIn(name: KindName): readonly string[] {
  const { resource, verbs, statusVerbs = [] } = kindNamed(name);
  return [
    ...verbs.map((verb) => `${nameOf(resource)} ${verb}`),
    ...statusVerbs.map((verb) => `${nameOf(resource, '/status')} ${verb}`),
  ];
}

function nameOf({ group, plural }: Resource, subresource = ''): string {
  return group === '' ? `${plural}${subresource}` : `${plural}${subresource}.${group}`;
}

/** The operator's own rules, not those for people. */
function grantedBy(objects: readonly Rendered[]): readonly string[] {
  const roles = objects.filter(({ kind, metadata }) => kind.endsWith('Role') && metadata.name.includes('operator'));
  const rules = roles.flatMap((role) => (role['rules'] ?? []) as readonly Rule[]);
  const lines = rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          resourceNames.map((name) => `${resource}${group === '' ? '' : `.${group}`} ${verb} ${name}`.trimEnd()),
        ),
      ),
    ),
  );
  return lines.toSorted();
}
