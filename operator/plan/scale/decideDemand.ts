/*
 * Demand: decides from load how many pods must always serve.
 *
 *   U    = max(mean of L↑ over 10 s, over 60 s) / q      for each metric; of several, the most of those that are known
 *   up   : load' = ⌈U⌉ if U > load·(1 + 0.05), at most max(+4, ×2) within 15 s
 *   down : load' = max over the window of ⌈L↓/q⌉ if that < load and L↓/q < load·(1 − 0.10), and every metric is known
 *   D    = max(min(maxReplicas, load), minReplicas, floor)
 *
 * Hard part: what must not count. Tolerance is around demand, never around the pods that run: those that stand by for a
 * loss would widen it. A metric that is not known says nothing, so demand is held: load may rise by the others, and the
 * record of such a moment is demand itself, which keeps it for one more window. Floors and bounds lie outside the
 * window, so that their end is exact. What is not finite, or below 0, is no load: it would stay in memory for good.
 *
 * Example: demand is 9 and load asks for 6. Nothing happens for 300 s, since load asked for 9 that long ago; then demand
 * is the most that load asked for since.
 */
import type { LoadLimit } from '../../api/status.ts';
import type { MeasuredMetric } from '../../model/scale.ts';
import { laterWindow, longerTrail, risingLoad } from './history.ts';
import type { Mark } from './history.ts';

/** What a station declares, in numbers. */
export interface DemandRules {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Shares of demand. */
  readonly upTolerance: number;
  readonly downTolerance: number;
  readonly windowMs: number;
  readonly fallback?: { readonly failureThreshold: number; readonly replicas: number } | undefined;
}

/** What is remembered from one decision to the next. */
export interface DemandMemory {
  /** The demand that load alone sets: at most `maxReplicas`, and it may be below `minReplicas`. */
  readonly load: number;
  readonly window: readonly Mark[];
  /** By how much demand has risen lately, and when. */
  readonly rises: readonly Mark[];
  /** L↑ of each metric by its id. */
  readonly trails: ReadonlyMap<string, readonly Mark[]>;
}

/** What there is to decide from. */
export interface DemandFacts {
  readonly metrics: readonly MeasuredMetric[];
  readonly rules: DemandRules;
  /** Demand that something else than load asks for; 0: nothing does. */
  readonly floor?: number;
  readonly nowMs: number;
}

/** What was decided. */
export interface DemandDecision {
  readonly memory: DemandMemory;
  readonly demand: number;
  /**
   * The metric that asks for most of those that are known, for what load and for how many pods; undefined while none is
   * known.
   */
  readonly asked: { readonly id: string; readonly load: number; readonly pods: number } | undefined;
  readonly limitedBy: LoadLimit | undefined;
  /** While the window holds demand: in how many ms it lets go. */
  readonly heldMs?: number;
}

const RISE_WITHIN_MS = 15_000;
const RISE_BY = 4;
const RISE_TIMES = 2;
/** Sums of doubles are off by less; without it, 4.9 / 0.49 would be 11. */
const EXACT = 1e-9;

/** A memory that begins now, with the demand that is there. */
export function beginWith(demand: number, nowMs: number): DemandMemory {
  return { load: demand, window: [{ atMs: nowMs, figure: demand }], rises: [], trails: new Map() };
}

/** Decides demand now. Equal memory and facts give an equal decision. */
export function decideDemand(before: DemandMemory, measured: DemandFacts): DemandDecision {
  const facts = { ...measured, metrics: measured.metrics.map(soundMetric) };
  const { rules, nowMs, floor = 0 } = facts;
  const memory = remembering(before, facts);
  const fallback = fallbackOf(facts);
  const held = Math.min(rules.maxReplicas, Math.max(before.load, fallback));
  const up = asksUp(memory, facts);
  const down = asksDown(facts);
  const window = laterWindow(
    memory.window,
    { atMs: nowMs, figure: down === undefined ? held : podsFor(down) },
    rules.windowMs,
  );
  const next = step({ held, up: up?.pods ?? 0, down, window, memory }, facts);
  const load = next.load;
  return {
    memory: { ...memory, load, window, rises: risen(memory.rises, load - before.load, nowMs) },
    demand: Math.max(load, rules.minReplicas, floor),
    asked: up && { id: up.id, load: up.load, pods: podsFor(up.pods) },
    ...limits({ ...next, fallback }, facts),
  };
}

/** Pods for a load in pods' worth. */
export function podsFor(load: number): number {
  return Math.max(0, Math.ceil(load - EXACT));
}

/** The metric; not known where its load is no figure of pods' worth. */
function soundMetric(metric: MeasuredMetric): MeasuredMetric {
  const { load, target } = metric;
  const isSound = load === undefined || [load.up, load.down ?? 0].every((each) => isFigure(each, target));
  return isSound ? metric : { ...metric, load: undefined };
}

function isFigure(load: number, target: number): boolean {
  return load >= 0 && Number.isFinite(load / target);
}

function remembering(memory: DemandMemory, { metrics, nowMs }: DemandFacts): DemandMemory {
  const trails = metrics.map(({ id, load }) => {
    const trail = memory.trails.get(id) ?? [];
    return [id, load === undefined ? trail : longerTrail(trail, { atMs: nowMs, figure: load.up })] as const;
  });
  const rises = memory.rises.filter(({ atMs }) => nowMs - atMs < RISE_WITHIN_MS);
  return { ...memory, trails: new Map(trails), rises };
}

function fallbackOf({ metrics, rules: { fallback } }: DemandFacts): number {
  if (fallback === undefined) return 0;
  const hasFailed = metrics.some(
    ({ load, failedReads }) => load === undefined && failedReads >= fallback.failureThreshold,
  );
  return hasFailed ? fallback.replicas : 0;
}

/** A metric, its rising load, and the pods' worth of it. */
interface Asking {
  readonly id: string;
  readonly load: number;
  readonly pods: number;
}

/** The most pods' worth that rising load asks for. */
function asksUp({ trails }: DemandMemory, { metrics, nowMs }: DemandFacts): Asking | undefined {
  const known = metrics
    .filter(({ load }) => load !== undefined)
    .map(({ id, target, isSlow }) => {
      const load = risingLoad(trails.get(id) ?? [], { nowMs, isSlow });
      return { id, load, pods: load / target };
    });
  return known.toSorted((a, b) => b.pods - a.pods)[0];
}

/** The pods' worth below which demand must not fall; undefined while some metric is not known. */
function asksDown({ metrics }: DemandFacts): number | undefined {
  const each = metrics.map(({ load, target }) => (load?.down === undefined ? undefined : load.down / target));
  if (each.length === 0 || each.includes(undefined)) return undefined;
  return Math.max(...each.filter((pods) => pods !== undefined));
}

interface Weighed {
  /** Demand before, with the fallback. */
  readonly held: number;
  readonly up: number;
  readonly down: number | undefined;
  readonly window: readonly Mark[];
  readonly memory: DemandMemory;
}

interface Stepped {
  readonly load: number;
  readonly wanted: number;
  readonly by: 'Rate' | 'Window' | undefined;
  readonly heldMs?: number;
}

function step({ held, up, down, window, memory }: Weighed, { rules, nowMs }: DemandFacts): Stepped {
  const wanted = podsFor(up);
  if (up > held * (1 + rules.upTolerance) + EXACT) {
    const load = Math.min(wanted, rules.maxReplicas, mostAfter(held, memory.rises));
    return { load: Math.max(held, load), wanted, by: load < Math.min(wanted, rules.maxReplicas) ? 'Rate' : undefined };
  }
  if (down === undefined || down >= held * (1 - rules.downTolerance) - EXACT)
    return { load: held, wanted, by: undefined };
  const [most] = window;
  // Also not below what a long average asks for, or the next decision would take it back.
  const load = Math.min(held, Math.max(most?.figure ?? held, wanted));
  const isHeld = most !== undefined && most.figure > podsFor(down);
  return {
    load,
    wanted,
    ...(isHeld ? { by: 'Window', heldMs: most.atMs + rules.windowMs - nowMs } : { by: undefined }),
  };
}

/** The most that demand may be now, by what it has risen lately. */
function mostAfter(load: number, rises: readonly Mark[]): number {
  // Without a window, demand may have fallen by more than it rose.
  const base = Math.max(0, load - rises.reduce((sum, { figure }) => sum + figure, 0));
  return Math.max(base + RISE_BY, base * RISE_TIMES);
}

function risen(rises: readonly Mark[], by: number, nowMs: number): readonly Mark[] {
  return by > 0 ? [...rises, { atMs: nowMs, figure: by }] : rises;
}

function limits(
  { load, wanted, by, heldMs, fallback }: Stepped & { readonly fallback: number },
  { rules }: DemandFacts,
): Pick<DemandDecision, 'limitedBy' | 'heldMs'> {
  if (load < rules.minReplicas) return { limitedBy: 'Min' };
  if (fallback > 0 && load === Math.min(fallback, rules.maxReplicas)) return { limitedBy: 'Fallback' };
  if (wanted > rules.maxReplicas && load === rules.maxReplicas) return { limitedBy: 'Max' };
  return { limitedBy: by, ...(heldMs === undefined ? {} : { heldMs }) };
}
