import { goDurationMs } from '../api/duration.ts';
import { isQuantity, quantityOf } from '../api/kubernetes/quantity.ts';
import { selectorText } from '../api/labels.ts';
import type { Labels } from '../api/labels.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { Polls } from './polls.ts';
import type { Polled } from './polls.ts';
import { endedBy, newerOf } from './samples.ts';
import type { Sample } from './samples.ts';

/** How often each metric is read. */
export const EXTERNAL_EVERY_MS = 15_000;

/** A metric of external.metrics.k8s.io. */
export interface ExternalMetric {
  readonly namespace: string;
  readonly name: string;
  readonly matchLabels: Labels;
}

interface RawExternalValue {
  readonly timestamp?: string;
  readonly window?: string;
  readonly windowSeconds?: number;
  readonly value?: string;
}

/** Reads totals that an adapter knows. The sum of all series of a metric is one sample. */
export class ExternalMetrics {
  readonly #client: Pick<Client, 'request'>;
  readonly #clock: Clock;
  readonly #polls: Polls<ExternalMetric, Sample>;

  constructor({ client, clock, onNews }: { client: Pick<Client, 'request'>; clock: Clock; onNews: () => void }) {
    this.#client = client;
    this.#clock = clock;
    const read = (metric: ExternalMetric, before: Sample | undefined): Promise<Sample> => this.#read(metric, before);
    this.#polls = new Polls({ clock, everyMs: EXTERNAL_EVERY_MS, read, onNews });
  }

  want(metric: ExternalMetric): Polled<Sample> {
    const { namespace, name, matchLabels } = metric;
    return this.#polls.want(`${namespace}/${name}?${selectorText(matchLabels)}`, metric);
  }

  sweep(): void {
    this.#polls.sweep();
  }

  async #read({ namespace, name, matchLabels }: ExternalMetric, before: Sample | undefined): Promise<Sample> {
    const { items = [] } = await this.#client.request<{ readonly items?: readonly RawExternalValue[] }>({
      path: `/apis/external.metrics.k8s.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`,
      query: { labelSelector: selectorText(matchLabels) },
      timeoutMs: EXTERNAL_EVERY_MS,
      doing: `reading the external metric ${name} in ${namespace}`,
    });
    if (items.length === 0) throw new Error(`the external metric ${name} has no series in ${namespace}`);
    const sample = sumOf(items, this.#clock.now());
    if (sample === undefined)
      throw new Error(
        `the external metric ${name} has a value that is no quantity, below 0, or beyond what can be counted`,
      );
    return newerOf(before, { ...sample, seenMs: this.#clock.monotonicMs() });
  }
}

interface Series {
  readonly value: number;
  readonly windowMs: number;
  readonly endedAt: number | undefined;
}

/** The sum of the series that go on, as old as the oldest of them; undefined when a value is none. */
function sumOf(items: readonly RawExternalValue[], now: Date): Omit<Sample, 'seenMs'> | undefined {
  if (!items.every(({ value = '' }) => isQuantity(value) && quantityOf(value) >= 0)) return undefined;
  const series = going(items.map((item) => seriesOf(item, now)));
  const value = series.reduce((sum, each) => sum + each.value, 0);
  if (!Number.isFinite(value)) return undefined;
  const ends = series.flatMap(({ endedAt }) => endedAt ?? []);
  return {
    value,
    ...(ends.length === 0 ? {} : { endedAt: Math.min(...ends) }),
    windowMs: Math.max(...series.map(({ windowMs }) => windowMs)),
  };
}

function seriesOf({ value, timestamp, window = '', windowSeconds = 0 }: RawExternalValue, now: Date): Series {
  return {
    value: quantityOf(value),
    windowMs: goDurationMs(window) ?? windowSeconds * 1000,
    endedAt: endedBy(timestamp, now),
  };
}

/** Adapters read their own sources every minute or so, each series at another moment. */
const FAR_BEHIND_MS = 300_000;

/** Those that are not far behind the newest: one that has ended, as the queue that it tells of, would age the sum for good. */
function going(series: readonly Series[]): readonly Series[] {
  const newest = Math.max(...series.flatMap(({ endedAt }) => endedAt ?? []));
  return series.filter(
    ({ endedAt, windowMs }) => endedAt === undefined || (newest - endedAt) * 1000 <= windowMs + FAR_BEHIND_MS,
  );
}
