import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { release } from '../../tools/generate/helm.ts';
import type { Stage } from '../integration/operator/stage.ts';
import { FaultyProxy } from './proxy.ts';

export interface ProxiedOptions {
  readonly stage: Stage;
  /** The bundled operator. */
  readonly program: string;
  readonly ca: string;
  readonly namespace: string;
  /** Of the process; the namespace unless told. */
  readonly name?: string;
  readonly flags?: readonly string[];
}

interface Kubeconfig {
  clusters: { cluster: object }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

const shiftClock = join(import.meta.dirname, 'shiftClock.ts');

/** One operator behind a proxy of its own, looking after one namespace. */
export class OperatorBehindProxy implements AsyncDisposable {
  readonly namespace: string;
  readonly proxy: FaultyProxy;
  readonly #options: ProxiedOptions;
  readonly #name: string;
  readonly #args: readonly string[];
  #crashing: Promise<void> | undefined;
  /** How many processes there have been, and up to which of them we have killed them. */
  #started = 0;
  #killed = 0;
  #isOver = false;
  /** What is being done to it; empty when it is left in peace. */
  readonly #troubles = new Set<string>();

  private constructor(options: ProxiedOptions, proxy: FaultyProxy, kubeconfig: string) {
    this.namespace = options.namespace;
    this.#name = options.name ?? options.namespace;
    this.#options = options;
    this.proxy = proxy;
    const flags = [`--namespace=${options.namespace}`, '--listen=off', '--log-format=json', ...(options.flags ?? [])];
    this.#args = ['--import', shiftClock, options.program, `--kubeconfig=${kubeconfig}`, ...flags];
  }

  /** Starts the proxy; the operator is not started yet. */
  static async open(options: ProxiedOptions): Promise<OperatorBehindProxy> {
    const { cluster } = options.stage;
    const proxy = await FaultyProxy.start({ server: cluster.server, ca: options.ca });
    const account = { namespace: release.namespace, serviceAccount: release.name };
    const config = load(await readFile(await cluster.kubeconfigFor(account), 'utf8')) as Kubeconfig;
    config.clusters = config.clusters.map((each) => ({
      ...each,
      cluster: { server: proxy.url, 'insecure-skip-tls-verify': true },
    }));
    const kubeconfig = join(cluster.dir, `faulty.${options.name ?? options.namespace}.kubeconfig`);
    await writeFile(kubeconfig, dump(config), { mode: 0o600 });
    return new OperatorBehindProxy(options, proxy, kubeconfig);
  }

  /** Starts the operator, and again whenever it ends by itself, as a kubelet would. */
  start(): void {
    const { processes } = this.#options.stage.cluster;
    this.#started += 1;
    const mine = this.#started;
    processes.start({ name: this.#name, command: process.execPath, args: this.#args });
    processes.failureOf(this.#name).catch(() => {
      if (this.#isOver || mine <= this.#killed) return;
      this.proxy.note('the operator has ended by itself, another one starts');
      this.start();
    });
  }

  /** Kills the operator and starts another one; crashes at the same time are one. */
  crash(inBetween: () => void = () => undefined): Promise<void> {
    this.#killed = this.#started;
    this.#crashing ??= this.#options.stage.cluster.processes.stop(this.#name, 'SIGKILL').then(() => {
      this.proxy.note('the operator was killed, another one starts');
      this.start();
      this.#crashing = undefined;
    });
    return this.#crashing.then(inBetween);
  }

  /** Sends a signal that does not end the process. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    this.proxy.note(`${signal} to the operator`);
    // It resolves at the process's exit.
    void this.#options.stage.cluster.processes.stop(this.#name, signal);
  }

  /** Notes that a fault begins; returns what to call when all of it is over. */
  trouble = (what: string): (() => void) => {
    this.#troubles.add(what);
    return () => void this.#troubles.delete(what);
  };

  /** What has not happened yet, or still goes on. */
  get troubles(): readonly string[] {
    return [...this.#troubles];
  }

  /** The end of what proxy and operator said. */
  async story(): Promise<string> {
    const log = await readFile(join(this.#options.stage.cluster.dir, `${this.#name}.log`), 'utf8').catch(String);
    const said = log
      .split('\n')
      .slice(-40)
      .map((line) => line.slice(0, 600));
    return ['the proxy:', ...this.proxy.log.slice(-80), 'the operator:', ...said].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.proxy[Symbol.asyncDispose]();
  }
}
