/*
 * Shares: how many pods each zone is to have, R_z. The solver's placement over the zones that can be planned with, and:
 *
 * - A lost zone spends one of `survive.zones` and keeps what it has; so does one that is back for less than 2 minutes, since
 *   it may go again, unless there is no other.
 * - A full zone is capped at the pods it holds. Its pods without room stay, to tell when there is room again and for an
 *   autoscaler to see: it keeps what it is told to have, between its share if no zone were full and what it would get
 *   under the caps of the others. Less would make it look as if it had room, and grow it again. What it was told for owed
 *   pods is no part of that: it would be added once more.
 * - A zone with a pod that has found no node yet keeps as much, and so does one that may close: zones become full, or close, one
 *   after another, and the last would be told to have what all the others miss.
 * - A closing zone (closing.ts) is capped at none, and the others get its share.
 * - What a failing zone is missing goes to the emptiest zones that are neither failing nor full; with none such, it is made
 *   good in place. Its other pods count, and it spends nothing.
 */
import { isClosing, mayClose } from './closing.ts';
import { isLeaving, madeGoodNow, owedIn, owesLeavingPods } from './owed.ts';
import { waveLeftMs } from './wave.ts';
import { solve } from './solve.ts';
import type { Question, Solution, ZoneRoom } from './solve.ts';
import type { PodView, Snapshot, ZoneView } from '../observe/snapshot.ts';
import type { ZoneName } from '../api/zone.ts';

export interface Shares {
  /** R, and what of the declaration it cannot keep. */
  readonly solution: Solution;
  /** R as if there were room for it. */
  readonly declaredTotal: number;
  /** R_z as if no zone were full; as in `solution` where none is. */
  readonly uncapped: Solution;
  /** Pods on leaving nodes are replaced first. */
  readonly owesLeaving: boolean;
  /** R_z of every zone that is planned with. */
  readonly perZone: ReadonlyMap<ZoneName, number>;
}

/** The shares of a station's zones. */
export function sharesOf(snapshot: Snapshot): Shares {
  const { station, zones } = snapshot;
  const declared = zones.filter((zone) => zone.declared);
  const planned = plannedZones(declared);
  const question: Question = {
    demand: station.spec.replicas,
    survive: station.spec.survive,
    zones: planned.map((zone) => roomOf(zone, capOf(zone))),
    lostZones: declared.filter((zone) => isSpent(zone) && !planned.includes(zone)).length,
  };
  const solution = solve(question);
  const isAnyFull = planned.some((zone) => zone.full !== undefined || isClosing(zone));
  const asIfRoomy = { ...question, zones: planned.map((zone) => roomOf(zone, Infinity)) };
  const uncapped = isAnyFull ? solve(asIfRoomy) : solution;
  const failing = planned.filter((zone) => zone.state === 'failing' && waveLeftMs(zone, snapshot) === 0);
  const open = planned.filter((zone) => zone.state !== 'failing' && capOf(zone) === Infinity);
  const owesLeaving = owesLeavingPods(zones, question.demand, solution.total);
  const toldFor = (zone: ZoneView): number => toldWithoutOwed(zone, owesLeaving, waveLeftMs(zone, snapshot));
  const shares = withProbes(planned, question, { solution, uncapped, toldFor });
  const perZone = withoutFailing(shares, failing, open);
  const declaredTotal = solution.beyond.includes('room') ? uncapped.total : solution.total;
  return { solution, perZone, declaredTotal, uncapped, owesLeaving };
}

function capOf(zone: ZoneView): number {
  if (isClosing(zone)) return 0;
  return zone.full === undefined ? Infinity : holdsIn(zone);
}

/** Whether a zone is left as it is: it is lost, or not back for long enough. */
export function isHeld(zone: ZoneView, { perZone }: Shares): boolean {
  return zone.declared && isSpent(zone) && !perZone.has(zone.name);
}

function isSpent({ state }: ZoneView): boolean {
  return state === 'lost' || state === 'returning';
}

function plannedZones(declared: readonly ZoneView[]): readonly ZoneView[] {
  const steady = declared.filter(({ state }) => state === 'live' || state === 'failing');
  return steady.length > 0 ? steady : declared.filter(({ state }) => state === 'returning');
}

interface Answers {
  readonly solution: Solution;
  readonly uncapped: Solution;
  /** Pods a zone is told to have, less those that stand in for owed ones. */
  readonly toldFor: (zone: ZoneView) => number;
}

function withProbes(
  planned: readonly ZoneView[],
  question: Question,
  { solution, uncapped, toldFor }: Answers,
): ReadonlyMap<ZoneName, number> {
  const full = planned.filter((zone) => !isClosing(zone) && (zone.full !== undefined || maySoonBeFull(zone)));
  const perZone = new Map(solution.perZone);
  for (const zone of full) {
    const zones = question.zones.map((each) => (each.name === zone.name ? roomOf(zone, Infinity) : each));
    const most = solve({ ...question, zones }).perZone.get(zone.name) ?? 0;
    perZone.set(zone.name, Math.max(uncapped.perZone.get(zone.name) ?? 0, Math.min(toldFor(zone), most)));
  }
  return perZone;
}

function maySoonBeFull(zone: ZoneView): boolean {
  return (
    mayClose(zone) || zone.pods.some(({ state, unschedulable }) => state !== 'deleting' && unschedulable !== undefined)
  );
}

function toldWithoutOwed({ pods, deployment }: ZoneView, owesLeaving: boolean, leftMs: number): number {
  const alive = pods.filter((pod) => pod.state !== 'deleting');
  const owed = madeGoodNow(owedIn(alive, owesLeaving), leftMs).length;
  return deployment.state === 'ours' ? Math.max(0, deployment.replicas - owed) : 0;
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

function roomOf({ name, nodes }: ZoneView, cap: number): ZoneRoom {
  return { name, nodes: nodes.length, cap };
}

/** Pods that have a node and will stay on it, and those that nobody has said yet would find none. */
function holdsIn({ pods, deployment }: ZoneView): number {
  const alive = pods.filter((pod) => pod.state !== 'deleting');
  const isOurs = deployment.state === 'ours' && deployment.replicaFailure === undefined;
  const toBeMade = isOurs ? Math.max(0, deployment.replicas - alive.length) : 0;
  return alive.filter(hasRoom).length + toBeMade;
}

function hasRoom(pod: PodView): boolean {
  if (pod.node === undefined) return pod.unschedulable === undefined;
  return !pod.node.lostWithIt && !pod.slow && !isLeaving(pod);
}
