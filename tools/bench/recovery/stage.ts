import { setTimeout as pause } from 'node:timers/promises';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Timings } from '../../cluster/timings.ts';
import { install, kubectl, post } from '../operator.ts';
import { subjects } from './subjects.ts';
import { takeTally } from './tally.ts';
import type { Tally } from './tally.ts';

export const ZONES = 3;
export const NODES_A_ZONE = 5;
/** The longest wait until all pods run. It is long because the machine may be busy with other clusters. */
const PATIENCE_MS = 180_000;

/** A cluster with the operator and every subject in it. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** `kubectl drain`; false when it did not end in time. */
  drain(node: string, limitMs: number): Promise<boolean>;
  /** Rejects when the operator ends, and when the signal is aborted. */
  readonly failed: Promise<never>;
}

/** Options for a stage. */
export interface StageOptions {
  readonly timings: Timings;
  readonly operatorFlags: readonly string[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Starts the cluster. Resolves when every subject runs all its pods and nothing is under way. */
export async function openStage({ timings, operatorFlags, signal, say }: StageOptions): Promise<Stage> {
  signal.throwIfAborted();
  const cluster = await startCluster({ ...timings, zones: ZONES, nodes: NODES_A_ZONE, audit: true, say });
  try {
    await install(cluster, { flags: ['--listen', 'off', ...operatorFlags] });
    const failed = failureOf(cluster, signal);
    for (const { name, objects } of subjects) {
      await cluster.api.call('POST', '/api/v1/namespaces', { metadata: { name } });
      for (const { group, plural, body } of objects)
        await post(cluster, `/${group}/namespaces/${name}/${plural}`, body);
    }
    const tally = await takeTally(cluster.kubeconfig);
    await Promise.race([untilServed(tally), failed]);
    return {
      cluster,
      tally,
      signal,
      failed,
      drain: (node, limitMs) => drained(cluster, node, { limitMs, signal }),
      [Symbol.asyncDispose]: async () => {
        await tally[Symbol.asyncDispose]();
        await cluster[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

function failureOf(cluster: Cluster, signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('ended before its time')), { once: true });
  });
  const failed = Promise.race([cluster.processes.failureOf('operator'), aborted]);
  // Every wait races with `failed`. Between two waits no code awaits it, and its rejection must not end the process.
  failed.catch(() => undefined);
  return failed;
}

async function untilServed(tally: Tally): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let since = performance.now();
  for (;;) {
    const waiting = subjects.filter((subject) => tally.running(subject) !== subject.pods || !tally.isSettled(subject));
    if (waiting.length > 0) since = performance.now();
    if (performance.now() - since > 3_000) return;
    if (performance.now() > deadline) {
      const seen = waiting.map((subject) => `${subject.title} runs ${tally.running(subject)} of ${subject.pods}`);
      throw new Error(`not served within ${PATIENCE_MS / 1000} s: ${seen.join(', ')}`);
    }
    await pause(100);
  }
}

async function drained(
  cluster: Cluster,
  node: string,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const flags = ['--ignore-daemonsets', '--delete-emptydir-data', `--timeout=${Math.ceil(limitMs / 1000)}s`];
  try {
    await kubectl(cluster, ['drain', node, ...flags], signal);
    return true;
  } catch (error) {
    if (signal.aborted || !String(error).includes('timeout')) throw error;
    return false;
  }
}
