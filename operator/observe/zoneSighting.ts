import { deploymentName } from '../api/names.ts';
import { ANYWHERE, ZONE_LABEL, zoneOf } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { deploymentView } from './deploymentView.ts';
import type { ObservedNode } from './nodes.ts';
import type { PodObject } from './objects.ts';
import type { PodOwners } from './podOwners.ts';
import { childOf } from './ownership.ts';
import type { Owner } from './ownership.ts';
import type { SnapshotParts } from './parts.ts';
import type { Child, DeploymentView } from './snapshot.ts';

/** A zone of a station at one look, without its past. */
export interface ZoneSighting {
  readonly name: ZoneName;
  readonly standing: ZoneStanding;
  /** Nodes to plan with. */
  readonly nodes: readonly ObservedNode[];
  /** A Deployment of ours is there. */
  readonly hasDeployment: boolean;
  /** Pods of ours run on healthy nodes there, whether or not new ones may. */
  readonly isInhabited: boolean;
}

/** `known`: of the sticky set, may leave it. `outside`: may join it. `fixed`: neither; there is no such set, or `spec.zones` is. */
export type ZoneStanding = 'known' | 'outside' | 'fixed';

/** The same with what is there. */
export interface SightedZone extends ZoneSighting {
  readonly deployment: Child<DeploymentView>;
  /** Pods of its Deployment, by name. */
  readonly pods: readonly PodObject[];
}

/** What zones are seen against. */
export interface ZoneSurroundings {
  readonly parts: SnapshotParts;
  readonly owner: Owner;
  readonly owners: PodOwners;
  /** Nodes to plan with, by name. */
  readonly usable: readonly ObservedNode[];
  /** These, and nodes that carry our pods. */
  readonly nodes: ReadonlyMap<string, ObservedNode>;
}

/** One zone as it is now. */
export function sightZone(
  name: ZoneName,
  standing: ZoneStanding,
  { parts, owner, owners, usable, nodes }: ZoneSurroundings,
): SightedZone {
  const expected = deploymentName(owner.kitchen, owner.station, name);
  const deployment = childOf(parts.deploymentNamed(expected), owner, deploymentView);
  const pods = podsOf(expected, parts.pods, owners).filter(({ ended }) => !ended);
  return {
    name,
    standing,
    nodes: usable.filter((node) => name === ANYWHERE || zoneOfNode(node) === name),
    hasDeployment: deployment.state === 'ours',
    deployment,
    pods,
    isInhabited: pods.some(({ node }) => nodes.get(node)?.state === 'healthy'),
  };
}

/** The zone that a node is in by its label. */
export function zoneOfNode({ object }: ObservedNode): ZoneName {
  return zoneOf(object.labels[ZONE_LABEL]);
}

/** Those of the pods that the Deployment made, by name. */
function podsOf(deployment: string, pods: readonly PodObject[], { deploymentOf }: PodOwners): readonly PodObject[] {
  return pods.filter((pod) => deploymentOf(pod) === deployment).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
