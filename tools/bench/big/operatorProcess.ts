import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { metricsOf, residentOf, sumOf } from '../scale/meters.ts';

/** What the operator has used and done so far. */
export interface Meter {
  readonly cpuMs: number;
  readonly rssMib: number;
  readonly looks: number;
  /** Keys that wait to be looked at. */
  readonly waiting: number;
}

export interface OperatorOptions {
  /** A checkout of the operator. */
  readonly folder: string;
  readonly url: string;
  /** Where its kubeconfig is written. */
  readonly dir: string;
  readonly flags?: readonly string[];
}

/** The size of Node's heap is not limited, unlike in the image: the bench is to tell how much is needed. */
const nodeFlags = ['--max-old-space-size=8192', '--max-semi-space-size=8', '--expose-gc'];
const collectOnSignal = 'data:text/javascript,process.on("SIGUSR2",()=>globalThis.gc())';

/** One process of the operator. */
export class OperatorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #beganMs = performance.now();
  #metrics = '';
  #syncedMs: number | undefined;
  #died: Error | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#died = new Error(`the operator ended with ${signal ?? code}`);
        resolve();
      });
    });
    if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => this.#hear(line));
  }

  static async start({ folder, url, dir, flags = [] }: OperatorOptions): Promise<OperatorProcess> {
    const kubeconfig = join(dir, 'operator.kubeconfig');
    const named = {
      clusters: [{ name: 'big', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'big', user: {} }],
    };
    const contexts = [{ name: 'big', context: { cluster: 'big', user: 'big' } }];
    await writeFile(kubeconfig, JSON.stringify({ ...named, contexts, 'current-context': 'big' }));
    const own = ['--kubeconfig', kubeconfig, '--listen', '127.0.0.1:0', '--log-format', 'json', ...flags];
    const args = [...nodeFlags, '--import', collectOnSignal, join(folder, 'operator', 'main.ts'), ...own];
    return new OperatorProcess(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  }

  /** How long it took until everything was listed, in ms since its start; undefined before. */
  get syncedMs(): number | undefined {
    return this.#syncedMs;
  }

  get ageMs(): number {
    return performance.now() - this.#beganMs;
  }

  async meter(): Promise<Meter> {
    if (this.#died !== undefined) throw this.#died;
    const samples = this.#metrics === '' ? [] : await metricsOf(this.#metrics);
    const stationsOnly = samples.filter(({ labels }) => labels['controller'] === 'station');
    return {
      cpuMs: await this.#cpuMs(),
      rssMib: await this.#rssMib(),
      looks: sumOf(stationsOnly, 'controller_runtime_reconcile_total'),
      waiting: sumOf(samples, 'workqueue_depth') + sumOf(samples, 'controller_runtime_active_workers'),
    };
  }

  /** The live heap and the RSS in MiB, after a collection. */
  async memory(): Promise<{ readonly heapMib: number; readonly rssMib: number }> {
    this.#child.kill('SIGUSR2');
    await pause(2_000);
    const used = sumOf(await metricsOf(this.#metrics), 'nodejs_heap_size_used_bytes');
    return { heapMib: Math.round(used / 2 ** 20), rssMib: await this.#rssMib() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  #hear(line: string): void {
    const { msg = '' } = JSON.parse(line) as { readonly msg?: string };
    const [, url] = /^serving (http:\S+)\/livez/.exec(msg) ?? [];
    if (url !== undefined) this.#metrics = `${url}/metrics`;
    if (msg.startsWith('synced in')) this.#syncedMs = this.ageMs;
  }

  async #rssMib(): Promise<number> {
    return (await residentOf(this.#child.pid!)).now;
  }

  /** Linux counts it in hundredths of a second. */
  async #cpuMs(): Promise<number> {
    const stat = (await readFile(`/proc/${this.#child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return (Number(stat[11]) + Number(stat[12])) * 10;
  }
}
