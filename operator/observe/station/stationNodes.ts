/*
 * Which nodes are a station's. Pods that run are judged by where they run now and by the template they were made from.
 * The newest template says only whether it can be rolled out: with a typo in its node selector, or while it is rolled
 * out, the station's zones stay as they were.
 */
import type { PodTemplate } from '../../api/podtemplate.ts';
import { ANYWHERE, ZONE_LABEL, zoneOf } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { Moment } from '../moment.ts';
import { observeNode } from '../nodes/nodes.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import type { DeploymentObject, NodeObject, PodObject } from '../objects.ts';
import { takenBy } from '../ownership.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { SnapshotParts } from './parts.ts';
import { lastingTolerations, tolerationsByNode } from '../nodes/tolerations.ts';
import { isUsable } from '../nodes/usable.ts';

/** A node that carries the station's pods, or could. */
export interface StationNode {
  readonly node: ObservedNode;
  /** By the label that it has now. */
  readonly zone: ZoneName;
  readonly takesNewest: boolean;
  /** Takes pods of the template that its zone's Deployment runs; in a zone without one, of a template that any runs. */
  readonly takesRunning: boolean;
  readonly carriesPods: boolean;
}

/** What a Deployment of ours runs, and where. */
export interface RunningTemplate {
  readonly zone: ZoneName;
  readonly template: PodTemplate;
}

/** The station's nodes, and those of all pods that its selectors catch, sorted by name; `own` are its own pods. */
export function observeStationNodes(
  parts: SnapshotParts,
  { owner, own }: { readonly owner: ChildOwner; readonly own: readonly PodObject[] },
  moment: Moment,
): readonly StationNode[] {
  const { template } = parts.station.object.spec;
  const running = runningTemplates(parts.deployments.filter((each) => takenBy(each, owner) === undefined));
  const caught = new Set(parts.pods.map(({ node }) => node));
  const there = tolerationsByNode(own);
  const coming = lastingTolerations(template.spec.tolerations);
  const found: StationNode[] = [];
  for (const object of parts.nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const takesNewest = isUsable(template, object);
    const takesRunning = takesOneOf(running, object);
    const carriesPods = there.has(object.name);
    if (!takesNewest && !takesRunning && !caught.has(object.name)) continue;
    const node = observeNode(object, moment, { template, tolerations: there.get(object.name) ?? [coming] });
    found.push({ node, zone: zoneOfNode(object), takesNewest, takesRunning, carriesPods });
  }
  return found;
}

/** The templates that Deployments run; one without our annotation of its zone is left out. */
export function runningTemplates(deployments: readonly DeploymentObject[]): readonly RunningTemplate[] {
  return deployments.flatMap(({ zone, template }) =>
    zone === undefined ? [] : [{ zone: zone as ZoneName, template: { spec: { containers: [] }, ...template } }],
  );
}

/**
 * Whether the node takes pods of the template that its zone's Deployment runs. If the zone has none: of any
 * Deployment's template, as if it were tied to this zone.
 */
export function takesOneOf(running: readonly RunningTemplate[], node: NodeObject): boolean {
  const zone = zoneOfNode(node);
  const own = running.find((each) => each.zone === zone);
  if (own !== undefined) return isUsable(own.template, node);
  return running.some((each) => isUsable(each.template, node, each.zone === ANYWHERE ? undefined : each.zone));
}

/** The zone that a node is in by its label. */
export function zoneOfNode({ labels }: Pick<NodeObject, 'labels'>): ZoneName {
  return zoneOf(labels[ZONE_LABEL]);
}
