import type { PodTemplate } from '../../api/podtemplate.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { NodeObject } from '../objects.ts';
import { affinityFits, taintsAreTolerated } from '../nodes/usable.ts';

/** Why none of these nodes of a zone takes pods of a template, in words: `no node has disk=sdd`. */
export function whyUnfit(template: PodTemplate, zone: ZoneName, nodes: readonly NodeObject[]): string {
  const missing = Object.entries(template.spec.nodeSelector ?? {})
    .filter(([key, value]) => !nodes.some(({ labels }) => labels[key] === value))
    .map(([key, value]) => `${key}=${value}`);
  if (missing.length > 0) return `no node has ${missing.join(' or ')}`;
  if (!nodes.some((node) => affinityFits(template, node, zone))) return 'no node fits the required node affinity';
  if (!nodes.some((node) => taintsAreTolerated(template, node))) {
    return `every node has a taint that is not tolerated (${untolerated(template, nodes).join(', ')})`;
  }
  return 'no node fits node selector, required node affinity and tolerations at once';
}

function untolerated(template: PodTemplate, nodes: readonly NodeObject[]): readonly string[] {
  const taints = nodes
    .flatMap((node) => node.taints)
    .filter((taint) => !taintsAreTolerated(template, { taints: [taint] }));
  return [
    ...new Set(taints.map(({ key, value = '', effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`)),
  ];
}
