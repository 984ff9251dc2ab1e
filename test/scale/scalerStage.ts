import assert from 'node:assert/strict';
import { keyOf } from '../../operator/api/kubernetes/key.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import type { Scale } from '../../operator/api/scale.ts';
import type { Client, RawCall } from '../../operator/kube/client.ts';
import type { EventNote } from '../../operator/kube/events.ts';
import type { ApiError } from '../../operator/kube/errors.ts';
import type { ScalingView } from '../../operator/model/scale.ts';
import type { HubLoad } from '../../operator/observe/hubLoad.ts';
import { silentLog } from '../../operator/report/log.ts';
import { createMetrics } from '../../operator/report/metrics.ts';
import { ExternalMetrics } from '../../operator/scale/externalMetrics.ts';
import { HubLoads } from '../../operator/scale/hubLoads.ts';
import { PodMetrics } from '../../operator/scale/podMetrics.ts';
import { ResourceMetrics } from '../../operator/scale/resourceMetrics.ts';
import { Scaler } from '../../operator/scale/scaler.ts';
import type { Scrape } from '../../operator/scale/scrape.ts';
import { FakeClock } from '../builders/fakeClock.ts';
import { aStation } from '../builders/kitchen.ts';
import type { StationParts } from '../builders/kitchen.ts';
import { aNode } from '../builders/nodeObjects.ts';
import { meta } from '../builders/objects.ts';
import { aPod } from '../builders/podObjects.ts';
import { drop, pizzeriaWith, put } from '../builders/stores.ts';

/** The CPU that pods use: 70 % of what they request. */
export const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
} as const;
const key = keyOf({ namespace: 'food', name: 'pizzeria-grill' });

/** A scaler of one station whose pods request 700m of CPU, over a metrics API that a test sets. */
export class ScalerStage {
  readonly clock = new FakeClock();
  readonly suspects = new Map<string, number>();
  readonly logged: string[] = [];
  readonly stores = pizzeriaWith(aNode(), this.#station({}));
  readonly events: EventNote[] = [];
  readonly metrics = createMetrics();
  readonly news: string[] = [];
  /** Demands that were written, in their order. */
  readonly written: number[] = [];
  readonly scaler: Scaler;
  /** Cores that all pods use together. */
  cores = 4.4;
  /** What the metrics API says of each pod in place of that. */
  cpuOfEach: string | undefined;
  /** What hubs count. */
  hubLoad: HubLoad | undefined;
  /** Requests that all pods have in flight together; undefined: they cannot be asked. */
  inFlight: number | undefined;
  /** The total of the external metric `orders`. */
  orders = 0;
  /** What the metrics API answers with; undefined: metrics. */
  fails: ApiError | undefined;
  /** Since when it sends the values of then; undefined: it does not. */
  frozenAt: Date | undefined;
  /** Of so many pods, the newest, it says nothing. */
  silent = 0;
  /** What the next write fails with. */
  refuses: ApiError | undefined;
  /** The watch tells of writes at once. */
  isSeen = true;
  #pods: readonly string[] = [];

  /** `asksPods`: the operator may read what pods serve. */
  constructor({ asksPods = true }: { readonly asksPods?: boolean } = {}) {
    const { clock } = this;
    const client = { request: this.#answer, patch: this.#patch } as unknown as Client;
    const common = { client, clock, onNews: (): void => undefined };
    const { signal } = new AbortController();
    this.scaler = new Scaler({
      stores: this.stores,
      suspicion: { suspects: this.suspects, silentMs: () => undefined },
      client,
      sources: {
        resource: new ResourceMetrics(common),
        hubs: new HubLoads({ stores: this.stores, sight: () => this.hubLoad }),
        external: new ExternalMetrics(common),
        pods: asksPods ? new PodMetrics({ ...common, signal, scrape: this.#scrape }) : undefined,
      },
      clock,
      log: { ...silentLog, error: (message) => void this.logged.push(message) },
      events: { record: (note) => void this.events.push(note) },
      metrics: this.metrics,
      newId: () => 'abc',
    });
    this.stores.pods.onChange(({ before, after }) => {
      if (before !== undefined && after === undefined) this.scaler.forgetPod(before.uid);
    });
    this.scaler.onNews((stations) => void this.news.push(...stations));
  }

  get view(): ScalingView | undefined {
    return this.scaler.of(key);
  }

  get demand(): number | undefined {
    return this.stores.stations.get(key)?.object.spec.replicas;
  }

  /** Makes the Station what it is to be, as a watch event. */
  put(parts: StationParts): void {
    put(this.stores, this.#station(parts));
  }

  putObject(...objects: readonly object[]): void {
    put(this.stores, ...objects);
  }

  dropObject(...objects: readonly object[]): void {
    drop(this.stores, ...objects);
  }

  /** So many pods are Ready, and no others are there. */
  run(pods: number): void {
    drop(this.stores, ...this.#pods.slice(pods).map((name) => aPod({ name })));
    this.#pods = Array.from({ length: pods }, (_, index) => `pizzeria-grill-zone-a-rs1-${index}`);
    const running = this.#pods.map((name) => aPod({ name }));
    put(
      this.stores,
      ...running.map((pod) => ({ ...pod, status: { ...(pod['status'] as object), podIP: '10.0.0.1' } })),
    );
  }

  /** Lets the operator look every 2 s for so long. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 2) {
      this.scaler.tick();
      await this.clock.advance(2_000);
    }
  }

  #station({ metadata, ...parts }: StationParts): object {
    const scale: Scale = { minReplicas: 2, maxReplicas: 20, metrics: [cpu] };
    const ports = [{ containerPort: 8080 }];
    const containers = [{ name: 'grill', image: 'g:1', ports, resources: { requests: { cpu: '700m' } } }];
    const fresh = { ...meta({}), uid: 'uid-station', ...metadata };
    return aStation({ scale, replicas: 2, template: { spec: { containers } }, ...parts, metadata: fresh });
  }

  readonly #scrape: Scrape = () => {
    if (this.inFlight === undefined) return Promise.reject(new Error('connection refused'));
    return Promise.resolve(`in_flight ${this.inFlight / this.#pods.length}`);
  };

  readonly #answer = async ({ path }: RawCall): Promise<unknown> => {
    if (this.fails !== undefined) throw this.fails;
    if (path === '/apis/metrics.k8s.io') return Promise.resolve({ versions: [{ version: 'v1beta1' }] });
    if (path.endsWith('/orders')) return Promise.resolve({ items: [{ value: String(this.orders) }] });
    const timestamp = (this.frozenAt ?? this.clock.now()).toISOString();
    const heard = this.#pods.slice(0, this.#pods.length - this.silent);
    const cpuOfEach = this.cpuOfEach ?? `${Math.round((this.cores / heard.length) * 1e9)}n`;
    const containers = [{ usage: { cpu: cpuOfEach } }];
    return Promise.resolve({
      items: heard.map((name) => ({ metadata: { name }, timestamp, window: '1s', containers })),
    });
  };

  readonly #patch = async (
    _: unknown,
    patch: { readonly spec: { readonly replicas: number } },
  ): Promise<KubeObject> => {
    const refusal = this.refuses;
    this.refuses = undefined;
    if (refusal !== undefined) throw refusal;
    const { replicas } = patch.spec;
    this.written.push(replicas);
    const before = this.stores.stations.get(key)?.object.spec ?? {};
    const station = this.#station({ ...before, replicas });
    if (this.isSeen) put(this.stores, station);
    return Promise.resolve(station as KubeObject);
  };
}

/** A stage whose demand has come to 9. */
export async function atNine(): Promise<ScalerStage> {
  const stage = new ScalerStage();
  stage.run(4);
  await stage.pass(20);
  assert.equal(stage.demand, 9);
  return stage;
}
