import type { PodTemplate } from '../../api/podtemplate.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import { fullOf } from './fullness.ts';
import { NO_ROOM_MS } from '../../model/thresholds.ts';
import { observeMaking } from './making.ts';
import type { Moment } from '../moment.ts';
import type { NodePool } from '../nodes/nodePool.ts';
import { nodeAt } from '../nodes/nodes.ts';
import type { JudgedNode } from '../nodes/nodes.ts';
import { placementKey } from '../nodes/podKind.ts';
import { takenBy } from '../ownership.ts';
import { isSure } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import type { ShiftView } from '../../model/shift.ts';
import { observeShifts } from './shifts.ts';
import type { SeenShifts } from './shifts.ts';
import { observePod } from './pods.ts';
import type { PodSurroundings } from './pods.ts';
import type { NodeView, ZoneNodes, ZoneView } from '../../model/zone.ts';
import { observeUnsettled } from './unsettled.ts';
import { observeTrying } from './toldToTry.ts';
import { observeZones } from './zoneHistory.ts';
import { runningTemplates } from './stationNodes.ts';
import type { ZoneHistory } from './zoneHistory.ts';
import { whyUnfit } from './unfit.ts';
import { knownZones, zonesOf } from './zones.ts';
import type { ZoneFacts } from './zones.ts';
import { sightZone } from './zoneSighting.ts';
import type { SightedZone, ZoneStanding, ZoneSurroundings } from './zoneSighting.ts';

/** The zones as the planner sees them; `lookAgainMs`: after how long each age alone may change one. */
export interface SeenZones {
  readonly views: readonly ZoneView[];
  readonly shifts: readonly ShiftView[];
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
  const judged = [...declared, ...left].map((name, index) => {
    const { state = 'absent', doubt } = histories.get(name) ?? {};
    return { name, declared: index < declared.length, state, doubt };
  });
  const shifts = shiftsSeen(judged, around, moment);
  const zones = judged.flatMap(({ name, ...zone }) => {
    const sighting = sightings.find((each) => each.name === name);
    const state = shifts.states.get(name);
    return sighting === undefined
      ? []
      : [seeZone(sighting, state === undefined ? zone : { ...zone, state, doubt: undefined }, { pods, around })];
  });
  return {
    views: zones.map(({ view }) => withShiftedPods(view, shifts)),
    shifts: shifts.views,
    lookAgainMs: [...histories.values(), ...zones, shifts].flatMap(({ lookAgainMs }) => lookAgainMs),
  };
}

function shiftsSeen(
  zones: readonly Pick<ZoneView, 'name' | 'declared' | 'state'>[],
  { parts, fleet }: ZoneSurroundings,
  moment: Moment,
): SeenShifts {
  const { uid: stationUid, object } = parts.station;
  const hasNodes = (zone: ZoneName): boolean => fleet.nodesIn(zone).length > 0;
  const { spec, status } = object;
  const around = { stationUid, shifts: spec.shifts ?? [], left: status?.shifted ?? [], zones, hasNodes };
  return observeShifts(around, moment);
}

/** A pod counts where its node is now. */
function withShiftedPods(view: ZoneView, { states }: SeenShifts): ZoneView {
  if (states.size === 0) return view;
  const pods = view.pods.map((pod): PodView => {
    const isThere = states.get(pod.node?.zone ?? view.name) === 'shifted';
    return isThere && (isSure(pod) || pod.state === 'leaving') ? { ...pod, state: 'shifted' } : pod;
  });
  return { ...view, pods };
}

/** What the objects say of the station's zones. */
function factsOf({ parts, owner, stationNodes }: ZoneSurroundings): StillFacts {
  const ours = parts.deployments.filter((deployment) => takenBy(deployment, owner) === undefined);
  return {
    key: parts.key,
    declared: parts.station.object.spec.zones,
    sticky: ours.flatMap(({ zones }) => zones),
    usable: stationNodes.usableZones,
    deployed: ours.flatMap(({ zone }) => (zone === undefined ? [] : [zone as ZoneName])),
  };
}

type StillFacts = Omit<ZoneFacts, 'joining' | 'leaving'> & { readonly usable: ReadonlySet<ZoneName> };

/** Every zone that is one of the station's zones, was one, or may become one. */
function namesIn({ declared, sticky, usable, deployed }: StillFacts): readonly ZoneName[] {
  const noneUsable = usable.size === 0 ? [ANYWHERE] : [];
  const wanted = (declared as readonly ZoneName[] | undefined) ?? [...noneUsable, ...knownZones(sticky), ...usable];
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
  { pods: around, around: zoneAround }: { readonly pods: PodSurroundings; readonly around: ZoneSurroundings },
): { readonly view: ZoneView; readonly lookAgainMs: readonly number[] } {
  const { name, nodes, deployment, pods, failedPods } = sighted;
  const observed = pods.map((pod) => observePod(pod, { ...around, zone: name }));
  const podViews = observed.map(({ view }) => view);
  const placed = podViews.filter(({ unschedulable }) => unschedulable === undefined);
  // A node has come, so the scheduler is about to try again the pods that it found no room for: its old words do not
  // count.
  const newRoomMs = placed.length < podViews.length ? leftToTryMs(nodes, around.nowMs) : [];
  const judged = newRoomMs.length > 0 ? placed : podViews;
  const unfit = unfitFor(sighted, zoneAround);
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
    nodes: nodesView(sighted, around.nowMs),
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
  { parts: { station, deployments }, fleet }: ZoneSurroundings,
): Pick<ZoneView, 'newestUnfit' | 'runningUnfit' | 'isKeptOut'> {
  if (!takesNoNewest && !takesNoRunning) return {};
  const why = (template: PodTemplate): string =>
    fleet.said(name, `unfit ${placementKey(template)}`, () => whyUnfit(template, name, fleet.nodesIn(name)));
  const uid = deployment.state === 'ours' ? deployment.uid : undefined;
  const [running] = runningTemplates(deployments.filter((each) => each.uid === uid));
  return {
    ...(isKeptOut ? { isKeptOut } : {}),
    ...(takesNoNewest ? { newestUnfit: why(station.object.spec.template) } : {}),
    ...(takesNoRunning && running ? { runningUnfit: why(running.template) } : {}),
  };
}

/**
 * How long the scheduler may still take to try a node that has just come or no longer leaves; none without such a node.
 */
function leftToTryMs({ healthyAtMs = -Infinity }: NodePool, nowMs: number): readonly number[] {
  const youngestMs = nowMs - healthyAtMs;
  return youngestMs < NO_ROOM_MS ? [NO_ROOM_MS - youngestMs] : [];
}

/** So many open nodes are named. */
const NAMED = 10;

function nodesView({ nodes, carrying }: SightedZone, nowMs: number): ZoneNodes {
  const { count, healthy, down, suspect, firstDown } = nodes;
  const view = (node: JudgedNode): NodeView => nodeView(node, nowMs);
  return {
    count,
    healthy,
    down,
    suspect,
    calmMs: nowMs - nodes.changedAtMs,
    downMs: nowMs - (nodes.downAtMs ?? -Infinity),
    firstDown: firstDown && view(firstDown),
    open: nodes.open(NAMED).map(view),
    carrying: carrying.filter(({ object }) => nodes.get(object.name) !== undefined).map(view),
  };
}

function nodeView(node: JudgedNode, nowMs: number): NodeView {
  const { object, state, leaving } = node;
  const { stateMs } = nodeAt(node, nowMs);
  return { name: object.name, state, stateMs, ...(leaving?.isOpen === true ? { isOpen: true } : {}) };
}
