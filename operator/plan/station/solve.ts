/*
 * Solve: finds the smallest number of pods, and their zones, that keeps what is declared.
 *
 *   R − Σ of the k fullest zones ≥ D        k = zones that may go, less those that are lost already
 *   R − Σ of the n fullest nodes ≥ D        a node of zone z holds ⌈R_z / nodes of z⌉, however the scheduler spreads
 *   R − p ≥ D
 *
 * Zones differ by at most one pod, within the caps of zones that have no more room. Which zones hold the odd pods
 * matters only for nodes.
 *
 * Hard part: R does not grow evenly with D (⌈⌉), and caps make the zones unequal. So R is searched upwards from a lower
 * bound: the k fullest of Z zones hold at least k/Z of all pods, and the n fullest of N nodes at least n/N. The answer
 * depends only on the question, and never on where pods are now. Otherwise R would flip with the placement.
 *
 * Example: D is 6, and one of 3 zones may be lost. R is 9, 3 in each zone: losing any zone leaves 6.
 */
import type { ZoneName } from '../../api/zone.ts';

/** A zone that can be planned with. */
export interface ZoneRoom {
  readonly name: ZoneName;
  /** Nodes that the station can run on, lost and leaving ones too, so that the loss of a node never raises R. */
  readonly nodes: number;
  /** The most pods that it may hold; `Infinity` while it is not full. */
  readonly cap: number;
}

export interface Question {
  readonly demand: number;
  readonly survive: { readonly pods: number; readonly nodes: number; readonly zones: number };
  /** In the station's fixed order, which decides between equal zones. */
  readonly zones: readonly ZoneRoom[];
  /** How many declared zones are lost: each spends one of `survive.zones`. */
  readonly lostZones: number;
}

export interface Solution {
  readonly total: number;
  readonly perZone: ReadonlyMap<ZoneName, number>;
  /** What no placement can keep. The solution then keeps as much of it as it can. */
  readonly beyond: readonly ('zones' | 'nodes' | 'room')[];
}

/** The smallest number of pods, and their zones, that keeps what the question declares. */
export function solve(question: Question): Solution {
  const { demand, zones } = question;
  const nodeCount = zones.reduce((sum, zone) => sum + nodesOf(zone), 0);
  const wantedZones = Math.max(0, question.survive.zones - question.lostZones);
  const goal: Goal = {
    demand,
    pods: question.survive.pods,
    zones: Math.max(0, Math.min(wantedZones, zones.length - 1)),
    nodes: Math.max(0, Math.min(question.survive.nodes, nodeCount - 1)),
  };
  const beyond: Solution['beyond'][number][] = [];
  if (demand > 0 && wantedZones > goal.zones) beyond.push('zones');
  if (demand > 0 && question.survive.nodes > goal.nodes) beyond.push('nodes');
  if (demand === 0 || zones.length === 0)
    return solution(
      zones.map(() => 0),
      question,
      beyond,
    );

  const room = zones.reduce((sum, zone) => sum + zone.cap, 0);
  // If a zone has no cap, give up what no number of pods can keep, zones before nodes. If all zones have caps, use all
  // room.
  const lesser = [
    { ...goal, zones: 0 },
    { ...goal, zones: 0, nodes: 0 },
  ];
  for (const kept of Number.isFinite(room) ? [goal] : [goal, ...lesser]) {
    const counts = leastFor(kept, zones, Math.min(room, mostWorthTrying(kept, zones)));
    if (counts !== undefined) return solution(counts, question, kept === goal ? beyond : [...beyond, 'room']);
  }
  return solution(placements(room, zones)[0] ?? [], question, [...beyond, 'room']);
}

function leastFor(goal: Goal, zones: readonly ZoneRoom[], most: number): readonly number[] | undefined {
  const nodeCount = zones.reduce((sum, zone) => sum + nodesOf(zone), 0);
  for (let total = lowerBound(goal, zones.length, nodeCount); total <= most; total++) {
    const counts = placements(total, zones).find((each) => keeps(goal, each, zones));
    if (counts !== undefined) return counts;
  }
  return undefined;
}

/**
 * Where the search ends. When a zone of m nodes holds m·D + m² pods, any single node of it that is left holds demand,
 * and full zones take no more. So more pods keep nothing more.
 */
function mostWorthTrying(goal: Goal, zones: readonly ZoneRoom[]): number {
  const widest = Math.max(...zones.map(nodesOf));
  const enough = zones.map((zone) => Math.min(zone.cap, widest * (goal.demand + widest)));
  const full = zones.reduce((sum, { cap }) => sum + (Number.isFinite(cap) ? cap : 0), 0);
  return goal.demand + goal.pods + full + enough.reduce((sum, pods) => sum + pods, 0);
}

interface Goal {
  readonly demand: number;
  readonly pods: number;
  readonly nodes: number;
  readonly zones: number;
}

function lowerBound(goal: Goal, zoneCount: number, nodeCount: number): number {
  const forZones = Math.ceil((goal.demand * zoneCount) / (zoneCount - goal.zones));
  const forNodes = Math.ceil((goal.demand * nodeCount) / (nodeCount - goal.nodes));
  return Math.max(goal.demand + goal.pods, forZones, forNodes);
}

/**
 * Placements of a total within the caps. Zones differ by at most one pod, and the odd pods go where they raise the
 * fullest node least. The sum of the n fullest nodes is the least of n·t + Σ max(0, load − t) over all t. So the
 * cheapest placement for each t is listed as well.
 */
function placements(total: number, zones: readonly ZoneRoom[]): readonly (readonly number[])[] {
  const level = fullLevel(total, zones);
  const counts = zones.map((zone) => Math.min(zone.cap, level));
  const odd = total - counts.reduce((sum, count) => sum + count, 0);
  const open = zones.map((zone, index) => ({ zone, index })).filter(({ zone }) => zone.cap > level);
  open.sort(
    (a, b) =>
      podsOnFullestNode(level + 1, a.zone) - podsOnFullestNode(level + 1, b.zone) ||
      rise(level, a.zone) - rise(level, b.zone) ||
      a.index - b.index,
  );
  const cost = (zone: ZoneRoom, t: number): number => (podsOnFullestNode(level, zone) < t ? 0 : rise(level, zone));
  const loads = new Set(open.map(({ zone }) => podsOnFullestNode(level, zone)));
  const orders = [open, ...[...loads].map((t) => open.toSorted((a, b) => cost(a.zone, t) - cost(b.zone, t)))];
  return orders.map((order) => {
    const odds = new Set(order.slice(0, odd).map(({ index }) => index));
    return counts.map((count, index) => (odds.has(index) ? level + 1 : count));
  });
}

/** The highest level to which all zones can be filled, each within its cap, with at most `total` pods. */
function fullLevel(total: number, zones: readonly ZoneRoom[]): number {
  let level = 0;
  let left = total;
  const caps = zones.map((zone) => zone.cap).toSorted((a, b) => a - b);
  for (const [index, cap] of caps.entries()) {
    const perZone = Math.floor(left / (caps.length - index));
    if (perZone < cap - level) return level + perZone;
    left -= (cap - level) * (caps.length - index);
    level = cap;
  }
  return level;
}

/** How many nodes get a higher load from an odd pod: none where it fits beside the others. */
function rise(level: number, zone: ZoneRoom): number {
  return podsOnFullestNode(level + 1, zone) > podsOnFullestNode(level, zone) ? nodesOf(zone) : 0;
}

function keeps(goal: Goal, counts: readonly number[], zones: readonly ZoneRoom[]): boolean {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const nodeLoads = zones.flatMap((zone, index) => {
    const load = podsOnFullestNode(counts[index] ?? 0, zone);
    return Array.from({ length: Math.min(nodesOf(zone), goal.nodes) }, () => load);
  });
  return (
    total - goal.pods >= goal.demand &&
    total - sumOfFullest(counts, goal.zones) >= goal.demand &&
    total - sumOfFullest(nodeLoads, goal.nodes) >= goal.demand
  );
}

/** The sum of the `many` largest loads. */
export function sumOfFullest(loads: readonly number[], many: number): number {
  const fullest = loads.toSorted((a, b) => b - a).slice(0, many);
  return fullest.reduce((sum, load) => sum + load, 0);
}

function podsOnFullestNode(pods: number, zone: ZoneRoom): number {
  return Math.ceil(pods / nodesOf(zone));
}

/** A zone without a known node counts as one node: pods that wait for an autoscaler land on its first node. */
function nodesOf(zone: ZoneRoom): number {
  return Math.max(1, zone.nodes);
}

function solution(counts: readonly number[], question: Question, beyond: Solution['beyond']): Solution {
  return {
    total: counts.reduce((sum, count) => sum + count, 0),
    perZone: new Map(question.zones.map((zone, index) => [zone.name, counts[index] ?? 0])),
    beyond,
  };
}
