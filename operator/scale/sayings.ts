import type { LoadStatus } from '../api/status.ts';
import type { ScalingView } from '../model/scale.ts';
import { demandInWords } from '../plan/scale/demandInWords.ts';
import type { DemandDecision } from '../plan/scale/decideDemand.ts';
import { printFigure } from '../plan/scale/printFigure.ts';
import type { Fault, Measurement } from './measure.ts';

/*
 * Sayings: what is said of a station's demand, and when it is said again. Load changes at every look, and a status is for
 * people: it is written when demand changes, or what limits it, or whether load is known. The numbers in it are those of
 * that moment, which are the reason of the demand that holds since.
 */

/** Faults that may end by themselves are told after this time: until then, what is held is what was known. */
const TELL_AFTER_MS = 30_000;
/** Bounds are reached and left seldom. */
const BOUNDS_EVERY_MS = 60_000;
/** The window comes and goes with the noise of load, and words of a fault may name one pod after another. */
const NOISE_EVERY_MS = 300_000;

/** What was decided, from which measurements, and when. */
export interface Decided {
  readonly decision: DemandDecision;
  readonly measured: readonly Measurement[];
  /** How long some metric has not been known. */
  readonly unknownMs: number;
  readonly nowMs: number;
  /** The date, for people. */
  readonly now: Date;
}

/** What was said, and when. */
export interface SaidOfLoad {
  readonly view: ScalingView;
  readonly atMs: number;
}

/** Why demand is what it was decided to be. */
export function whyDemand({ decision, measured, now }: Pick<Decided, 'decision' | 'measured' | 'now'>): string {
  const { demand, limitedBy, asked, heldMs } = decision;
  const by = measured.find(({ id }) => id === asked?.id);
  return demandInWords({
    demand,
    limitedBy,
    asked:
      by === undefined || asked === undefined
        ? undefined
        : { name: by.name, unit: by.unit, total: asked.load, target: by.targetWords, pods: asked.pods },
    heldUntil: heldMs === undefined ? undefined : new Date(now.getTime() + heldMs),
  });
}

/** What is to be said now: what was said before, unless there is something new. */
export function sayingOf(before: SaidOfLoad | undefined, decided: Decided): SaidOfLoad | undefined {
  const view = viewOf(before?.view, decided);
  if (view === undefined) return before;
  return before === undefined || isNews(before, view, decided.nowMs) ? { view, atMs: decided.nowMs } : before;
}

function viewOf(before: ScalingView | undefined, decided: Decided): ScalingView | undefined {
  const { measured, decision } = decided;
  const [worst] = measured
    .flatMap(({ name, fault }) => (fault === undefined ? [] : [{ name, fault }]))
    .toSorted(byWeight);
  const isUnknown = measured.some(({ load }) => load === undefined);
  if (worst !== undefined && (worst.fault.isLasting || decided.unknownMs >= TELL_AFTER_MS)) {
    const { reason, words } = worst.fault;
    return { reason, message: `${worst.name}: ${words}; ${whyDemand(decided)}`, ...loadOfView(decided) };
  }
  // The first values are on the way, or it is not yet worth a word that some are missing.
  if (isUnknown && (before === undefined || before.reason !== 'ValidMetric')) return before;
  if (isUnknown && decision.demand === before?.load?.demand) return before;
  return { reason: 'ValidMetric', message: whyDemand(decided), ...loadOfView(decided) };
}

function byWeight({ fault: a }: { readonly fault: Fault }, { fault: b }: { readonly fault: Fault }): number {
  return Number(b.isLasting) - Number(a.isLasting);
}

function loadOfView({ decision, measured }: Decided): { readonly load?: LoadStatus } {
  const known = measured.filter(({ load }) => load !== undefined);
  if (known.length === 0) return {};
  const metrics = known.map(({ name, unit, load, targetWords, ageMs }) => ({
    name,
    total: printFigure(load?.up ?? 0, unit),
    target: targetWords,
    age: `${Math.round(ageMs / 1000)}s`,
  }));
  const { demand, limitedBy } = decision;
  return { load: { demand, metrics, ...(limitedBy === undefined ? {} : { limitedBy }) } };
}

function isNews({ view: before, atMs }: SaidOfLoad, now: ScalingView, nowMs: number): boolean {
  if (before.reason !== now.reason || before.load?.demand !== now.load?.demand) return true;
  const limits = [before.load?.limitedBy, now.load?.limitedBy];
  if (limits[0] !== limits[1]) return nowMs - atMs >= (limits.includes('Window') ? NOISE_EVERY_MS : BOUNDS_EVERY_MS);
  return now.reason !== 'ValidMetric' && before.message !== now.message && nowMs - atMs >= NOISE_EVERY_MS;
}
