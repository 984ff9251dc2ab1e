import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import { fullOf } from './fullness.ts';
import { NO_ROOM_MS } from '../../model/thresholds.ts';
import { observeMaking } from './making.ts';
import type { Moment } from '../moment.ts';
import type { ObservedNode } from '../nodes/nodes.ts';
import { takenBy } from '../ownership.ts';
import { observePod } from './pods.ts';
import type { PodSurroundings } from './pods.ts';
import type { NodeView, ZoneView } from '../../model/zone.ts';
import { observeUnsettled } from './unsettled.ts';
import { observeTrying } from './toldToTry.ts';
import { observeZones } from './zoneHistory.ts';
import type { ZoneHistory } from './zoneHistory.ts';
import type { SnapshotParts } from './parts.ts';
import { runningTemplates, zoneOfNode } from './stationNodes.ts';
import type { StationNode } from './stationNodes.ts';
import { whyUnfit } from './unfit.ts';
import { knownZones, zonesOf } from './zones.ts';
import type { ZoneFacts } from './zones.ts';
import { sightZone } from './zoneSighting.ts';
import type { SightedZone, ZoneStanding, ZoneSurroundings } from './zoneSighting.ts';

/** The zones as the planner sees them; `lookAgainMs`: after how long each age alone may change one. */
export interface SeenZones {
  readonly views: readonly ZoneView[];
  readonly lookAgainMs: readonly number[];
}

/** The station's zones in their fixed order, then those where only a Deployment is left. */
export function seeZones(around: ZoneSurroundings, pods: PodSurroundings, moment: Moment): SeenZones {
  const facts = factsOf(around);
  const sightings = namesIn(facts).map((name) => sightZone(name, standingOf(name, facts), around));
  const histories = observeZones(sightings, around.parts.station.uid, moment);
  const whoever = (does: 'joins' | 'leaves'): readonly ZoneName[] =>
    [...histories].filter(([, history]) => history[does]).map(([name]) => name);
  const { declared, left } = zonesOf({ ...facts, joining: whoever('joins'), leaving: whoever('leaves') });
  const zones = [...declared, ...left].flatMap((name, index) => {
    const sighting = sightings.find((each) => each.name === name);
    const { state = 'absent', doubt } = histories.get(name) ?? {};
    return sighting === undefined
      ? []
      : [seeZone(sighting, { declared: index < declared.length, state, doubt }, { pods, parts: around.parts })];
  });
  return {
    views: zones.map(({ view }) => view),
    lookAgainMs: [...histories.values(), ...zones].flatMap(({ lookAgainMs }) => lookAgainMs),
  };
}

/** What the objects say of the station's zones. */
function factsOf({ parts, owner, stationNodes }: ZoneSurroundings): Omit<ZoneFacts, 'joining' | 'leaving'> {
  const ours = parts.deployments.filter((deployment) => takenBy(deployment, owner) === undefined);
  return {
    key: parts.key,
    declared: parts.station.object.spec.zones,
    sticky: ours.flatMap(({ zones }) => zones),
    usable: new Set(usableOf(stationNodes).map(({ zone }) => zone)),
    deployed: ours.flatMap(({ zone }) => (zone === undefined ? [] : [zone as ZoneName])),
  };
}

/**
 * Nodes that take the newest template. If none does, say because of a typo in it, those that take what runs, so that no
 * zone becomes unknown.
 */
function usableOf(stationNodes: readonly StationNode[]): readonly StationNode[] {
  const nodes = stationNodes.filter(({ node }) => !node.isNew);
  const newest = nodes.filter(({ takesNewest }) => takesNewest);
  return newest.length > 0 ? newest : nodes.filter(({ takesRunning }) => takesRunning);
}

/** Every zone that is one of the station's, was one, or may become one. */
function namesIn({ declared, sticky, usable, deployed }: Omit<ZoneFacts, 'joining' | 'leaving'>): readonly ZoneName[] {
  const wanted = (declared as readonly ZoneName[] | undefined) ?? [ANYWHERE, ...knownZones(sticky), ...usable];
  return [...new Set([...wanted, ...deployed])];
}

function standingOf(name: ZoneName, { declared, sticky }: Pick<ZoneFacts, 'declared' | 'sticky'>): ZoneStanding {
  const known = knownZones(sticky);
  if (declared !== undefined || known.length === 0 || name === ANYWHERE) return 'fixed';
  return known.includes(name) ? 'known' : 'outside';
}

function seeZone(
  sighted: SightedZone,
  { doubt, ...rest }: Pick<ZoneView, 'declared' | 'state'> & Pick<ZoneHistory, 'doubt'>,
  { pods: around, parts }: { readonly pods: PodSurroundings; readonly parts: SnapshotParts },
): { readonly view: ZoneView; readonly lookAgainMs: readonly number[] } {
  const { name, nodes, deployment, pods, failedPods } = sighted;
  const observed = pods.map((pod) => observePod(pod, { ...around, zone: name }));
  const podViews = observed.map(({ view }) => view);
  const placed = podViews.filter(({ unschedulable }) => unschedulable === undefined);
  // A node has come, so the scheduler is about to try again the pods that it found no room for: its old words do not
  // count.
  const newRoomMs = placed.length < podViews.length ? leftToTryMs(nodes) : [];
  const judged = newRoomMs.length > 0 ? placed : podViews;
  const unfit = unfitFor(sighted, parts);
  const own = deployment.state === 'ours' ? { ...deployment, ...observeTrying(deployment, around) } : undefined;
  const full =
    deployment.state === 'deleting'
      ? `Deployment ${deployment.name} is being deleted`
      : (unfit.runningUnfit ?? fullOf(judged, own, around.slowAfterMs));
  const makes = observeMaking(deployment, failedPods, around);
  const unsettledMs = observeUnsettled(deployment, podViews, around);
  const seen = {
    full,
    unsettledMs,
    nodes: nodes.map(nodeView),
    deployment: own ?? deployment,
    pods: podViews,
    ...unfit,
    ...makes.view,
  };
  return {
    view: { name, ...rest, ...(doubt === undefined ? {} : { doubt }), ...seen },
    lookAgainMs: [...observed.flatMap(({ lookAgainMs }) => lookAgainMs), ...newRoomMs, ...makes.lookAgainMs],
  };
}

/** Why the zone's nodes take no pods of the newest template, and of what runs there, in words. */
function unfitFor(
  { name, takesNoNewest, takesNoRunning, isKeptOut, deployment }: SightedZone,
  { station, nodes, deployments }: SnapshotParts,
): Pick<ZoneView, 'newestUnfit' | 'runningUnfit' | 'isKeptOut'> {
  if (!takesNoNewest && !takesNoRunning) return {};
  const here = nodes.filter((node) => name === ANYWHERE || zoneOfNode(node) === name);
  const uid = deployment.state === 'ours' ? deployment.uid : undefined;
  const [running] = runningTemplates(deployments.filter((each) => each.uid === uid));
  return {
    ...(isKeptOut ? { isKeptOut } : {}),
    ...(takesNoNewest ? { newestUnfit: whyUnfit(station.object.spec.template, name, here) } : {}),
    ...(takesNoRunning && running ? { runningUnfit: whyUnfit(running.template, name, here) } : {}),
  };
}

/**
 * How long the scheduler may still take to try a node that has just come or no longer leaves; none without such a node.
 */
function leftToTryMs(nodes: readonly ObservedNode[]): readonly number[] {
  const youngestMs = Math.min(...nodes.flatMap(({ state, stateMs }) => (state === 'healthy' ? [stateMs] : [])));
  return youngestMs < NO_ROOM_MS ? [NO_ROOM_MS - youngestMs] : [];
}

function nodeView({ object, state, stateMs, leaving }: ObservedNode): NodeView {
  return { name: object.name, state, stateMs, ...(leaving?.isOpen === true ? { isOpen: true } : {}) };
}
