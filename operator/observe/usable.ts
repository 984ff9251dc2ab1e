import type { PodTemplate } from '../api/podtemplate.ts';
import { ZONE_LABEL } from '../api/zone.ts';
import { fitsRequirement } from './selects.ts';
import type { NodeObject, Requirement, Taint } from './objects.ts';
import { tolerates } from './tolerations.ts';
import type { Toleration } from './tolerations.ts';

/*
 * Whether a template may run on a node at all. Taints that come and go with a node's state are left out: a drained or
 * dead node still belongs to its zone.
 */

interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** Beside those that announce a node's end. */
const passingTaints = new Set([
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/network-unavailable',
  'node.cloudprovider.kubernetes.io/shutdown',
  'node.cloudprovider.kubernetes.io/uninitialized',
  'karpenter.sh/unregistered',
  'DeletionCandidateOfClusterAutoscaler',
]);

/** Whether pods of the template may be scheduled to the node, its present troubles aside. */
export function isUsable(template: PodTemplate, node: NodeObject): boolean {
  // An empty zone label is neither a zone's name nor no label: no affinity of ours would match it.
  if (node.labels[ZONE_LABEL] === '') return false;
  return selectorFits(template, node) && affinityFits(template, node) && taintsAreTolerated(template, node);
}

function selectorFits({ spec }: PodTemplate, node: NodeObject): boolean {
  return Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => node.labels[key] === value);
}

/** Terms are alternatives; a term without any requirement matches no node. */
function affinityFits({ spec }: PodTemplate, node: NodeObject): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined || required === null) return true;
  const terms: readonly NodeTerm[] = required.nodeSelectorTerms;
  const fields = { 'metadata.name': node.name };
  return terms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    return (
      matchExpressions.every((requirement) => fitsRequirement(requirement, node.labels)) &&
      matchFields.every((requirement) => fitsRequirement(requirement, fields))
    );
  });
}

function taintsAreTolerated(template: PodTemplate, node: NodeObject): boolean {
  return node.taints.every(
    (taint) => taint.announces === true || passingTaints.has(taint.key) || isTolerated(template, taint),
  );
}

/** Whether the taint keeps no pod of the template away. */
export function isTolerated({ spec }: PodTemplate, taint: Taint): boolean {
  const tolerations: readonly Toleration[] = spec.tolerations ?? [];
  return taint.effect === 'PreferNoSchedule' || tolerations.some((toleration) => tolerates(toleration, taint));
}
