import type { PodTemplate } from '../../api/podtemplate.ts';
import { UNZONED, ZONE_LABEL } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import { fitsRequirement } from '../selects.ts';
import type { NodeObject, Requirement, Taint } from '../objects.ts';
import { tolerates } from './tolerations.ts';
import type { Toleration } from './tolerations.ts';

/*
 * Whether a template may run on a node at all. Taints that come and go with a node's state are ignored: a drained or
 * dead node still belongs to its zone.
 */

interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** Taints that come and go; those that announce a node's end are ignored too. */
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

/**
 * Whether the scheduler may place pods of the template on the node, its present state aside. The template of a
 * Deployment is tied to that one's zone; when `tiedTo` names this zone, the tie is ignored, and only what the user
 * wrote decides.
 */
export function isUsable(template: PodTemplate, node: NodeObject, tiedTo?: ZoneName): boolean {
  // An empty zone label names no zone, and yet the node has the label: none of our node affinities would match it.
  if (node.labels[ZONE_LABEL] === '') return false;
  return selectorFits(template, node) && affinityFits(template, node, tiedTo) && taintsAreTolerated(template, node);
}

function selectorFits({ spec }: PodTemplate, node: NodeObject): boolean {
  return Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => node.labels[key] === value);
}

/** * Whether the required node affinity fits the node. Terms are alternatives; a term without requirements fits no node. */
export function affinityFits({ spec }: PodTemplate, node: NodeObject, tiedTo?: ZoneName): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined || required === null) return true;
  const terms: readonly NodeTerm[] = required.nodeSelectorTerms;
  const fields = { 'metadata.name': node.name };
  return terms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    return (
      matchExpressions.every((each) => isTie(each, tiedTo) || fitsRequirement(each, node.labels)) &&
      matchFields.every((requirement) => fitsRequirement(requirement, fields))
    );
  });
}

/**
 * Whether the template itself names the zones it may run in, and this one is not among them. Adding nodes to this zone
 * would not change that.
 */
export function keepsOutOf({ spec }: PodTemplate, zone: ZoneName): boolean {
  const labels = zone === UNZONED ? {} : { [ZONE_LABEL]: zone };
  const selected = spec.nodeSelector?.[ZONE_LABEL];
  if (selected !== undefined && selected !== zone) return true;
  const terms: readonly NodeTerm[] =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const isOut = ({ matchExpressions = [] }: NodeTerm): boolean =>
    matchExpressions.some((each) => each.key === ZONE_LABEL && !fitsRequirement(each, labels));
  return terms.length > 0 && terms.every(isOut);
}

/** The requirement by which a zone's Deployment keeps its pods there. */
function isTie({ key, operator, values = [] }: Requirement, zone: ZoneName | undefined): boolean {
  if (zone === undefined || key !== ZONE_LABEL) return false;
  if (zone === UNZONED) return operator === 'DoesNotExist';
  return operator === 'In' && values.length === 1 && values[0] === zone;
}

/** Whether every taint that would keep pods away for good is tolerated. */
export function taintsAreTolerated(template: PodTemplate, node: Pick<NodeObject, 'taints'>): boolean {
  return node.taints.every(
    (taint) => taint.announces === true || passingTaints.has(taint.key) || isTolerated(template, taint),
  );
}

/** Whether the taint keeps no pod of the template away. */
export function isTolerated({ spec }: PodTemplate, taint: Taint): boolean {
  const tolerations: readonly Toleration[] = spec.tolerations ?? [];
  return taint.effect === 'PreferNoSchedule' || tolerations.some((toleration) => tolerates(toleration, taint));
}
