import type { PodTemplate } from '../api/podtemplate.ts';
import { showZone } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import type { NodeObject } from './objects.ts';
import { affinityFits, taintsAreTolerated } from './usable.ts';

/** Why none of a zone's nodes takes pods of a template, in words: `no node of zone-a has disk=sdd`. */
export function whyUnfit(template: PodTemplate, zone: ZoneName, nodes: readonly NodeObject[]): string {
  const where = `of ${showZone(zone)}`;
  const missing = Object.entries(template.spec.nodeSelector ?? {})
    .filter(([key, value]) => !nodes.some(({ labels }) => labels[key] === value))
    .map(([key, value]) => `${key}=${value}`);
  if (missing.length > 0) return `no node ${where} has ${missing.join(' or ')}`;
  if (!nodes.some((node) => affinityFits(template, node, zone))) {
    return `no node ${where} fits the template’s required node affinity`;
  }
  const untolerated = new Set(
    nodes.flatMap(({ taints }) =>
      taints
        .filter((taint) => !taintsAreTolerated(template, { taints: [taint] }))
        .map(({ key, value = '', effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`),
    ),
  );
  if (!nodes.some((node) => taintsAreTolerated(template, node))) {
    return `every node ${where} has a taint that the template does not tolerate (${[...untolerated].join(', ')})`;
  }
  return `no node ${where} fits the template’s node selector, node affinity and tolerations at once`;
}
