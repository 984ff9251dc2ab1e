import { deploymentName } from '../api/names.ts';
import { ANYWHERE } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { deploymentView } from './deploymentView.ts';
import type { ObservedNode } from './nodes.ts';
import type { PodObject } from './objects.ts';
import type { PodOwners } from './podOwners.ts';
import { childOf } from './ownership.ts';
import type { Owner } from '../model/owner.ts';
import type { SnapshotParts } from './parts.ts';
import type { Child, DeploymentView } from '../model/child.ts';
import { hasTwoTemplates } from '../model/rolling.ts';
import type { StationNode } from './stationNodes.ts';
import { keepsOutOf } from './usable.ts';

/** A zone of a station at one look, without its past. */
export interface ZoneSighting {
  readonly name: ZoneName;
  readonly standing: ZoneStanding;
  /** Nodes to plan with. */
  readonly nodes: readonly ObservedNode[];
  /** Nodes that carry pods of ours there, whether or not they take more. */
  readonly carrying: readonly ObservedNode[];
  /** No more pods may come while some still run there: its nodes take none, or the newest template names other zones. */
  readonly isBarred: boolean;
  /** A Deployment of ours is there, or on its way out. */
  readonly hasDeployment: boolean;
  /** Where the nodes of its pods are now, when none of them is there any more: they carry the labels of these zones. */
  readonly movedTo: readonly ZoneName[];
}

/** `known`: of the sticky set, may leave it. `outside`: may join it. `fixed`: neither; there is no such set, or `spec.zones` is. */
export type ZoneStanding = 'known' | 'outside' | 'fixed';

/** The same with what is there. */
export interface SightedZone extends ZoneSighting {
  /** The newest template names other zones. */
  readonly isKeptOut: boolean;
  /** No node there takes pods of the newest template, or of the one that runs there. */
  readonly takesNoNewest: boolean;
  readonly takesNoRunning: boolean;
  readonly deployment: Child<DeploymentView>;
  /** Pods of its Deployment, by name. */
  readonly pods: readonly PodObject[];
  /** Those of them that ended as Failed. */
  readonly failedPods: readonly PodObject[];
}

/** What zones are seen against. */
export interface ZoneSurroundings {
  readonly parts: SnapshotParts;
  readonly owner: Owner;
  readonly owners: PodOwners;
  readonly stationNodes: readonly StationNode[];
  /** The same by name. */
  readonly nodes: ReadonlyMap<string, ObservedNode>;
}

/** One zone as it is now. */
export function sightZone(
  name: ZoneName,
  standing: ZoneStanding,
  { parts, owner, owners, stationNodes }: ZoneSurroundings,
): SightedZone {
  const expected = deploymentName(owner.kitchen, owner.station, name);
  const deployment = childOf(parts.deploymentNamed(expected), owner, deploymentView);
  const pods = podsOf(expected, parts.pods, owners).filter(({ ended }) => !ended);
  const here = stationNodes.filter(({ zone, node }) => !node.isNew && (name === ANYWHERE || zone === name));
  const hasDeployment = deployment.state === 'ours';
  const taking = nodesTaking(here, hasDeployment, stationNodes);
  const carrying = here.filter(({ carriesPods }) => carriesPods);
  const planned = taking.length > 0 ? taking : carrying;
  const isKeptOut = name !== ANYWHERE && keepsOutOf(parts.station.object.spec.template, name);
  return {
    name,
    standing,
    nodes: planned.map(({ node }) => node),
    carrying: carrying.map(({ node }) => node),
    isBarred: carrying.length > 0 && (isKeptOut || (taking.length === 0 && !isRollingOut(deployment, pods))),
    isKeptOut,
    hasDeployment,
    movedTo: here.length > 0 || name === ANYWHERE ? [] : whereNow(pods, stationNodes),
    takesNoNewest: planned.length > 0 && !here.some(({ takesNewest }) => takesNewest),
    takesNoRunning: planned.length > 0 && hasDeployment && !here.some(({ takesRunning }) => takesRunning),
    deployment,
    pods,
    failedPods: podsOf(expected, parts.failedPods, owners),
  };
}

/** Whether nodes come for a template that is being rolled out is that rollout's question: it has its own deadline. */
function isRollingOut(deployment: Child<DeploymentView>, pods: readonly PodObject[]): boolean {
  const alive = pods.filter(({ deleting }) => !deleting);
  return deployment.state === 'ours' && hasTwoTemplates(deployment, alive);
}

/** Those that take what the zone runs; where it runs nothing, or they take none of it, those that take the newest template. */
function nodesTaking(
  here: readonly StationNode[],
  hasDeployment: boolean,
  all: readonly StationNode[],
): readonly StationNode[] {
  const running = here.filter(({ takesRunning }) => takesRunning);
  if (hasDeployment && running.length > 0) return running;
  const newest = here.filter(({ takesNewest }) => takesNewest);
  // A template that fits no node at all is none to judge a new zone by.
  return newest.length > 0 || hasDeployment || all.some(({ takesNewest }) => takesNewest) ? newest : running;
}

/**
 * Zones whose labels the nodes of the pods carry now; none while as many of those nodes are gone as are there. A node that has just
 * registered may have its labels yet to come.
 */
function whereNow(pods: readonly PodObject[], stationNodes: readonly StationNode[]): readonly ZoneName[] {
  const names = new Set(pods.map(({ node }) => node).filter((node) => node !== ''));
  const there = stationNodes.filter(({ node }) => !node.isNew && names.has(node.object.name));
  return there.length * 2 > names.size ? [...new Set(there.map(({ zone }) => zone))] : [];
}

/** Those of the pods that the Deployment made, by name. */
function podsOf(deployment: string, pods: readonly PodObject[], { deploymentOf }: PodOwners): readonly PodObject[] {
  return pods.filter((pod) => deploymentOf(pod) === deployment).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
