import { noLoad, bothLoads } from './load.ts';
import type { SeenLoad, ZonePods } from './load.ts';
import { ANSWERS_LEAST, leastWaitOf, meanWaitOf, noSamples, withTurn } from './waitSamples.ts';
import type { WaitSamples } from './waitSamples.ts';

/** What is known of the pods of one zone, from all hubs. */
export interface ZoneFigures {
  readonly zone: string;
  readonly pods: number;
  /** Requests a second that were answered or failed there. */
  readonly done: number;
  /** Requests that are under way there. */
  readonly inFlight: number;
  /** How long a request takes, in seconds; Infinity: none comes back; undefined: too few to tell. */
  readonly waitS: number | undefined;
  /** The least wait of the last five samples, in seconds; undefined: there are fewer. */
  readonly lastingWaitS: number | undefined;
  /** No sample has been added for long: a few requests have to find out how the zone is by now. */
  readonly isUnheard: boolean;
  /** More of what is done there fails than elsewhere. Failures are quick: the zone would seem to be the best of all. */
  readonly isFailing: boolean;
  /** Requests stand in line: what comes out is all that can come out. */
  readonly hasLine: boolean;
  /** Requests a second that one pod can do, by what was seen while a line stood; undefined: none ever stood. */
  readonly perPod: number | undefined;
  /** Requests a second that the zone is given at most. */
  readonly room: number;
}

/** What has to be remembered from one turn to the next. */
export interface Learnt {
  /** The wait where nothing stands in line, in seconds; undefined: not known yet. */
  readonly baseS: number | undefined;
  /** By zone: what one pod can do. */
  readonly limits: ReadonlyMap<string, PodLimit>;
  /** By zone: how long requests took of late. */
  readonly samples: ReadonlyMap<string, WaitSamples>;
}

/** What one pod can do, as it was seen. */
export interface PodLimit {
  /** Requests a second: while a line stood, or without one if that was more. */
  readonly perPod: number;
  /** For how long a pod has since done nearly so much and no line stood, in seconds. */
  readonly agoS: number;
}

/** Requests wait in line where they take this many times as long as where there is no line. */
export const LINE_FACTOR = 2.5;
/** And where this many are under way a pod. One sign alone takes noise for a full zone: 4.8 % failed. */
const LINE_PER_POD = 2;
/** A zone where this part of all fails is a failing one. */
const FAILING = 0.1;
/** A zone is given this share of what it can do. */
const FILL = 0.85;
/** A line is to be gone after this. */
const DRAIN_S = 3;
/** The base follows a shorter wait by this share a second, and a longer one by the other. */
const BASE_DOWN = 0.2;
const BASE_UP = 0.01;
const BASE_LEAST_S = 0.001;
/** What a pod can do is forgotten only while it does this part of it: else nothing is lost by knowing it. */
const TRIED = 0.7;
/** After so many seconds without a line a zone is given all that it could do, and so is found out about again. */
const TRY_AGAIN_S = 30;

/**
 * Figures of each zone j from what hubs tell, with dt seconds since the turn before:
 *
 *     W_j = N_j / X_j                       Little's law: under way by done a second
 *     S   = least W_j lately, each of five samples together
 *     line_j ⇔ W_j ≥ 2.5 S and N_j ≥ 2 pods_j
 *     c_j = X_j / pods_j while a line stands (half-way a turn); t seconds later × (1 + (t / 30 s)² (1 / 0.85 − 1)), never
 *           below what is done
 *     room_j = 0.85 c_j pods_j − [line_j] (N_j − 2 S X_j)⁺ / 3 s;   no c_j yet: no bound
 *
 * What a pod can do is forgotten slowly at first and then ever faster: near the limit that was seen each attempt at more makes
 * requests wait, and a zone that has recovered is used in full within two minutes. When it grew evenly, by 3 % a second, shares
 * swung by 40 points.
 *
 * Source of W = N / X: J. D. C. Little, A Proof for the Queuing Formula L = λW, 1961. The law of forgetting is that of
 * TCP CUBIC, RFC 9438, 4.2, with a square.
 */
export function figuresOf(
  { hubZones, zones, between }: SeenLoad,
  before: Learnt,
  dtS: number,
): { readonly figures: readonly ZoneFigures[]; readonly learnt: Learnt } {
  const loads = zones.map((each) => {
    const load = hubZones.map((hubZone) => between(hubZone, each.zone)).reduce(bothLoads, noLoad);
    return { ...each, ...load, waitS: waitOf({ ...each, ...load }, dtS) };
  });
  const failing = failingZones(loads);
  const limits = new Map<string, PodLimit>();
  const samples = new Map(
    loads.map(({ zone, ...load }) => {
      const known = before.samples.get(zone) ?? noSamples;
      return [zone, failing.has(zone) ? known : withTurn(known, load, dtS)];
    }),
  );
  const baseS = baseOf(samples.values(), before.baseS, dtS);
  const figures = loads.map((load): ZoneFigures => {
    const { zone, pods, done, inFlight, waitS } = load;
    const isFailing = failing.has(zone);
    const hasLine =
      baseS !== undefined && waitS !== undefined && waitS >= LINE_FACTOR * baseS && inFlight >= LINE_PER_POD * pods;
    const known = before.limits.get(zone);
    const each = done / Math.max(1, pods);
    // Failures say nothing of what a pod can do, and a hang says as little: after it, a zone can do what it could before.
    const hangs = hasLine && done * dtS < ANSWERS_LEAST;
    const limit = isFailing || hangs ? known : limitOf({ each, hasLine, before: known }, dtS);
    if (limit !== undefined) limits.set(zone, limit);
    const perPod = limit && ableNow(limit);
    const line = hasLine ? Math.max(0, inFlight - 2 * baseS * done) / DRAIN_S : 0;
    const able = hangs ? each : (perPod ?? Infinity);
    const room = pods === 0 ? 0 : Math.max(0, FILL * able * pods - line);
    const { least: lastingWaitS, isOld } = leastWaitOf(samples.get(zone));
    return { zone, pods, done, inFlight, waitS, lastingWaitS, isUnheard: isOld, isFailing, hasLine, perPod, room };
  });
  return { figures, learnt: { baseS, limits, samples } };
}

interface Answers {
  readonly zone: string;
  readonly done: number;
  readonly failed: number;
}

/**
 * Zones where a tenth or more fails, and twice as much as where least does. Where all fail alike, it is the app or what is
 * asked for, and no reason to choose.
 */
function failingZones(loads: readonly Answers[]): ReadonlySet<string> {
  const parts = loads.filter(({ done }) => done > 0).map(({ zone, done, failed }) => ({ zone, part: failed / done }));
  const least = Math.min(...parts.map(({ part }) => part));
  return new Set(parts.filter(({ part }) => part >= FAILING && part >= 2 * least).map(({ zone }) => zone));
}

type ZoneLoad = ZonePods & { readonly done: number; readonly inFlight: number };

function waitOf({ pods, done, inFlight }: ZoneLoad, dtS: number): number | undefined {
  if (done * dtS >= ANSWERS_LEAST) return inFlight / done;
  // A few answers, and many requests that wait for one.
  return pods > 0 && inFlight >= Math.max(ANSWERS_LEAST, LINE_PER_POD * pods) ? inFlight / done : undefined;
}

function baseOf(all: Iterable<WaitSamples>, before: number | undefined, dtS: number): number | undefined {
  const waits = [...all].flatMap((samples) => meanWaitOf(samples) ?? []);
  if (waits.length === 0) return before;
  const least = Math.max(BASE_LEAST_S, Math.min(...waits));
  if (before === undefined) return least;
  return before + Math.min(1, (least < before ? BASE_DOWN : BASE_UP) * dtS) * (least - before);
}

interface PodSeen {
  /** Requests a second that a pod did. */
  readonly each: number;
  readonly hasLine: boolean;
  readonly before: PodLimit | undefined;
}

function limitOf({ each, hasLine, before }: PodSeen, dtS: number): PodLimit | undefined {
  if (before === undefined) return hasLine ? { perPod: each, agoS: 0 } : undefined;
  if (hasLine) return { perPod: before.perPod + 0.5 * (each - before.perPod), agoS: 0 };
  if (each < TRIED * before.perPod) return before;
  const later = { perPod: Math.max(each, before.perPod), agoS: before.agoS + dtS };
  // By then it says nothing any more.
  return ableNow(later) > 2 * later.perPod ? undefined : later;
}

function ableNow({ perPod, agoS }: PodLimit): number {
  return perPod * (1 + (agoS / TRY_AGAIN_S) ** 2 * (1 / FILL - 1));
}
