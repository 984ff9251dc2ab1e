/*
 * Protect: keeps one budget over all pods of a station, so that evictions take only pods that are truly spare.
 *
 *   minAvailable = D + |U| + |S|
 *
 *   U   pods that the API calls Ready but that may not be counted on: doubtful and shifted ones, owed ones on leaving nodes or
 *       about to be handed over, those that a shrink is about to take or has been told to take, and the surge of a rollout
 *   S   Ready strangers: the budget's selector catches them, and they are not ours
 *
 * The eviction API counts all of them, so it allows what is truly spare:
 *
 *   healthy − minAvailable = (sure + |U| + |S|) − (D + |U| + |S|) = sure − D
 *
 * While pods on leaving nodes are being replaced, the budget keeps R + |U| + |S|. With D, a drain that tries again
 * every 5 s would be granted a leaving pod for each replacement beyond D that is Ready, and the ReplicaSet would make
 * that pod again. This holds only as long as all replacements have room, or the drain would wait forever where it need
 * not. In a stuck zone (stuckZone.ts) leaving pods are no part of U, since only an eviction takes them.
 *
 * A station may prefer to dip below demand rather than keep a node from leaving (`whenNoRoom: Dip`). When replacements
 * of its leaving pods have found no room for 15 s, the budget keeps fewer:
 *
 *   D + |U without the leaving ones| + |S| − min(replacements without room, D − sure)
 *
 * Then the allowance is sure + leaving − D + what is given up. That is never more than the leaving pods, and all of
 * them where none of their replacements has room. The budget is raised again as soon as they are gone, or there is
 * room. So it is with pods on leaving nodes of a shifted zone, where the one spare pod that is made for them finds none.
 *
 * Hard part: when to lower it. It is raised at once. It is lowered only when
 *
 * - its status is of this generation and counts no pod that we do not see;
 * - no pod began to be deleted in the last 2 s, strangers included: the budget's controller may not know of it yet, and
 *   a new pod would hide in its count;
 * - every Deployment has been observed, since a template that was just written has its surge still to come;
 * - no pod is about to become Ready, unless a node is leaving: only a drain needs it sooner, and each doubtful pod that
 *   goes would be a write of its own.
 *
 * A crash may leave the budget too strict, but never too weak. A budget that is being deleted guards as it is until it
 * is gone, and is made again then. Each write holds only for the version on which it was decided: a late one would take
 * back what was set apart since.
 *
 * Example: D is 6 and R is 9, and one pod is on a lost node. minAvailable is 7. The API server counts 9 healthy pods
 * and allows 2 evictions, which is 8 sure pods − 6.
 */
import type { Attempt } from '../attempt.ts';
import { surePods } from '../../../model/pod.ts';
import type { PodView } from '../../../model/pod.ts';
import type { BudgetView } from '../../../model/child.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { Step, Wait } from '../../../model/plan.ts';
import { budgetIntent } from '../../children/budget.ts';
import { ours } from '../picture.ts';
import { count } from '../../../model/words.ts';
import { isHeld, onlyIf } from '../../children/intent.ts';
import { isLeaving, isShiftedToGo } from './owed.ts';
import { lackingIn, notMade, withoutRoom } from '../room.ts';
import { stuckAt } from './stuckZone.ts';
import { NO_ROOM_MS } from '../../../model/thresholds.ts';
import { surgeUnderWay } from './rollOut.ts';

/** What the budget is to keep, given what a rule wants set apart. */
export function minAvailableFor(picture: Picture, attempt: Attempt | undefined): number {
  const surge = surgeUnderWay(picture.zones) + (attempt?.surge ?? 0);
  const kept = uncounted(picture, attempt);
  const givenUp = dip(picture, kept);
  const held = leavingOwed(picture.zones.filter((zone) => stuckAt(zone) === undefined));
  const apart = surge + readyStrangers(picture);
  if (givenUp === 0) return floorOf(picture) + new Set([...kept, ...held]).size + apart;
  return picture.demand + kept.size + apart - givenUp;
}

/** How many of the pods that may be counted on the budget keeps. */
function floorOf(picture: Picture): number {
  const { demand, reachableTarget, zones } = picture;
  const isReplacing = leavingOwed(zones).length > 0 && zones.every(isRoomy);
  return isReplacing ? Math.max(demand, reachableTarget) : demand;
}

function isRoomy(zone: ZonePicture): boolean {
  return (
    stuckAt(zone) === undefined && withoutRoom(zone).length + notMade(zone) === 0 && !zone.alive.some((pod) => pod.slow)
  );
}

/**
 * How many pods below demand the budget goes, so that a node can be left although the replacements of its pods find no
 * room.
 */
function dip(picture: Picture, kept: ReadonlySet<string>): number {
  const { snapshot, zones, demand } = picture;
  const spare = lacksSpare(picture) ? 1 : 0;
  if (snapshot.station.spec.whenNoRoom !== 'Dip' || leavingOwed(zones).length + spare === 0) return 0;
  const missing = lackingIn(zones);
  const sure = zones.flatMap(({ alive }) => surePods(alive).filter((pod) => !kept.has(pod.uid))).length;
  return Math.max(0, Math.min(missing, demand + spare - sure));
}

/** Whether the pod finds no room whose allowance is to let pods of shifted zones be evicted. */
function lacksSpare({ zones }: Picture): boolean {
  const isToGo = zones.some(({ alive }) => alive.some(isShiftedToGo));
  return isToGo && lackingIn(zones.filter(({ frozen }) => !frozen)) > 0;
}

/** By then every working controller knows of a delete. */
const HEARD_MS = 2_000;

/** The write of the budget that is due now, or the wait for the moment when it may be lowered. */
export function protectStep(picture: Picture, minAvailable: number): Step | Wait | undefined {
  const { snapshot } = picture;
  if (snapshot.budget.state === 'taken' || snapshot.budget.state === 'deleting') return undefined;
  const budget = ours(snapshot.budget);
  const current = budget?.minAvailable;
  const lowers = current !== undefined && minAvailable < current;
  const unheardMs = HEARD_MS - newestDeleteMs(picture);
  if (lowers && unheardMs > 0) {
    return {
      what: `keep ${minAvailable} ready`,
      why: 'the budget’s controller may not know of every delete yet',
      lookAgainMs: unheardMs,
    };
  }
  const keeps = lowers && budget !== undefined && !mayLower(picture, budget) ? current : minAvailable;
  const wanted = budgetIntent(snapshot, keeps);
  if (budget !== undefined && isHeld(budget, wanted)) return undefined;
  const intent = budget === undefined ? wanted : onlyIf(budget.resourceVersion, wanted);
  return { kind: 'applyBudget', intent, minAvailable: keeps, why: whyBudget(picture, keeps) };
}

/** U without the owed pods on leaving nodes. */
function uncounted(picture: Picture, attempt: Attempt | undefined): ReadonlySet<string> {
  // Without demand nothing leans on shifted pods, and no spare pod is made that their evictions could come out of.
  const areApart = picture.demand > 0;
  const doubtful = picture.zones.flatMap((zone) =>
    zone.alive.filter(({ state }) => state === 'doubtful' || (areApart && state === 'shifted')),
  );
  const going = picture.zones.flatMap(stillToGo);
  return new Set([...doubtful, ...going, ...(attempt?.reserved ?? [])].map((pod) => pod.uid));
}

/** |S|. */
function readyStrangers({ snapshot }: Picture): number {
  return snapshot.strangers.filter(({ ready, deletingMs }) => ready && deletingMs === undefined).length;
}

function leavingOwed(zones: readonly ZonePicture[]): readonly string[] {
  return zones.flatMap((zone) => zone.owed.filter((pod) => pod.state === 'leaving')).map((pod) => pod.uid);
}

/** Ready pods that the ReplicaSet was told to delete and has not deleted yet: those that it takes first. */
function stillToGo({ alive, replicas, rolling }: ZonePicture): readonly PodView[] {
  const ready = alive.filter((pod) => pod.ready).toSorted((a, b) => Number(b.marked) - Number(a.marked));
  const many = alive.length - replicas - (alive.length - ready.length);
  return rolling ? [] : ready.slice(0, Math.max(0, many));
}

function newestDeleteMs({ snapshot, zones }: Picture): number {
  const pods = [...zones.flatMap((zone) => zone.view.pods), ...snapshot.strangers];
  return Math.min(...pods.flatMap((pod) => pod.deletingMs ?? []));
}

function isMaking({ zones }: Picture): boolean {
  return zones.some((zone) => {
    const isToMake = zone.alive.length + notMade(zone) < zone.replicas;
    return isToMake || zone.alive.some(isAboutToServe);
  });
}

/** A pod that starts as others do: it has a healthy node, or will have one soon. */
function isAboutToServe({ state, node, slow, stuck, unschedulable, unplacedMs = 0 }: PodView): boolean {
  const isHeldUp = slow || stuck !== undefined || unschedulable !== undefined || unplacedMs >= NO_ROOM_MS;
  return state === 'starting' && !isHeldUp && (node === undefined || node.state === 'healthy');
}

function isAnyLeaving({ zones }: Picture): boolean {
  return zones.some(({ alive }) => alive.some(({ state, node }) => state === 'leaving' || node?.state === 'leaving'));
}

function mayLower(picture: Picture, budget: BudgetView): boolean {
  // A cordon seen just now may be taken back. Or it is old, and an operator before this one has set its pods apart.
  if (picture.zones.some(({ alive }) => alive.some((pod) => pod.state === 'leaving' && !isLeaving(pod)))) return false;
  if (isMaking(picture) && !isAnyLeaving(picture)) return false;
  const own = picture.zones.flatMap((zone) => zone.alive.filter((pod) => pod.ready)).length;
  const ready = own + readyStrangers(picture);
  const observed = picture.zones.every(
    ({ deployment }) => deployment === undefined || deployment.observedGeneration >= deployment.generation,
  );
  return observed && budget.observedGeneration >= budget.generation && budget.currentHealthy <= ready;
}

function whyBudget(picture: Picture, minAvailable: number): string {
  const floor = floorOf(picture);
  const apart = minAvailable - floor;
  const demand = `keeps ${minAvailable} ready: ${floor === picture.demand ? `demand ${floor}` : `the ${floor} wanted`}`;
  if (apart < 0) return `${demand} less ${-apart} whose replacements find no room (whenNoRoom: Dip)`;
  return apart === 0 ? demand : `${demand} and ${count(apart, 'pod')} that may not be counted on`;
}
