import type { ZoneFigures } from './zoneFigures.ts';
import { LINE_FACTOR } from './zoneFigures.ts';

/** What it costs, in milliseconds, that a request of one zone is served in another. */
export type ZonePrice = (hubZone: string, zone: string) => number;

/** Requests a second, by the hub's zone and then by the pods' zone. */
export type Flow = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface Wanted {
  /** Requests a second that come to the hubs of each zone. */
  readonly rates: ReadonlyMap<string, number>;
  readonly figures: readonly ZoneFigures[];
  /** The wait where nothing stands in line, in seconds. */
  readonly baseS: number | undefined;
  readonly price: ZonePrice;
}

/** A wait says no more than this, so that a zone which answers nothing can still be compared with another. */
const WAIT_MOST_MS = 10_000;
/** Another zone is given at most so much more than it does now, and one request a second a pod: no leap in the dark. */
const LEAP = 1.3;

/** Zones whose waits differ by less cost the same: else the one that is quicker by a microsecond would get all. */
const COST_STEP_MS = 5;
/** Requests that find a zone full in one round go to the others of that cost in the next. */
const ROUNDS = 4;

interface Arc {
  readonly from: string;
  readonly to: ZoneFigures;
  readonly costMs: number;
}

/**
 * Where the requests of each zone i are best served: the cheapest first, as far as there is room.
 *
 *     cost_ij = price_ij + (least W_j of five samples − 2.5 S)⁺        in milliseconds
 *     Σ_j x_ij = rate_i,   Σ_i x_ij ≤ room_j,   and ≤ 1.3 X_j + pods_j with those from elsewhere
 *
 * A line is no cost, since its zone has less room: when it was both, zones overshot, and shares swung by 23 points. What
 * finds no room so is sent beyond what is known, the cheapest first; and what finds none then to the zones without a line, by
 * pods; where a line stands in all, by what they can do. A zone that fails more than others keeps its own, and gets no more.
 */
export function bestFlow(wanted: Wanted): Flow {
  const { rates, figures } = wanted;
  const usable = figures.filter(({ pods }) => pods > 0);
  const flow = new Map([...rates.keys()].map((from) => [from, new Map(usable.map(({ zone }) => [zone, 0]))]));
  const left = new Map(rates);
  const rooms = new Rooms(usable);
  const groups = groupsByCost(wanted, usable);
  // What found no room so goes where there is room, known or not: rather there than to a zone that is full.
  for (const isBold of [false, true]) {
    for (const arcs of groups) fill({ arcs, left, flow, rooms: rooms.as(isBold) });
  }
  spreadRest(flow, left, usable);
  return flow;
}

interface Filling {
  readonly arcs: readonly Arc[];
  readonly left: Map<string, number>;
  readonly flow: ReadonlyMap<string, Map<string, number>>;
  readonly rooms: Rooms;
}

function fill({ arcs, left, flow, rooms }: Filling): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { from, to, sent } of sentOver(arcs, left, rooms)) {
      rooms.take(to.zone, sent);
      add(left, from, -sent);
      add(flow.get(from), to.zone, sent);
    }
  }
}

/**
 * What goes over arcs of one cost in one round: nothing beyond the room that there is. Requests are spread by room where all
 * of it is known, and else by pods: what a zone is trusted with grows with what it gets, and the first would end up with all.
 */
function sentOver(
  arcs: readonly Arc[],
  left: ReadonlyMap<string, number>,
  rooms: Rooms,
): readonly (Arc & { readonly sent: number })[] {
  const isKnown = arcs.every(({ to }) => Number.isFinite(to.room));
  const open = arcs.flatMap((arc) => {
    const room = rooms.of(arc);
    return room <= 0 ? [] : [{ ...arc, room, part: isKnown ? room : arc.to.pods }];
  });
  const parts = new Map<string, number>();
  for (const { from, part } of open) add(parts, from, part);
  const wanted = open.flatMap((arc) => {
    const wants = ((left.get(arc.from) ?? 0) * arc.part) / (parts.get(arc.from) ?? 1);
    // What was sent in parts may come to a little more than there was.
    return wants > 0 ? [{ ...arc, wants }] : [];
  });
  const wants = new Map<string, number>();
  for (const arc of wanted) add(wants, arc.to.zone, arc.wants);
  return wanted.map((arc) => ({ ...arc, sent: arc.wants * Math.min(1, arc.room / (wants.get(arc.to.zone) ?? 1)) }));
}

/** The room that zones have left. */
class Rooms {
  readonly #all: Map<string, number>;
  /** Below this, requests from elsewhere may come. */
  readonly #known: Map<string, number>;
  #isBold = false;

  constructor(zones: readonly ZoneFigures[]) {
    this.#all = new Map(zones.map(({ zone, room }) => [zone, room]));
    // Where a line stands, the room itself has been learnt.
    this.#known = new Map(
      zones.map(({ zone, hasLine, done, pods }) => [zone, hasLine ? Infinity : LEAP * done + pods]),
    );
  }

  /** From now on, what is not known counts as room, too. */
  as(isBold: boolean): this {
    this.#isBold = isBold;
    return this;
  }

  of({ from, to: { zone, isFailing } }: Pick<Arc, 'from' | 'to'>): number {
    const all = this.#all.get(zone) ?? 0;
    if (from === zone) return Math.max(0, all);
    // More requests fail there than elsewhere.
    if (isFailing) return 0;
    return Math.max(0, this.#isBold ? all : Math.min(all, this.#known.get(zone) ?? 0));
  }

  take(zone: string, sent: number): void {
    add(this.#all, zone, -sent);
    add(this.#known, zone, -sent);
  }
}

/** Arcs of one cost together, the cheapest first, and of equal ones those that stay at home. */
function groupsByCost({ rates, baseS, price }: Wanted, usable: readonly ZoneFigures[]): readonly (readonly Arc[])[] {
  const arcs = [...rates.keys()].flatMap((from) =>
    usable.map((to): Arc => ({ from, to, costMs: price(from, to.zone) + waitMs(to, baseS) })),
  );
  const isHome = ({ from, to }: Arc): boolean => from === to.zone;
  const groups = Map.groupBy(arcs, (arc) => `${arc.costMs} ${isHome(arc)}`);
  return [...groups.values()].toSorted(([a], [b]) =>
    a === undefined || b === undefined ? 0 : a.costMs - b.costMs || Number(isHome(b)) - Number(isHome(a)),
  );
}

/** What a request has long waited in a zone beyond what is usual. Less than 2.5 times the usual is noise. */
function waitMs({ lastingWaitS: waitS }: ZoneFigures, baseS: number | undefined): number {
  if (waitS === undefined || baseS === undefined) return 0;
  const ms = Math.min(WAIT_MOST_MS, 1000 * Math.max(0, waitS - LINE_FACTOR * baseS));
  return COST_STEP_MS * Math.round(ms / COST_STEP_MS);
}

function spreadRest(
  flow: ReadonlyMap<string, Map<string, number>>,
  left: ReadonlyMap<string, number>,
  usable: readonly ZoneFigures[],
): void {
  const open = usable.filter(({ hasLine, isFailing }) => !hasLine && !isFailing);
  const parts = open.length > 0 ? open.map(({ zone, pods }) => ({ zone, part: pods })) : usable.map(ableTo);
  const all = parts.reduce((sum, { part }) => sum + part, 0);
  if (all <= 0) return;
  for (const [from, rest] of left)
    for (const { zone, part } of parts) add(flow.get(from), zone, (Math.max(0, rest) * part) / all);
}

function ableTo({ zone, pods, perPod = 0 }: ZoneFigures): { readonly zone: string; readonly part: number } {
  // A pod of which nothing came yet gets a little: it may have begun to answer.
  return { zone, part: pods * Math.max(perPod, 0.1) };
}

function add(into: Map<string, number> | undefined, key: string, more: number): void {
  into?.set(key, (into.get(key) ?? 0) + more);
}
