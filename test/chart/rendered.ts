import assert from 'node:assert/strict';
import type { Rendered } from '../../tools/generate/helm.ts';

/** What the chart makes when no value is given. */
export const kindsByDefault = [
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

/** Kind, namespace and name of each object, sorted. */
export function namesOf(objects: readonly Rendered[]): readonly string[] {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? 'clusterwide'}/${metadata.name}`);
  return names.toSorted();
}

/** The first object of the kind, or of the kind and name; fails when there is none. */
export function find(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const found = objects.find(
    (object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name,
  );
  assert.ok(found, `no ${kind} ${name ?? ''}`);
  return found;
}
