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
import type { Child, DeploymentView, NodeView, PodView, ZoneView } from './snapshot.ts';
import { observeZones } from './zoneHistory.ts';
import type { ZoneSighting } from './zoneHistory.ts';
import { zonesOf } from './zones.ts';

export interface ZoneSurroundings {
  readonly owner: Owner;
  /** Nodes to plan with, by name. */
  readonly usable: readonly ObservedNode[];
  readonly pods: PodSurroundings;
}

/** Zones as they are seen, and after how long each may be something else by age alone. */
export interface SeenZones {
  readonly views: readonly ZoneView[];
  readonly turnsInMs: readonly number[];
}

/** The station's zones in their fixed order, then those where only a Deployment is left. */
export function seeZones(parts: SnapshotParts, around: ZoneSurroundings): SeenZones {
  const facts = {
    key: parts.key,
    declared: parts.station.object.spec.zones,
    sticky: oursOf(parts, around.owner).flatMap(({ zones }) => zones),
    usable: around.usable.map(zoneOfNode),
    deployed: oursOf(parts, around.owner).flatMap(({ zone }) => (zone === undefined ? [] : [zone as ZoneName])),
  };
  const { declared, left } = zonesOf(facts);
  const sightings = [...declared, ...left].map((name) => sightingOf(name, { parts, around }));
  const { memory, nowMs } = around.pods;
  const histories = observeZones(sightings, { stationUid: parts.station.uid, memory, nowMs });
  const isDeclared = new Set(declared);
  const zones = sightings.map((sighting) => {
    const pods = podsOf(sighting, { parts, around });
    const view = zoneView(sighting, {
      declared: isDeclared.has(sighting.name),
      state: histories.get(sighting.name)?.state ?? 'absent',
      full: fullOf(views(pods), ours(sighting.deployment), around.pods.slowAfterMs),
      pods: views(pods),
    });
    return { view, turnsInMs: [...pods.flatMap((pod) => pod.turnsInMs), ...] };
  });
}

interface Look {
  readonly parts: SnapshotParts;
  readonly around: ZoneSurroundings;
}

interface SeenZone extends ZoneSighting {
  readonly deployment: Child<DeploymentView>;
}

function sightingOf(name: ZoneName, { parts, around: { owner, usable } }: Look): SeenZone {
  const expected = deploymentName(owner.kitchen, owner.station, name);
  const deployment = childOf(parts.deploymentNamed(expected), owner, deploymentView);
  const nodes = usable.filter((node) => name === ANYWHERE || zoneOfNode(node) === name);
  return { name, nodes, deployment, hasDeployment: deployment.state === 'ours' };
}

function zoneView(
  { name, nodes, deployment }: SeenZone,
  rest: Pick<ZoneView, 'declared' | 'state' | 'pods'>,
): ZoneView {
  return { name, full: undefined, nodes: nodes.map(nodeView), deployment, ...rest };
}

/** The zone's pods by name; pods that merely copied our labels, made by another Deployment, are none of ours. */
function podsOf({ name }: ZoneSighting, { parts, around }: Look): readonly PodView[] {
  const { kitchen, station } = around.owner;
  const deployment = deploymentName(kitchen, station, name);
  const slug = zoneSlug(name);
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
    failure: undefined,
    evened: undefined,
    templateHash,
    defaults,
    template,
  };
}
