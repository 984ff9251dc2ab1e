import { deploymentName, zoneSlug } from '../api/names.ts';
import { ANYWHERE, ZONE_LABEL, zoneOf } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import type { ObservedNode } from './nodes.ts';
import type { DeploymentObject } from './objects.ts';
import { childOf, childView, takenBy } from './ownership.ts';
import type { Owner } from './ownership.ts';
import type { SnapshotParts } from './parts.ts';
import { podView } from './pods.ts';
import type { PodSurroundings } from './pods.ts';
import type { DeploymentView, NodeView, PodView, ZoneView } from './snapshot.ts';
import { zonesOf, zoneState } from './zones.ts';

export interface ZoneSurroundings {
  readonly owner: Owner;
  /** Nodes to plan with, by name. */
  readonly usable: readonly ObservedNode[];
  readonly pods: PodSurroundings;
}

/** The station's zones in their fixed order, then those where only a Deployment is left. */
export function zoneViews(parts: SnapshotParts, around: ZoneSurroundings): readonly ZoneView[] {
  const { declared, left } = zonesOf({
    key: parts.key,
    declared: parts.station.object.spec.zones,
    sticky: oursOf(parts, around.owner).flatMap(({ zones }) => zones),
    usable: around.usable.map(zoneOfNode),
    deployed: oursOf(parts, around.owner).flatMap(({ zone }) => (zone === undefined ? [] : [zone as ZoneName])),
  });
  return [
    ...declared.map((zone) => zoneView(zone, true, { parts, around })),
    ...left.map((zone) => zoneView(zone, false, { parts, around })),
  ];
}

interface Look {
  readonly parts: SnapshotParts;
  readonly around: ZoneSurroundings;
}

function zoneView(name: ZoneName, declared: boolean, { parts, around }: Look): ZoneView {
  const { owner, usable } = around;
  const expected = deploymentName(owner.kitchen, owner.station, name);
  const deployment = childOf(parts.deploymentNamed(expected), owner, deploymentView);
  const nodes = usable.filter((node) => name === ANYWHERE || zoneOfNode(node) === name).map(nodeView);
  return {
    name,
    declared,
    state: zoneState(name, nodes, deployment.state === 'ours'),
    full: undefined,
    nodes,
    deployment,
    pods: podsOf(name, expected, { parts, around }),
  };
}

/** The zone's pods by name; pods that merely copied our labels, made by another Deployment, are none of ours. */
function podsOf(zone: ZoneName, deployment: string, { parts, around }: Look): readonly PodView[] {
  const { kitchen, station } = around.owner;
  const slug = zoneSlug(zone);
  return parts.pods
    .filter((pod) => pod.zone === slug && pod.kitchen === kitchen && pod.station === station)
    .filter((pod) => pod.name.startsWith(`${deployment}-`))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((pod) => podView(pod, around.pods));
}

/** The station's Deployments that nobody else controls. */
function oursOf({ deployments }: SnapshotParts, owner: Owner): readonly DeploymentObject[] {
  return deployments.filter((deployment) => takenBy(deployment, owner) === undefined);
}

function zoneOfNode({ object }: ObservedNode): ZoneName {
  return zoneOf(object.labels[ZONE_LABEL]);
}

function nodeView({ object, state, stateMs }: ObservedNode): NodeView {
  return { name: object.name, state, stateMs };
}

function deploymentView(deployment: DeploymentObject): DeploymentView {
  const { generation, observedGeneration, replicas, madeReplicas, updatedReplicas } = deployment;
  const { maxSurge, replicaFailure, templateHash, defaults, template } = deployment;
  return {
    ...childView(deployment),
    generation,
    observedGeneration,
    replicas,
    madeReplicas,
    updatedReplicas,
    minReadyMs: deployment.minReadySeconds * 1000,
    maxSurge,
    replicaFailure,
    progressFailed: false,
    revision: undefined,
    good: undefined,
    badTemplate: undefined,
    evened: undefined,
    templateHash,
    defaults,
    template,
  };
}
