import type { PodSamples } from '../model/scale.ts';

/** A value of one pod, or of the whole. */
export interface Sample {
  readonly value: number;
  /** When this value was first seen, on the monotonic clock. A value that is sent again is not seen again. */
  readonly seenMs: number;
  /** Over what time it was measured; 0: at one moment. */
  readonly windowMs: number;
  /** When a value ended that came after this one, and was older. */
  readonly wentBackTo?: number;
  /** It was not among the newest values. */
  readonly isGone?: true;
  /** When that time ended, by the cluster's clock: seconds since 1970. Undefined: the value is of when it was seen. */
  readonly endedAt?: number | undefined;
}

/** A pod that is Ready on a living node. */
export interface ServingPod {
  readonly name: string;
  /** Since when it is Ready, by the cluster's clock, and for how long we have seen it so. */
  readonly readyAt: number;
  readonly readyMs: number;
  /** Its node has not been heard for longer than a living one is silent. */
  readonly isOverdue: boolean;
}

/** How long a value is good where they come seldom, at least. */
const SLOW_MS = 60_000;

/** How long a value is good: two periods, each with the time that it takes to measure. */
function goodMs(windowMs: number, periodMs: number): number {
  const twoPeriods = 2 * (windowMs + periodMs);
  return isSlow(periodMs) ? Math.max(SLOW_MS, twoPeriods) : twoPeriods;
}

/** Whether a value is too old to be believed. */
export function isStale({ seenMs, windowMs }: Sample, { periodMs, nowMs }: SampleAge): boolean {
  return nowMs - seenMs > goodMs(windowMs, periodMs);
}

/** Whether values come so seldom that each of them counts by itself. */
export function isSlow(periodMs: number): boolean {
  return periodMs >= 10_000;
}

interface SampleAge {
  readonly periodMs: number;
  readonly nowMs: number;
}

/** When samples are sorted, and when they were read last. */
interface SortingTime extends SampleAge {
  readonly readMs: number;
}

/** What is known of a station's pods by one metric. */
export interface SortedSamples extends PodSamples {
  /** Some pod has a value, and it is too old. */
  readonly hasStale: boolean;
  /** How old the newest valid value is; undefined without one. */
  readonly ageMs: number | undefined;
}

/**
 * Sorts pods by what is known of them. A value counts only if all of it was measured after its pod became Ready: what a
 * pod uses while it starts is no load. A pod is silent when it has been Ready, and was not heard, for as long as a value
 * is good, and its node is heard: what a dead node's pods carried is with the others before Kubernetes calls it lost.
 * That is judged as of the last read: while nothing can be read, no pod becomes silent.
 */
export function sortSamples(
  pods: readonly ServingPod[],
  samples: ReadonlyMap<string, Sample>,
  { periodMs, nowMs, readMs }: SortingTime,
): SortedSamples {
  const valid: Sample[] = [];
  const sorted = { doubtful: 0, silent: 0, hasStale: false };
  for (const pod of pods) {
    const sample = samples.get(pod.name);
    const isOld = sample !== undefined && isStale(sample, { periodMs, nowMs });
    if (sample !== undefined && sample.isGone === undefined && !isOld && isOfReadyPod(sample, pod)) {
      valid.push(sample);
      continue;
    }
    if (isOld && sample.isGone === undefined) sorted.hasStale = true;
    const isHeard = sample !== undefined && !isStale(sample, { periodMs, nowMs: readMs });
    const isNew = pod.readyMs - (nowMs - readMs) < goodMs(sample?.windowMs ?? 0, periodMs);
    if (isHeard || isNew || pod.isOverdue) sorted.doubtful += 1;
    else sorted.silent += 1;
  }
  const ages = valid.map(({ seenMs }) => nowMs - seenMs);
  return {
    ...sorted,
    valid: valid.map(({ value }) => value),
    ageMs: ages.length === 0 ? undefined : Math.min(...ages),
  };
}

function isOfReadyPod({ endedAt, windowMs }: Sample, { readyAt }: ServingPod): boolean {
  return endedAt === undefined || endedAt - windowMs / 1000 >= readyAt;
}

/** What is not among the newest values is remembered for this long. */
const REMEMBER_MS = 300_000;

/**
 * Values as they are now, and when those were seen that are not among them. One that is no newer than before stays what
 * it was, and was seen when it was seen first.
 */
export function seenNow(
  now: Iterable<readonly [name: string, sample: Sample]>,
  before: ReadonlyMap<string, Sample> | undefined,
  nowMs: number,
): ReadonlyMap<string, Sample> {
  const newest = [...now].map(([name, sample]) => [name, newerOf(before?.get(name), sample)] as const);
  const gone = [...(before ?? [])]
    .filter(([, { seenMs }]) => nowMs - seenMs < REMEMBER_MS)
    .map(([name, sample]) => [name, { ...sample, isGone: true }] as const);
  return new Map<string, Sample>([...gone, ...newest]);
}

/**
 * The newer of two values. Of two replicas of a metrics server, now the one answers and now the other, so an older value
 * does not count. But where older ones go on from there, while none comes that is newer, a clock was put back.
 */
export function newerOf(known: Sample | undefined, now: Sample): Sample {
  if (known?.endedAt === undefined || now.endedAt === undefined || now.endedAt > known.endedAt) return now;
  const { isGone: _, wentBackTo, ...again } = known;
  if (now.endedAt === known.endedAt) return again;
  return wentBackTo !== undefined && now.endedAt > wentBackTo ? now : { ...again, wentBackTo: now.endedAt };
}

/** When a value ended, by its stamp: seconds since 1970, and no later than now. Undefined without a stamp that can be read. */
export function endedBy(timestamp: string | undefined, now: Date): number | undefined {
  const at = Date.parse(timestamp ?? '');
  return Number.isNaN(at) ? undefined : Math.min(at, now.getTime()) / 1000;
}
