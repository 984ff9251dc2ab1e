import { goDurationMs } from '../api/duration.ts';
import { isQuantity, quantityOf } from '../api/kubernetes/quantity.ts';
import { labels } from '../api/labels.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import { Polls } from './polls.ts';
import type { Polled } from './polls.ts';
import { endedBy, seenNow } from './samples.ts';
import type { Sample } from './samples.ts';

/** The cores that the pods of a namespace use, by the name of the pod, as metrics.k8s.io says. */
export type ResourceSamples = ReadonlyMap<string, Sample>;

/** How often each namespace is listed: metrics-server reads the kubelets as often. */
export const RESOURCE_EVERY_MS = 15_000;

const GROUP_PATH = '/apis/metrics.k8s.io';
/** Kubernetes 1.37 serves both; older ones the second alone. */
const VERSIONS = ['v1', 'v1beta1'];

interface RawPodMetrics {
  readonly metadata?: { readonly name?: string };
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly usage?: { readonly cpu?: string } }[];
}

/** Lists what pods use, one list a namespace. */
export class ResourceMetrics {
  readonly #client: Pick<Client, 'request'>;
  readonly #clock: Clock;
  readonly #polls: Polls<string, ResourceSamples>;
  #version: string | undefined;

  constructor({ client, clock, onNews }: { client: Pick<Client, 'request'>; clock: Clock; onNews: () => void }) {
    this.#client = client;
    this.#clock = clock;
    const read = (namespace: string, before: ResourceSamples | undefined): Promise<ResourceSamples> =>
      this.#read(namespace, before);
    this.#polls = new Polls({ clock, everyMs: RESOURCE_EVERY_MS, read, onNews });
  }

  /** What is known of the pods of a namespace. */
  want(namespace: string): Polled<ResourceSamples> {
    return this.#polls.want(namespace, namespace);
  }

  sweep(): void {
    this.#polls.sweep();
  }

  async #read(namespace: string, before: ResourceSamples | undefined): Promise<ResourceSamples> {
    const doing = `listing pods.metrics.k8s.io in ${namespace}`;
    this.#version ??= await this.#servedVersion(doing);
    const path = `${GROUP_PATH}/${this.#version}/namespaces/${encodeURIComponent(namespace)}/pods`;
    const query = { labelSelector: labels.station };
    try {
      const { items = [] } = await this.#client.request<{ readonly items?: readonly RawPodMetrics[] }>({
        path,
        query,
        timeoutMs: RESOURCE_EVERY_MS,
        doing,
      });
      const nowMs = this.#clock.monotonicMs();
      const samples = samplesOf(items, this.#clock.now());
      const seen = samples.map(([name, sample]) => [name, { ...sample, seenMs: nowMs }] as const);
      return seenNow(seen, before, nowMs);
    } catch (error) {
      // Another version may be served by now.
      if (isCode(error, 'notServed') || isCode(error, 'notFound')) this.#version = undefined;
      throw error;
    }
  }

  async #servedVersion(doing: string): Promise<string> {
    const { versions = [] } = await this.#client.request<{
      readonly versions?: readonly { readonly version: string }[];
    }>({
      path: GROUP_PATH,
      timeoutMs: RESOURCE_EVERY_MS,
      doing,
    });
    const served = new Set(versions.map(({ version }) => version));
    return VERSIONS.find((version) => served.has(version)) ?? 'v1beta1';
  }
}

/** The cores that each pod uses; without a pod that says nothing of it, or nothing that can be read. */
function samplesOf(items: readonly RawPodMetrics[], now: Date): readonly (readonly [string, Omit<Sample, 'seenMs'>])[] {
  return items.flatMap(({ metadata, timestamp, window = '', containers = [] }) => {
    const used = containers.map(({ usage }) => usage?.cpu);
    const endedAt = endedBy(timestamp, now);
    const windowMs = goDurationMs(window);
    const isWhole = used.length > 0 && used.every((each) => each !== undefined && isQuantity(each));
    if (metadata?.name === undefined || !isWhole || endedAt === undefined || windowMs === undefined) return [];
    const value = used.reduce((sum, each) => sum + quantityOf(each), 0);
    if (!Number.isFinite(value) || value < 0) return [];
    return [[metadata.name, { value, endedAt, windowMs }] as const];
  });
}
