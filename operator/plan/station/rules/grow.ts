/*
 * Grow: tells each zone to have its share of pods, and one more for each pod that is owed or misplaced.
 *
 *   r_z = max(r_z, R_z + owed_z + misplaced_z)
 *
 * - A zone that has more pods than it is told, during a rollout more than its surge beyond that, is left alone: its
 *   ReplicaSets have not deleted yet, and what was just handed over would be made again.
 * - During a rollout a surplus is the surge, and each of its pods stands in for an owed one. Pods that do not start
 *   stand in for none. Neither do pods that find no node because of what only the new template asks.
 * - In a stuck zone only surplus pods that are Ready stand in, and at most R_z owed pods are made good.
 * - When another writer lowered the count, it is set back at once: before Ready pods go, if that is still in time.
 * - In a closing zone, leaving pods are not made good.
 *
 * A Deployment that is not as we applied it is applied again in the same write.
 *
 * Hard part: growing may rest on any synced view, since a pod too many is taken back later. But each write holds only
 * for the version on which it was decided. A late one would take back what was grown since, and no guard would have
 * judged that.
 *
 * Example: R_z is 3 and a node of zone-a dies with one pod. zone-a is told to have 4.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { isClosing } from './closing.ts';
import { madeGoodNow } from './owed.ts';
import { count } from '../../../model/words.ts';
import type { PodNode, PodView } from '../../../model/pod.ts';
import type { ZoneState } from '../../../model/zone.ts';
import type { Step } from '../../../model/plan.ts';
import type { KubeObject } from '../../../api/kubernetes/object.ts';
import { isOwned } from '../../../api/kubernetes/managedFields.ts';
import { deploymentIntent, runsNewestTemplate } from '../../children/deployment.ts';
import { carriesHash, isHeld, onlyIf } from '../../children/intent.ts';
import { asksMore } from './failedRollout.ts';
import { strangersToGo } from './foreignPods.ts';
import { keepsMakingRoom } from './makeRoom.ts';
import { mayLack, surgeOf } from '../room.ts';
import { NO_ROOM_MS } from '../../../model/thresholds.ts';
import { stuckAt } from './stuckZone.ts';
import { showZone } from '../../../api/zone.ts';
import { whereabouts } from './bringHome.ts';

/** Deployments to make, grow or mend, in the order of the zones. */
export function growSteps(picture: Picture): readonly Step[] {
  return picture.zones.filter((zone) => zone.view.declared).flatMap((zone) => stepFor(picture, zone) ?? []);
}

function stepFor(picture: Picture, zone: ZonePicture): Step | undefined {
  const { snapshot } = picture;
  if (zone.deployment === undefined) {
    if (zone.view.deployment.state !== 'absent' || zone.frozen || zone.view.state === 'absent') return undefined;
    const intent = deploymentIntent(snapshot, zone.view, { replicas: zone.wanted, template: 'asItRuns' });
    return { kind: 'create', zone: zone.name, intent, from: 0, to: zone.wanted, why: whyShare(picture, zone) };
  }
  // Where old pods go first the zone is full. The rollout would wait for a pod more.
  const makesRoom = keepsMakingRoom(picture, zone);
  const to = makesRoom ? zone.replicas : grownTo(zone);
  const maxUnavailable = makesRoom ? mayLack(zone) : 0;
  const wanted = deploymentIntent(snapshot, zone.view, { replicas: to, template: 'asItRuns', maxUnavailable });
  const intent = onlyIf(zone.deployment.resourceVersion, wanted);
  const from = zone.replicas;
  if (to > from) return { kind: 'grow', zone: zone.name, intent, from, to, why: whyGrow(picture, zone) };
  // A zone whose turn in a rollout has not come is written whole when it comes; until then only its figures must be
  // right. A count that another writer set is not taken over here: the step that corrects it is one write, and its
  // repetition is noticed (apply/pace.ts).
  if (!isCountOurs(zone) && from !== zone.wanted + zone.owed.length) return undefined;
  const isNewest = runsNewestTemplate(snapshot, zone.deployment);
  if (isNewest ? isHeld(zone.deployment, intent) : carriesHash(zone.deployment, intent) && isCountOurs(zone)) {
    return undefined;
  }
  const why = 'it is not as it was applied, or its figures are old';
  return { kind: 'mend', zone: zone.name, intent, from, to, why };
}

/** The replicas that the zone is told to have; never fewer than it is told now. */
export function grownTo(zone: ZonePicture): number {
  if (stuckAt(zone) !== undefined) return grownWhileStuck(zone);
  const surplus = isCountOurs(zone) ? Math.max(0, zone.alive.length - zone.replicas) : 0;
  if (surplus > (zone.rolling ? surgeOf(zone) : 0)) return zone.replicas;
  const isMore = asksMore(zone);
  const goNowhere = zone.alive.filter((pod) => goesNowhere(pod, isMore) && !zone.owed.includes(pod)).length;
  const standIns = Math.max(0, surplus - goNowhere);
  const hindrance = { waveLeftMs: zone.waveLeftMs, isClosing: isClosing(zone.view) };
  const madeGood = madeGoodNow(zone.owed, hindrance).length + zone.misplaced.length;
  return Math.max(zone.replicas, zone.wanted + madeGood - standIns);
}

/** For 15 s it has not started, or has found no node because of what only its template asks: nothing waits for it any more. */
function goesNowhere({ ready, slow, stuck, unschedulable, unplacedMs = 0 }: PodView, asks: boolean): boolean {
  const ages = [stuck?.ageMs ?? 0, asks ? (unschedulable?.ageMs ?? 0) : 0, unplacedMs];
  return !ready && (slow || Math.max(...ages) >= NO_ROOM_MS);
}

/** In a stuck zone each eviction leads to one more pod, which stands in for the next one. So several drains must not add up. */
function grownWhileStuck({ view, alive, replicas, wanted, owed, waveLeftMs }: ZonePicture): number {
  const surplus = Math.max(0, alive.filter((pod) => pod.ready).length - replicas);
  return Math.max(
    replicas,
    wanted + Math.min(wanted, madeGoodNow(owed, { waveLeftMs, isClosing: isClosing(view) }).length) - surplus,
  );
}

/** Whether the replicas of the zone's Deployment are what we set, and no other writer changed them since. */
function isCountOurs({ deployment }: ZonePicture): boolean {
  const told = { metadata: {}, spec: { replicas: deployment?.replicas ?? 0 } } as KubeObject;
  return deployment?.owned === undefined || isOwned(deployment.owned, told);
}

function whyShare(picture: Picture, zone: ZonePicture): string {
  return `its share of ${count(picture.reachableTarget, 'pod')} is ${zone.wanted}; ${declaration(picture)}`;
}

function whyGrow(picture: Picture, zone: ZonePicture): string {
  if (zone.owed.length === 0) return zone.misplaced.length > 0 ? whereabouts(zone.misplaced) : whyShare(picture, zone);
  const onlySuspected = zone.owed.every((pod) => pod.node?.state === 'suspect');
  return `${count(zone.owed.length, 'pod')} ${onlySuspected ? 'may be lost' : 'will not stay'} (${nodesInWords(zone.owed)})`;
}

/** What R rests on, in words. */
export function declaration(picture: Picture): string {
  const { survive } = picture.snapshot.station.spec;
  const losses = (['zones', 'nodes', 'pods'] as const)
    .filter((kind) => survive[kind] > 0)
    .map((kind) => count(survive[kind], kind.slice(0, -1)));
  const inState = (state: ZoneState): string =>
    picture.zones
      .filter(({ view }) => view.declared && view.state === state)
      .map((zone) => showZone(zone.name))
      .join(', ');
  const out = (['lost', 'shifted'] as const).filter((state) => inState(state) !== '');
  const demand = `demand ${picture.demand} survives the loss of ${losses.length === 0 ? 'nothing' : losses.join(' or ')}`;
  const going = picture.snapshot.station.spec.survive.pods > 0 ? [] : strangersToGo(picture.snapshot);
  return [
    demand,
    ...out.map((state) => `${inState(state)} ${state}`),
    ...going.slice(0, 1).map(({ name }) => `one pod is spare until ${name} has left its node`),
  ].join('; ');
}

/** The pods' nodes and what happens to them: `zone-a-1 is lost, zone-b-2 is leaving and evicts its pods within 50 s`. */
export function nodesInWords(pods: readonly PodView[]): string {
  const states = new Map(
    pods.flatMap((pod) => (pod.node === undefined ? [] : [[pod.node.name, lossesInWords(pod.node)] as const])),
  );
  return [...states].map(([name, state]) => `${name} is ${state}`).join(', ');
}

/** Time in steps of 10 s, or the words would change at every look. */
function lossesInWords({ state, evictsInMs }: PodNode): string {
  if (evictsInMs === undefined) return state;
  return `${state} and evicts its pods ${evictsInMs === 0 ? 'now' : `within ${Math.ceil(evictsInMs / 10_000) * 10} s`}`;
}
