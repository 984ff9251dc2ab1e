import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client } from '../../operator/kube/client.ts';
import { loadConfig } from '../../operator/kube/config.ts';
import { connect } from '../../operator/kube/connect.ts';
import { run } from '../image/run.ts';
import { contextOf, install, uninstall } from '../kind/kind.ts';
import { look, running } from './look.ts';
import type { Look } from './look.ts';
import {
  controlObjects,
  kitchenObject,
  LOAD,
  loadPod,
  NAMESPACE,
  PLAIN,
  plainObjects,
  serviceOf,
  STATION,
} from './objects.ts';
import type { Service } from './objects.ts';

/** Pods that the Kitchen of six keeps, so that any one of three zones may go. */
export const FULL = 9;
const PATIENCE_MS = 240_000;

/** Options for a stage. */
export interface StageOptions {
  /** Name of the kind cluster. */
  readonly cluster: string;
  /** Requests a second to each service. */
  readonly rate: number;
  readonly keepAlive: boolean;
  readonly linger: string;
  /** Whether requests reach the Kitchen through hubs. */
  readonly hub: boolean;
  readonly signal: AbortSignal;
}

/** A Kitchen and a plain Deployment of the same demand on a kind cluster, under load, and what is done to them. */
export class Stage {
  readonly client: Client;
  /** Nodes that were stopped or frozen: what the API server says of their pods is not true any more. */
  readonly hurt = new Set<string>();
  readonly #options: StageOptions;
  #hub: boolean;
  #service: Service;

  private constructor(client: Client, options: StageOptions) {
    this.client = client;
    this.#options = options;
    this.#hub = options.hub;
    this.#service = serviceOf(options.linger);
  }

  /** Sets the stage; resolves once both services and the load run. */
  static async set(options: StageOptions): Promise<Stage> {
    const config = loadConfig({ context: contextOf(options.cluster), clock: systemClock });
    const client = connect({ config, clock: systemClock, userAgent: 'kitchen-experiment' });
    const stage = new Stage(client, options);
    // Nothing of an earlier run may be left.
    await stage.clear();
    await stage.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    await stage.apply(...controlObjects());
    await stage.change({});
    await stage.until('both services run', (seen) => stage.isWhole(seen));
    if (options.hub) await stage.until('requests reach the Kitchen through hubs', ({ isBehindHub }) => isBehindHub);
    return stage;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  get cluster(): string {
    return this.#options.cluster;
  }

  get rate(): number {
    return this.#options.rate;
  }

  isWhole(seen: Look): boolean {
    return this.running(seen, STATION) >= FULL && this.running(seen, PLAIN) >= serviceOf('0s').replicas;
  }

  /** Whole, every node Ready, and not one pod too many: nothing of an experiment before is still under way. */
  isCalm(seen: Look): boolean {
    const count = (service: string): number => seen.pods.filter((pod) => pod.service === service).length;
    const isExact = count(STATION) === FULL && count(PLAIN) === serviceOf('0s').replicas;
    return isExact && this.isWhole(seen) && seen.nodes.every(({ isReady }) => isReady);
  }

  running(seen: Look, service: string): number {
    return running(seen, service, this.hurt);
  }

  look(): Promise<Look> {
    return look(this.client);
  }

  /** Polls until it holds; throws, naming what, when it does not within four minutes. */
  async until(what: string, holds: (seen: Look) => boolean): Promise<Look> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const seen = await this.look();
      if (holds(seen)) return seen;
      if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain until ${what}`);
      await pause(500, undefined, { signal: this.signal });
    }
  }

  /** Changes both services alike, as their owner would: `kubectl apply`. */
  async change(changes: Partial<Service>): Promise<void> {
    this.#service = { ...this.#service, ...changes };
    await this.apply(kitchenObject(this.#service, { hub: this.#hub }), ...plainObjects(this.#service));
  }

  /** Asks for hubs, or for a plain Service. */
  async setHub(hub: boolean): Promise<void> {
    this.#hub = hub;
    await this.change({});
  }

  /** Takes the operator away, and all that the chart made but the CRDs; resolves when that is gone. */
  async uninstall(): Promise<void> {
    await uninstall(this.cluster);
  }

  /** Installs the operator again, from the images that the nodes have. */
  async install(): Promise<void> {
    await install(this.cluster);
  }

  /** Both services as they were in the beginning. */
  async restore(): Promise<void> {
    await this.change(serviceOf(this.#options.linger));
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const input = objects.map((object) => JSON.stringify(object)).join('\n');
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '--filename', '-'], input);
  }

  async kubectl(args: readonly string[], input?: string): Promise<void> {
    const command = ['kubectl', '--context', contextOf(this.#options.cluster), ...args];
    await run(command, input === undefined ? {} : { input });
  }

  async docker(...args: readonly string[]): Promise<void> {
    await run(['docker', ...args]);
  }

  /** Starts the load again. */
  async startLoad(): Promise<void> {
    await this.stopLoad();
    await this.apply(loadPod(this.#options.rate, this.#options.keepAlive));
    await this.kubectl(['wait', `pod/${LOAD}`, '--namespace', NAMESPACE, '--for=condition=Ready', '--timeout=60s']);
  }

  async stopLoad(): Promise<void> {
    await this.kubectl(['delete', 'pod', LOAD, '--namespace', NAMESPACE, '--ignore-not-found', '--grace-period=1']);
  }

  /** All that the load has written. */
  async loadLog(): Promise<string> {
    return String(await this.client.request({ path: `/api/v1/namespaces/${NAMESPACE}/pods/${LOAD}/log` }));
  }

  /** Takes both services away. */
  async clear(): Promise<void> {
    await this.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
