/*
 * Shares: says how many pods each zone is to have.
 *
 *   R_z = the solver's placement over the zones that can be planned with, under caps
 *
 * - A lost zone spends one of `survive.zones` and keeps what it has. So does a zone that requests are to leave for a
 *   time (`spec.shifts`): the others make what it holds. So does a zone that has been back for less than 2
 *   minutes, since it may go again, unless there is no other zone.
 * - A full zone is capped at the pods it holds. Its pods without room stay: they tell when there is room again, and an
 *   autoscaler sees them. So it keeps what it is told to have, but at least its share if no zone were full, and at most
 *   what it would get under the caps of the others. With less it would look as if it had room, and would grow again.
 *   What it was told for owed pods is left out, or it would be added once more.
 * - A zone with a pod that has found no node yet keeps as much, and so does one that may soon be closing. Zones become
 *   full, or close, one after another, and the last would be told to have what all the others miss.
 * - A closing zone (closing.ts) is capped at 0, and the others get its share, unless there is no other. So is a zone
 *   whose Deployment is being deleted: no pod is made in it, and those that are there may go at any moment. It gets its
 *   share back when the Deployment is made again.
 * - While a Ready stranger is on a leaving node, or a pod of a shifted zone, at least one pod is spare. Its eviction
 *   comes out of the allowance for the pods that count. Without a spare pod it would be refused for as long as the
 *   stranger is there, or the shift lasts.
 * - What a failing zone misses goes to the emptiest zones that are neither failing nor full. Without such a zone it is
 *   made good in place. Its other pods count, and it spends nothing. So it is with a zone that may be dying because its
 *   Leases are overdue (zoneDoubt.ts).
 * - While a zone in doubt waits (wave.ts), it is not told to have more.
 *
 * Hard part: the answer must not swing. If a full zone were told to have only what it holds, it would look roomy, grow,
 * and be full again.
 *
 * Example: D is 6, one of 3 zones may be lost, and each zone is told 3. zone-c has room for only 2 pods. zone-a and
 * zone-b get 4 each, and zone-c keeps 3, one of which waits for room.
 */
import { isClosing, mayClose } from './rules/closing.ts';
import { strangersToGo } from './rules/foreignPods.ts';
import { isMisplaced, misplacedIn } from './rules/misplaced.ts';
import { isLeaving, isShiftedToGo, madeGoodNow, owedIn, owesLeavingPods } from './rules/owed.ts';
import type { Hindrance } from './rules/owed.ts';
import { waveLeftMs } from './rules/wave.ts';
import { solve } from './solve.ts';
import type { Question, Solution, ZoneRoom } from './solve.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { isOut } from '../../model/zone.ts';
import type { ZoneView } from '../../model/zone.ts';
import { alivePods } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import { mayLackOf } from '../../model/rolling.ts';
import type { ZoneName } from '../../api/zone.ts';

export interface Shares {
  /** R, and which declared losses it cannot keep. */
  readonly solution: Solution;
  /** R as if there were room for it. */
  readonly declaredTotal: number;
  /** R_z as if no zone were full; equal to `solution` where none is. */
  readonly uncapped: Solution;
  /** Pods on leaving nodes are replaced before they go. */
  readonly owesLeaving: boolean;
  /** R_z of every zone that can be planned with. */
  readonly perZone: ReadonlyMap<ZoneName, number>;
}

/** The shares of all zones of a station. */
export function sharesOf(snapshot: Snapshot): Shares {
  const { station, zones } = snapshot;
  const declared = zones.filter((zone) => zone.declared);
  const planned = plannedZones(declared);
  const question: Question = {
    demand: station.spec.replicas,
    survive: withSpare(snapshot),
    zones: planned.map((zone) => roomOf(zone, capOf(zone, planned))),
    lostZones: declared.filter((zone) => isSpent(zone) && !planned.includes(zone)).length,
  };
  const solution = solve(question);
  const isAnyFull = planned.some((zone) => isCapped(zone) || !mayHaveProbes(zone));
  const asIfRoomy = { ...question, zones: planned.map((zone) => roomOf(zone, Infinity)) };
  const uncapped = isAnyFull ? solve(asIfRoomy) : solution;
  const waits = (zone: ZoneView): boolean => waveLeftMs(zone, snapshot) > 0;
  const failing = planned.filter((zone) => mayDie(zone) && !waits(zone));
  const open = planned.filter((zone) => !mayDie(zone) && capOf(zone, planned) === Infinity);
  const owesLeaving = owesLeavingPods(zones, question.demand, solution.total);
  const toldFor = (zone: ZoneView): number =>
    toldWithoutOwed(zone, owesLeaving, { waveLeftMs: waveLeftMs(zone, snapshot), isClosing: isClosing(zone) });
  const shares = withProbes(planned, question, { solution, uncapped, toldFor });
  const waiting = planned.filter((zone) => zone.doubt !== undefined && waits(zone));
  const perZone = withoutFailing(noMoreThanTold(shares, waiting, toldFor), failing, open);
  const declaredTotal = solution.beyond.includes('room') ? uncapped.total : solution.total;
  return { solution, perZone, declaredTotal, uncapped, owesLeaving };
}

function capOf(zone: ZoneView, planned: readonly ZoneView[]): number {
  if (zone.deployment.state === 'deleting') return 0;
  if (isClosing(zone)) return planned.every(isClosing) ? Infinity : 0;
  return isCapped(zone) ? holdsIn(zone) : Infinity;
}

function withSpare(snapshot: Snapshot): Question['survive'] {
  const { survive } = snapshot.station.spec;
  const isSpareNeeded =
    strangersToGo(snapshot).length > 0 || snapshot.zones.some(({ pods }) => pods.some(isShiftedToGo));
  return isSpareNeeded ? { ...survive, pods: Math.max(1, survive.pods) } : survive;
}

/** Whether a zone is left as it is: it is lost, or has not been back for long enough. */
export function isFrozen(zone: ZoneView, { perZone }: Shares): boolean {
  return zone.declared && isSpent(zone) && !perZone.has(zone.name);
}

function isSpent(zone: ZoneView): boolean {
  return isOut(zone) || zone.state === 'returning';
}

function plannedZones(declared: readonly ZoneView[]): readonly ZoneView[] {
  const steady = declared.filter(({ state }) => state === 'live' || state === 'failing');
  return steady.length > 0 ? steady : declared.filter(({ state }) => state === 'returning');
}

interface Answers {
  readonly solution: Solution;
  readonly uncapped: Solution;
  /** How many pods a zone is told to have, without those for owed pods. */
  readonly toldFor: (zone: ZoneView) => number;
}

function withProbes(
  planned: readonly ZoneView[],
  question: Question,
  { solution, uncapped, toldFor }: Answers,
): ReadonlyMap<ZoneName, number> {
  const full = planned.filter((zone) => mayHaveProbes(zone) && (isCapped(zone) || maySoonBeFull(zone)));
  const perZone = new Map(solution.perZone);
  for (const zone of full) {
    const zones = question.zones.map((each) => (each.name === zone.name ? roomOf(zone, Infinity) : each));
    const most = solve({ ...question, zones }).perZone.get(zone.name) ?? 0;
    perZone.set(zone.name, Math.max(uncapped.perZone.get(zone.name) ?? 0, Math.min(toldFor(zone), most)));
  }
  return perZone;
}

function mayHaveProbes(zone: ZoneView): boolean {
  return !isClosing(zone) && zone.deployment.state !== 'deleting';
}

function maySoonBeFull(zone: ZoneView): boolean {
  return mayClose(zone) || alivePods(zone.pods).some(({ unschedulable }) => unschedulable !== undefined);
}

function toldWithoutOwed(zone: ZoneView, owesLeaving: boolean, hindrance: Hindrance): number {
  const { deployment } = zone;
  const alive = alivePods(zone.pods);
  const owed = madeGoodNow(owedIn(alive, owesLeaving), hindrance).length + misplacedIn(zone, alive).length;
  return deployment.state === 'ours' ? Math.max(0, deployment.replicas - owed) : 0;
}

/** Whether other zones make what this one misses. */
export function mayDie({ state, doubt }: ZoneView): boolean {
  return state === 'failing' || doubt === 'overdue';
}

function noMoreThanTold(
  shares: ReadonlyMap<ZoneName, number>,
  waiting: readonly ZoneView[],
  toldFor: Answers['toldFor'],
): ReadonlyMap<ZoneName, number> {
  const held = waiting.map((zone) => [zone.name, Math.min(shares.get(zone.name) ?? 0, toldFor(zone))] as const);
  return new Map([...shares, ...held]);
}

function withoutFailing(
  shares: ReadonlyMap<ZoneName, number>,
  failing: readonly ZoneView[],
  open: readonly ZoneView[],
): ReadonlyMap<ZoneName, number> {
  if (open.length === 0) return shares;
  const perZone = new Map(shares);
  let missing = 0;
  for (const zone of failing) {
    const share = perZone.get(zone.name) ?? 0;
    const kept = Math.min(share, holdsIn(zone));
    perZone.set(zone.name, kept);
    missing += share - kept;
  }
  for (; missing > 0; missing--) {
    const emptiest = open.reduce((a, b) => ((perZone.get(b.name) ?? 0) < (perZone.get(a.name) ?? 0) ? b : a));
    perZone.set(emptiest.name, (perZone.get(emptiest.name) ?? 0) + 1);
  }
  return perZone;
}

/** Full, or making room for a rollout: either way it lacks room. */
function isCapped(zone: ZoneView): boolean {
  return zone.full !== undefined || placesOf(zone) > 0;
}

function roomOf({ name, nodes }: ZoneView, cap: number): ZoneRoom {
  return { name, nodes: nodes.count, cap };
}

/** Pods that have a node and will stay on it, and pods that may still find one. */
function holdsIn(zone: ZoneView): number {
  const { pods, deployment } = zone;
  if (deployment.state === 'deleting') return 0;
  const alive = alivePods(pods);
  const isOurs = deployment.state === 'ours' && deployment.replicaFailure === undefined;
  const toBeMade = isOurs ? Math.max(0, deployment.replicas - alive.length) : 0;
  const held = alive.filter(hasRoom).length + toBeMade;
  // While old pods go first (makeRoom.ts), the place of one that went counts as room: a new pod is about to take it.
  return Math.max(held, placesOf(zone));
}

/** How many pods the zone has room for where old ones go first in a rollout; 0 where none do, or where that got stuck. */
function placesOf({ deployment, unsettledMs = 0 }: ZoneView): number {
  if (deployment.state !== 'ours' || unsettledMs >= deployment.progressDeadlineMs) return 0;
  const lacks = mayLackOf(deployment);
  return lacks === 0 ? 0 : deployment.replicas - lacks + 1;
}

function hasRoom(pod: PodView): boolean {
  if (pod.node === undefined) return pod.unschedulable === undefined;
  return !pod.node.lostWithIt && !pod.slow && !isLeaving(pod) && !isMisplaced(pod);
}
