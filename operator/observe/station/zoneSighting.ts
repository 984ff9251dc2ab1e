import { deploymentName } from '../../api/names.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import { deploymentView } from './deploymentView.ts';
import { NodePool } from '../nodes/nodePool.ts';
import { zoneOfNode } from '../nodes/nodes.ts';
import type { JudgedNode, ObservedNode } from '../nodes/nodes.ts';
import type { Fleet } from '../nodes/fleet.ts';
import type { PodObject } from '../objects.ts';
import type { PodOwners } from './podOwners.ts';
import { childOf } from '../ownership.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { SnapshotParts } from './parts.ts';
import type { Child, DeploymentView } from '../../model/child.ts';
import { hasTwoTemplates } from '../../model/rolling.ts';
import type { StationNodes, ZoneNodesSeen } from './stationNodes.ts';
import { keepsOutOf } from '../nodes/usable.ts';

/** A zone of a station as it is now, without its past. */
export interface ZoneSighting {
  readonly name: ZoneName;
  readonly standing: ZoneStanding;
  /** Nodes to plan with. */
  readonly nodes: NodePool;
  /** Nodes that carry pods of ours there, whether or not they take more. */
  readonly carrying: readonly ObservedNode[];
  /** Pods of ours run there, but no more may come: its nodes take none, or the newest template names other zones. */
  readonly isBarred: boolean;
  /** A Deployment of ours is there, and is not being deleted. */
  readonly hasDeployment: boolean;
  /** When no node is left in the zone: the zones whose labels the nodes of its pods carry now. */
  readonly movedTo: readonly ZoneName[];
  /** When no node and no pod is left in the zone: the nodes that were the last in it. */
  readonly lastNodes: readonly JudgedNode[];
}

/**
 * - `known`: it is in the sticky set, and may leave it.
 * - `outside`: it is not in the set, and may join it.
 * - `fixed`: neither, because there is no set yet or `spec.zones` is given.
 */
export type ZoneStanding = 'known' | 'outside' | 'fixed';

/** A zone with its Deployment and pods. */
export interface SightedZone extends ZoneSighting {
  /** The newest template names other zones. */
  readonly isKeptOut: boolean;
  /** No node there takes pods of the newest template, or pods of the one that runs there. */
  readonly takesNoNewest: boolean;
  readonly takesNoRunning: boolean;
  readonly deployment: Child<DeploymentView>;
  /** Pods of its Deployment, by name. */
  readonly pods: readonly PodObject[];
  /** Those of them that ended as Failed. */
  readonly failedPods: readonly PodObject[];
}

/** What zones are judged by. */
export interface ZoneSurroundings {
  readonly parts: SnapshotParts;
  readonly owner: ChildOwner;
  readonly owners: PodOwners;
  readonly stationNodes: StationNodes;
  readonly fleet: Fleet;
}

/** One zone as it is now. */
export function sightZone(
  name: ZoneName,
  standing: ZoneStanding,
  { parts, owner, owners, stationNodes }: ZoneSurroundings,
): SightedZone {
  const expected = deploymentName(parts.station.kitchen, parts.station.station, name);
  const deployment = childOf(parts.deploymentNamed(expected), owner, deploymentView);
  const pods = podsNamed(expected, parts.pods, owners).filter(({ ended }) => !ended);
  const here = stationNodes.nodesIn(name);
  const { newest, running, carrying } = here;
  const hasDeployment = deployment.state === 'ours';
  const taking = nodesTaking(here, hasDeployment, stationNodes.someTakesNewest);
  const nodes = taking.count > 0 ? taking : NodePool.of(carrying);
  const isEmpty = newest.count + running.count === 0 && !here.catches && name !== ANYWHERE;
  const isKeptOut = name !== ANYWHERE && keepsOutOf(parts.station.object.spec.template, name);
  return {
    name,
    standing,
    nodes,
    carrying,
    isBarred: carrying.length > 0 && (isKeptOut || (taking.count === 0 && !isRollingOut(deployment, pods))),
    isKeptOut,
    hasDeployment,
    movedTo: isEmpty ? whereNow(pods, stationNodes) : [],
    lastNodes: isEmpty && pods.length === 0 ? [...newest.lastLeft, ...running.lastLeft] : [],
    takesNoNewest: nodes.count > 0 && newest.count === 0,
    takesNoRunning: nodes.count > 0 && hasDeployment && running.count === 0,
    deployment,
    pods,
    failedPods: podsNamed(expected, parts.failedPods, owners),
  };
}

/** Whether a rollout is under way: if no node takes its template, the rollout's own deadline decides what to do. */
function isRollingOut(deployment: Child<DeploymentView>, pods: readonly PodObject[]): boolean {
  const alive = pods.filter(({ deleting }) => !deleting);
  return deployment.state === 'ours' && hasTwoTemplates(deployment, alive);
}

/**
 * The nodes that take the template that the zone runs. If it runs nothing, or none of them takes it: those that take
 * the newest template.
 */
function nodesTaking({ newest, running }: ZoneNodesSeen, hasDeployment: boolean, someTakesNewest: boolean): NodePool {
  if (hasDeployment && running.count > 0) return running;
  // If the newest template fits no node at all, say because of a typo, judge a new zone by what runs elsewhere.
  return newest.count > 0 || hasDeployment || someTakesNewest ? newest : running;
}

/**
 * Zones whose labels the nodes of the pods carry now; none unless more than half of these nodes are still there. A node
 * that has just registered is left out: its labels may be yet to come.
 */
function whereNow(pods: readonly PodObject[], { own }: StationNodes): readonly ZoneName[] {
  const names = new Set(pods.map(({ node }) => node).filter((node) => node !== ''));
  const there = [...names].flatMap((name) => own.get(name) ?? []).filter(({ isNew }) => !isNew);
  return there.length * 2 > names.size ? [...new Set(there.map(({ object }) => zoneOfNode(object)))] : [];
}

/** The pods that the Deployment made, sorted by name. */
function podsNamed(deployment: string, pods: readonly PodObject[], { deploymentOf }: PodOwners): readonly PodObject[] {
  return pods.filter((pod) => deploymentOf(pod) === deployment).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
