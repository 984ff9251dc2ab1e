import type { ConditionReason } from '../api/conditions.ts';
import type { Key } from '../api/kubernetes/key.ts';
import type { PodTemplate } from '../api/podtemplate.ts';
import type { ScaleMetric } from '../api/scale.ts';
import { isCode, messageOf } from '../kube/errors.ts';
import type { Load } from '../model/scale.ts';
import type { PodObject } from '../observe/objects.ts';
import { loadOf } from '../plan/scale/loadOf.ts';
import { metricNameOf, loadTargetOf } from '../plan/scale/loadTargetOf.ts';
import type { LoadUnit } from '../plan/scale/printFigure.ts';
import { EXTERNAL_EVERY_MS } from './externalMetrics.ts';
import type { ExternalMetrics } from './externalMetrics.ts';
import { PODS_EVERY_MS } from './podMetrics.ts';
import type { PodMetrics } from './podMetrics.ts';
import { HUBS_EVERY_MS } from './hubLoads.ts';
import type { HubLoads } from './hubLoads.ts';
import type { Polled } from './polls.ts';
import { RESOURCE_EVERY_MS } from './resourceMetrics.ts';
import type { ResourceMetrics } from './resourceMetrics.ts';
import { isSlow, isStale, sortSamples } from './samples.ts';
import type { Sample, ServingPod } from './samples.ts';

/** Where load is read. */
export interface LoadSources {
  readonly resource: ResourceMetrics;
  /** Absent: pods may not be asked. */
  readonly pods?: PodMetrics | undefined;
  readonly external: ExternalMetrics;
  readonly hubs: HubLoads;
}

/** A station whose load is measured, and its pods that carry it. */
export interface MeasuredStation {
  readonly key: Key;
  readonly namespace: string;
  readonly template: PodTemplate;
  readonly pods: readonly PodObject[];
  readonly serving: readonly ServingPod[];
  readonly nowMs: number;
}

/** What is known of one metric now. */
export interface Measurement {
  readonly id: string;
  readonly name: string;
  readonly isSlow: boolean;
  /** Reads that have ended. */
  readonly reads: number;
  /** 0 while it cannot be told. */
  readonly target: number;
  readonly targetWords: string;
  readonly unit: LoadUnit;
  readonly load: Load | undefined;
  /** How old the newest value is. */
  readonly ageMs: number;
  /** Why it is not known; absent while it is, or while its first values are on the way. */
  readonly fault?: Fault;
  /** What its first values wait for, in words. */
  readonly waitsFor?: string | undefined;
}

/** Why load is not known. Those of `isLasting` do not end by themselves. */
export interface Fault {
  readonly reason: Exclude<ConditionReason<'Scaling'>, 'ValidMetric' | 'ScaledByAnother'>;
  readonly words: string;
  readonly isLasting: boolean;
}

/** What was read of one metric. */
interface Found {
  readonly load: Load | undefined;
  readonly ageMs?: number | undefined;
  readonly fault?: Fault | undefined;
  readonly waitsFor?: string | undefined;
  readonly reads: number;
  readonly periodMs: number;
}

/** Measures one metric of a station. */
export function measureMetric(metric: ScaleMetric, station: MeasuredStation, sources: LoadSources): Measurement {
  const name = metricNameOf(metric);
  const target = loadTargetOf(metric, station.template);
  const common = { id: JSON.stringify(metric), name };
  if (target.each === undefined) {
    const fault = { reason: 'InvalidMetric', words: target.problem, isLasting: true } as const;
    return {
      ...common,
      isSlow: false,
      reads: 0,
      target: 0,
      targetWords: '',
      unit: '',
      load: undefined,
      ageMs: 0,
      fault,
    };
  }
  const { load, ageMs = 0, fault, waitsFor, reads, periodMs } = find(metric, { station, target: target.each, sources });
  return {
    ...common,
    isSlow: isSlow(periodMs),
    reads,
    target: target.each,
    targetWords: target.words,
    unit: target.unit,
    load,
    ageMs,
    ...(load !== undefined || fault === undefined ? {} : { fault }),
    ...(load === undefined && fault === undefined ? { waitsFor } : {}),
  };
}

interface Finding {
  readonly station: MeasuredStation;
  readonly target: number;
  readonly sources: LoadSources;
}

function find({ hub, resource, pods, external }: ScaleMetric, finding: Finding): Found {
  const { station, sources } = finding;
  const { namespace, key, nowMs } = station;
  if (resource !== undefined) {
    const polled = sources.resource.want(namespace);
    return ofPods({ ...polled, samples: polled.answer, periodMs: RESOURCE_EVERY_MS, cure: RESOURCE_CURE }, finding);
  }
  if (pods !== undefined) {
    if (sources.pods === undefined) return notAllowed(nowMs);
    const { metric, port, path = '/metrics' } = pods;
    const polled = sources.pods.want({ station: key, name: metric.name, port, path, pods: station.pods });
    const { samples, why } = polled.answer ?? {};
    return ofPods({ ...polled, samples, why, periodMs: PODS_EVERY_MS, cure: '' }, finding);
  }
  if (hub !== undefined) {
    const reads = Math.floor(nowMs / HUBS_EVERY_MS);
    return { ...sources.hubs.of(key, hub.metric), reads, periodMs: HUBS_EVERY_MS };
  }
  const { name = '', selector } = external?.metric ?? {};
  const polled = sources.external.want({ namespace, name, matchLabels: selector?.matchLabels ?? {} });
  return ofTotal(polled, nowMs);
}

function notAllowed(nowMs: number): Found {
  const fault = { reason: 'NotPermitted', words: PODS_NOT_ALLOWED, isLasting: true } as const;
  return { load: undefined, fault, reads: Math.floor(nowMs / PODS_EVERY_MS), periodMs: PODS_EVERY_MS };
}

const PODS_NOT_ALLOWED =
  'this operator does not ask pods for their metrics: allow it (in the chart: scale.podMetrics), or use another metric';
const RESOURCE_CURE = 'install metrics-server, and allow the operator to read it (in the chart: scale.resourceMetrics)';
const EXTERNAL_CURE =
  'install an adapter that serves it, and allow the operator to read it (in the chart: scale.externalMetrics)';

interface PodsRead extends Pick<Polled<unknown>, 'reads' | 'error' | 'answeredMs'> {
  readonly samples: ReadonlyMap<string, Sample> | undefined;
  /** Why some pod said nothing. */
  readonly why?: string | undefined;
  readonly periodMs: number;
  readonly cure: string;
}

function ofPods(
  { samples, answeredMs, error, why, reads, periodMs, cure }: PodsRead,
  { station, target }: Finding,
): Found {
  const { serving, nowMs } = station;
  const sorted = sortSamples(serving, samples ?? new Map(), { periodMs, nowMs, readMs: answeredMs ?? nowMs });
  const { hasStale, silent, ageMs } = sorted;
  const found = { load: loadOf(sorted, target), ageMs, reads, periodMs };
  if (error !== undefined) return { ...found, fault: faultOf(error, cure) };
  // The first values of new pods are on their way, and those of a station without pods will be.
  if (silent === 0 && !hasStale) return { ...found, waitsFor: serving.length === 0 ? NO_PODS : (why ?? NO_VALUES) };
  if (hasStale) return { ...found, fault: { reason: 'MetricsStale', words: STALE, isLasting: false } };
  const words = why ?? `${silent} Ready pods have no value`;
  return { ...found, fault: { reason: 'MetricsMissing', words, isLasting: false } };
}

const NO_PODS = 'no pod is Ready on a living node, so none has a value';
const NO_VALUES = 'no Ready pod has a value yet';
const STALE = 'the values are those of a while ago: what serves them has stopped, or reads its own source no more';

function ofTotal({ answer, error, reads }: Polled<Sample>, nowMs: number): Found {
  const periodMs = EXTERNAL_EVERY_MS;
  const common = { reads, periodMs };
  const isOld = answer !== undefined && isStale(answer, { periodMs, nowMs });
  if (answer !== undefined && !isOld) {
    return { ...common, load: { up: answer.value, down: answer.value }, ageMs: nowMs - answer.seenMs };
  }
  if (error !== undefined) return { ...common, load: undefined, fault: faultOf(error, EXTERNAL_CURE) };
  const fault = isOld ? ({ reason: 'MetricsStale', words: STALE, isLasting: false } as const) : undefined;
  return { ...common, load: undefined, fault };
}

function faultOf(error: unknown, cure: string): Fault {
  const words = cure === '' ? messageOf(error) : `${messageOf(error)}: ${cure}`;
  if (isCode(error, 'forbidden')) return { reason: 'NotPermitted', words, isLasting: true };
  return { reason: 'MetricsMissing', words, isLasting: false };
}
