import { ANYWHERE } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { fullOf, NO_ROOM_MS } from './fullness.ts';
import type { Moment } from './moment.ts';
import type { ObservedNode } from './nodes.ts';
import { takenBy } from './ownership.ts';
import { observePod } from './pods.ts';
import type { PodSurroundings } from './pods.ts';
import type { NodeView, ZoneView } from './snapshot.ts';
import { observeZones } from './zoneHistory.ts';
import { knownZones, zonesOf } from './zones.ts';
import type { ZoneFacts } from './zones.ts';
import { sightZone, zoneOfNode } from './zoneSighting.ts';
import type { SightedZone, ZoneStanding, ZoneSurroundings } from './zoneSighting.ts';

/** Zones as they are seen, and after how long each may be something else by age alone. */
export interface SeenZones {
  readonly views: readonly ZoneView[];
  readonly turnsInMs: readonly number[];
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
    const state = histories.get(name)?.state ?? 'absent';
    return sighting === undefined ? [] : [seeZone(sighting, { declared: index < declared.length, state }, pods)];
  });
  return {
    views: zones.map(({ view }) => view),
    turnsInMs: [...histories.values(), ...zones].flatMap(({ turnsInMs }) => turnsInMs),
  };
}

/** What the objects say of the station's zones. */
function factsOf({ parts, owner, usable }: ZoneSurroundings): Omit<ZoneFacts, 'joining' | 'leaving'> {
  const ours = parts.deployments.filter((deployment) => takenBy(deployment, owner) === undefined);
  return {
    key: parts.key,
    declared: parts.station.object.spec.zones,
    sticky: ours.flatMap(({ zones }) => zones),
    usable: new Set(usable.map(zoneOfNode)),
    deployed: ours.flatMap(({ zone }) => (zone === undefined ? [] : [zone as ZoneName])),
  };
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
  { name, nodes, deployment, pods }: SightedZone,
  rest: Pick<ZoneView, 'declared' | 'state'>,
  around: PodSurroundings,
): { readonly view: ZoneView; readonly turnsInMs: readonly number[] } {
  const observed = pods.map((pod) => observePod(pod, around));
  const podViews = observed.map(({ view }) => view);
  const placed = podViews.filter(({ unschedulable }) => unschedulable === undefined);
  // What was said of the zone's room before a node came is about to be said anew.
  const newRoomMs = placed.length < podViews.length ? leftToTryMs(nodes) : [];
  const judged = newRoomMs.length > 0 ? placed : podViews;
  const full = fullOf(judged, deployment.state === 'ours' ? deployment : undefined, around.slowAfterMs);
  const view = { name, ...rest, full, nodes: nodes.map(nodeView), deployment, pods: podViews };
  return { view, turnsInMs: [...observed.flatMap(({ turnsInMs }) => turnsInMs), ...newRoomMs] };
}

/** How long the scheduler may still take to try a node that has only just come, or stays after all; nothing without one. */
function leftToTryMs(nodes: readonly ObservedNode[]): readonly number[] {
  const youngestMs = Math.min(...nodes.flatMap(({ state, stateMs }) => (state === 'healthy' ? [stateMs] : [])));
  return youngestMs < NO_ROOM_MS ? [NO_ROOM_MS - youngestMs] : [];
}

function nodeView({ object, state, stateMs, leaving }: ObservedNode): NodeView {
  return { name: object.name, state, stateMs, ...(leaving?.isOpen === true ? { isOpen: true } : {}) };
}
