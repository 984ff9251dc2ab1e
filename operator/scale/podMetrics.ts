import type { Key } from '../api/kubernetes/key.ts';
import type { Clock } from '../engine/clock.ts';
import { podPort } from '../observe/podPort.ts';
import type { PodObject } from '../observe/objects.ts';
import { sumOfMetric } from './exposition.ts';
import { Polls } from './polls.ts';
import type { Polled } from './polls.ts';
import { seenNow } from './samples.ts';
import type { Sample } from './samples.ts';
import { ScrapeError } from './scrape.ts';
import type { Scrape } from './scrape.ts';
import { Slots } from './slots.ts';

/** How often each pod is read. */
export const PODS_EVERY_MS = 5_000;
/** So many pods are read side by side: of all stations, and of each. */
const AT_ONCE = { all: 32, each: 8 };

/** A metric that each pod of a station serves. */
export interface PodMetric {
  readonly station: Key;
  readonly name: string;
  readonly port: string | number;
  readonly path: string;
  /** Those that are Ready on living nodes. */
  readonly pods: readonly PodObject[];
}

/** What the pods of a station said. */
export interface PodsSaid {
  /** By the name of the pod. */
  readonly samples: ReadonlyMap<string, Sample>;
  /** Why the first pod that said nothing did not; undefined: all said something. */
  readonly why: string | undefined;
}

/** Reads the pods' own pages of metrics. */
export class PodMetrics {
  readonly #clock: Clock;
  readonly #scrape: Scrape;
  readonly #signal: AbortSignal;
  readonly #slots = new Slots(AT_ONCE);
  readonly #polls: Polls<PodMetric, PodsSaid>;

  constructor(options: { scrape: Scrape; clock: Clock; signal: AbortSignal; onNews: () => void }) {
    const { scrape, clock, signal, onNews } = options;
    this.#clock = clock;
    this.#scrape = scrape;
    this.#signal = signal;
    const read = (metric: PodMetric, before: PodsSaid | undefined): Promise<PodsSaid> => this.#read(metric, before);
    this.#polls = new Polls({ clock, everyMs: PODS_EVERY_MS, read, onNews });
  }

  want(metric: PodMetric): Polled<PodsSaid> {
    const { station, name, port, path } = metric;
    return this.#polls.want(`${station} ${port}${path} ${name}`, metric);
  }

  sweep(): void {
    this.#polls.sweep();
  }

  async #read(metric: PodMetric, before: PodsSaid | undefined): Promise<PodsSaid> {
    const ask = (pod: PodObject): Promise<PodSaid> => this.#slots.use(metric.station, () => this.#ask(metric, pod));
    const said = await Promise.all(metric.pods.map(ask));
    const silent = said.find(({ why }) => why !== undefined);
    const values = said.flatMap(({ pod, sample }) => (sample === undefined ? [] : [[pod, sample] as const]));
    const samples = seenNow(values, before?.samples, this.#clock.monotonicMs());
    return { samples, why: silent && `${silent.pod}: ${silent.why}` };
  }

  async #ask({ name, port: targetPort, path }: PodMetric, asked: PodObject): Promise<PodSaid> {
    const { name: pod, address, ports, isOnHostNetwork = false } = asked;
    const port = podPort({ ports }, { targetPort, protocol: 'TCP' });
    if (isOnHostNetwork) return { pod, why: 'has the address of its node, by hostNetwork, and is not asked' };
    if (port === undefined) return { pod, why: `has no port ${targetPort}` };
    if (address === '') return { pod, why: 'has no address' };
    try {
      const page = await this.#scrape({ address, port, path }, this.#signal);
      const exposed = sumOfMetric(page, name);
      if (exposed.sum === undefined) return { pod, why: `${name} ${exposed.why}` };
      return { pod, sample: { value: exposed.sum, windowMs: 0, seenMs: this.#clock.monotonicMs() } };
    } catch (error) {
      const why = error instanceof ScrapeError ? error.message : 'no answer';
      return { pod, why: `port ${port}${path}: ${why}` };
    }
  }
}

interface PodSaid {
  readonly pod: string;
  readonly sample?: Sample;
  readonly why?: string;
}
