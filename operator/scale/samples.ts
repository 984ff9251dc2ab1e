import type { PodSamples } from '../model/scale.ts';

/** A value of one pod, or of the whole. */
export interface Sample {
  readonly value: number;
  /** When this value was first seen, on the monotonic clock. A value that is sent again is not seen again. */
  readonly seenMs: number;
  /** Over what time it was measured; 0: at one moment. */
  readonly windowMs: number;
  /** When that time ended, by the cluster's clock: seconds since 1970. Undefined: the value is of when it was seen. */
  readonly endedAt?: number | undefined;
}

/** A pod that is Ready on a living node. */
export interface ServingPod {
  readonly name: string;
  readonly uid: string;
  /** Since when it is Ready, by the cluster's clock, and for how long we have seen it so. */
  readonly readyAt: number;
  readonly readyMs: number;
}

/** How long a value is good: two periods, and at least so long where it comes seldom. */
const SLOW_MS = 60_000;

/** Whether a value is too old to be believed. */
export function isStale({ seenMs, windowMs }: Sample, { periodMs, nowMs }: SampleAge): boolean {
  const goodMs = 2 * (windowMs + periodMs);
  return nowMs - seenMs > (isSlow(periodMs) ? Math.max(SLOW_MS, goodMs) : goodMs);
}

/** Whether values come so seldom that each of them counts by itself. */
export function isSlow(periodMs: number): boolean {
  return periodMs >= 10_000;
}

interface SampleAge {
  readonly periodMs: number;
  readonly nowMs: number;
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
 * pod uses while it starts is no load.
 */
export function sortSamples(
  pods: readonly ServingPod[],
  samples: ReadonlyMap<string, Sample>,
  { periodMs, nowMs }: SampleAge,
): SortedSamples {
  const valid: Sample[] = [];
  const sorted = { fresh: 0, silent: 0, hasStale: false };
  for (const pod of pods) {
    const sample = samples.get(pod.name);
    const old = sample !== undefined && isStale(sample, { periodMs, nowMs });
    if (sample !== undefined && !old && isOfReadyPod(sample, pod)) {
      valid.push(sample);
      continue;
    }
    if (old) sorted.hasStale = true;
    if (pod.readyMs < 2 * ((sample?.windowMs ?? 0) + periodMs)) sorted.fresh += 1;
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

/** Values as they are now: one that is no newer than before stays what it was, and was seen when it was seen first. */
export function seenNow(
  now: Iterable<readonly [name: string, sample: Omit<Sample, 'seenMs'>]>,
  before: ReadonlyMap<string, Sample> | undefined,
  nowMs: number,
): ReadonlyMap<string, Sample> {
  return new Map(
    [...now].map(([name, sample]) => [name, newerOf(before?.get(name), { ...sample, seenMs: nowMs })] as const),
  );
}

/** The newer of two values. Of two replicas of a metrics server, now the one answers and now the other. */
export function newerOf(known: Sample | undefined, now: Sample): Sample {
  if (known?.endedAt === undefined || now.endedAt === undefined) return now;
  return now.endedAt <= known.endedAt ? known : now;
}
