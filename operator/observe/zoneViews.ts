import { deploymentName, zoneSlug } from '../api/names.ts';
import { ANYWHERE, ZONE_LABEL, zoneOf } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { deploymentView } from './deploymentView.ts';
import { fullOf } from './fullness.ts';
import type { ObservedNode } from './nodes.ts';
import type { DeploymentObject } from './objects.ts';
import { childOf, takenBy } from './ownership.ts';
import type { Owner } from './ownership.ts';
import type { SnapshotParts } from './parts.ts';
import { observePod } from './pods.ts';
import type { ObservedPod, PodSurroundings } from './pods.ts';
import type { Child, DeploymentView, NodeView, ZoneView } from './snapshot.ts';
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
  const { declared, left } = zonesOf({
    key: parts.key,
    declared: parts.station.object.spec.zones,
    sticky: oursOf(parts, around.owner).flatMap(({ zones }) => zones),
    usable: around.usable.map(zoneOfNode),
    deployed: oursOf(parts, around.owner).flatMap(({ zone }) => (zone === undefined ? [] : [zone as ZoneName])),
  });
  const { memory, nowMs, slowAfterMs } = around.pods;
  const sightings = [...declared, ...left].map((name) => sightingOf(name, { parts, around }));
  const histories = observeZones(sightings, { stationUid: parts.station.uid, memory, nowMs });
  const zones = sightings.map((zone, index) => {
    const { state = 'absent', turnsInMs } = histories.get(zone.name) ?? {};
    const pods = podsOf(zone.name, { parts, around });
    const view = zoneView(zone, { declared: index < declared.length, state, pods, slowAfterMs });
    return { view, turnsInMs: [turnsInMs ?? [], ...pods.map((pod) => pod.turnsInMs)].flat() };
  });
  return { views: zones.map(({ view }) => view), turnsInMs: zones.flatMap(({ turnsInMs }) => turnsInMs) };
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

interface ZoneRest extends Pick<ZoneView, 'declared' | 'state'> {
  readonly pods: readonly ObservedPod[];
  readonly slowAfterMs: number;
}

function zoneView({ name, nodes, deployment }: SeenZone, { declared, state, ...rest }: ZoneRest): ZoneView {
  const pods = rest.pods.map(({ view }) => view);
  const full = fullOf(pods, deployment.state === 'ours' ? deployment : undefined, rest.slowAfterMs);
  return { name, declared, state, full, nodes: nodes.map(nodeView), deployment, pods };
}

/** The zone's pods by name; pods that merely copied our labels, made by another Deployment, are none of ours. */
function podsOf(zone: ZoneName, { parts, around }: Look): readonly ObservedPod[] {
  const { kitchen, station } = around.owner;
  const deployment = deploymentName(kitchen, station, zone);
  const slug = zoneSlug(zone);
  return parts.pods
    .filter((pod) => pod.zone === slug && pod.kitchen === kitchen && pod.station === station)
    .filter((pod) => pod.name.startsWith(`${deployment}-`))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((pod) => observePod(pod, around.pods));
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
