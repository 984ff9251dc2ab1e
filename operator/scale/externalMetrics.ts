import { goDurationMs } from '../api/duration.ts';
import { isQuantity, quantityOf } from '../api/kubernetes/quantity.ts';
import { selectorText } from '../api/labels.ts';
import type { Labels } from '../api/labels.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { Polls } from './polls.ts';
import type { Polled } from './polls.ts';
import { newerOf } from './samples.ts';
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
    const sample = sumOf(items);
    if (sample === undefined)
      throw new Error(`the external metric ${name} has a value that is no quantity, or below 0`);
    return newerOf(before, { ...sample, seenMs: this.#clock.monotonicMs() });
  }
}

function sumOf(items: readonly RawExternalValue[]): Omit<Sample, 'seenMs'> | undefined {
  if (!items.every(({ value = '' }) => isQuantity(value) && quantityOf(value) >= 0)) return undefined;
  const ends = items.map(({ timestamp = '' }) => Date.parse(timestamp) / 1000).filter((at) => !Number.isNaN(at));
  const windows = items.map(({ window = '', windowSeconds = 0 }) => goDurationMs(window) ?? windowSeconds * 1000);
  return {
    value: items.reduce((sum, { value }) => sum + quantityOf(value), 0),
    // As old as the oldest series.
    ...(ends.length === 0 ? {} : { endedAt: Math.min(...ends) }),
    windowMs: Math.max(...windows),
  };
}
