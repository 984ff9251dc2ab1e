/*
 * Survival: measures which losses the pods survive as they run now, not as they are planned.
 *
 *   the most zones, nodes or pods, any of which may vanish with sure − lost ≥ demand
 *
 * The worst loss of k groups is that of the k fullest ones.
 *
 * Example: 9 sure pods, 3 in each of 3 zones, with a demand of 6, survive the loss of 1 zone.
 */
import type { Survival } from '../../model/plan.ts';
import type { ZoneName } from '../../api/zone.ts';
import { showZone } from '../../api/zone.ts';
import { count } from '../../model/words.ts';

/** A pod that may be counted on, by where it runs. */
export interface PlacedPod {
  readonly zone: ZoneName;
  readonly node: string;
}

/** How many losses of each kind a placement survives. */
export interface Margins {
  readonly pods: number;
  readonly nodes: number;
  readonly zones: number;
}

/** The margins of a placement: all −1 when it is short of demand already, Infinity when nothing is demanded. */
export function marginsOf(placed: readonly PlacedPod[], demand: number): Margins {
  if (demand === 0) return { pods: Infinity, nodes: Infinity, zones: Infinity };
  const spare = placed.length - demand;
  return {
    pods: Math.max(-1, spare),
    nodes: mostThatMayGo(
      loadsBy(placed, (pod) => pod.node),
      spare,
    ),
    zones: mostThatMayGo(
      loadsBy(placed, (pod) => pod.zone),
      spare,
    ),
  };
}

/** The measured survival, and the declared loss that would not be survived. */
export function survivalOf(
  placed: readonly PlacedPod[],
  demand: number,
  declared: {
    readonly survive: Margins;
    readonly lostZones: readonly ZoneName[];
    readonly shiftedZones?: readonly ZoneName[];
  },
): Survival {
  const margins = marginsOf(placed, demand);
  const { shiftedZones = [] } = declared;
  const zonesLeft = Math.max(0, declared.survive.zones - declared.lostZones.length - shiftedZones.length);
  return {
    pods: between(0, margins.pods, placed.length),
    nodes: between(0, margins.nodes, loadsBy(placed, (pod) => pod.node).size),
    zones: between(0, margins.zones, loadsBy(placed, (pod) => pod.zone).size),
    short: Math.max(0, demand - placed.length),
    lostZones: declared.lostZones,
    ...(shiftedZones.length === 0 ? {} : { shiftedZones }),
    worst: worstLoss(placed, demand, { ...declared.survive, zones: zonesLeft }),
  };
}

function worstLoss(placed: readonly PlacedPod[], demand: number, survive: Margins): string | undefined {
  if (placed.length < demand) return `${placed.length} of ${demand} are sure`;
  const candidates = [
    fullest(
      loadsBy(placed, (pod) => showZone(pod.zone)),
      survive.zones,
    ),
    fullest(
      loadsBy(placed, (pod) => pod.node),
      survive.nodes,
    ),
    { names: count(survive.pods, 'pod'), lost: Math.min(survive.pods, placed.length) },
  ];
  const worst = candidates.toSorted((a, b) => b.lost - a.lost)[0];
  if (worst === undefined || placed.length - worst.lost >= demand) return undefined;
  return `losing ${worst.names} leaves ${placed.length - worst.lost} of ${demand}`;
}

function fullest(loads: ReadonlyMap<string, number>, many: number): { readonly names: string; readonly lost: number } {
  const chosen = [...loads].toSorted((a, b) => b[1] - a[1]).slice(0, many);
  return {
    names: chosen.map(([name]) => name).join(' and '),
    lost: chosen.reduce((sum, [, load]) => sum + load, 0),
  };
}

function mostThatMayGo(loads: ReadonlyMap<string, number>, spare: number): number {
  if (spare < 0) return -1;
  let left = spare;
  let gone = 0;
  for (const load of [...loads.values()].toSorted((a, b) => b - a)) {
    left -= load;
    if (left < 0) break;
    gone += 1;
  }
  return gone;
}

function loadsBy(placed: readonly PlacedPod[], group: (pod: PlacedPod) => string): ReadonlyMap<string, number> {
  const loads = new Map<string, number>();
  for (const pod of placed) loads.set(group(pod), (loads.get(group(pod)) ?? 0) + 1);
  return loads;
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
