import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errors } from 'undici';
import { ApiError } from '../cluster/api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { imageEnvironment, imageNodeFlags } from './image.ts';

const root = join(import.meta.dirname, '..', '..');

/** What is started as the operator: a file for Node, and the repository that its CRDs and image come from. */
export interface Program {
  readonly root: string;
  readonly main: string;
}

const source: Program = { root, main: join(root, 'operator', 'main.ts') };

/** How the operator is started: its own flags, and flags for Node in addition to the image's. */
export interface OperatorFlags {
  readonly flags: readonly string[];
  readonly nodeFlags?: readonly string[];
  /** The source of this repository when absent. */
  readonly program?: Program;
}

/**
 * Installs the CRDs and starts the operator as the image does. It is one of the cluster's processes, and ends with
 * them.
 */
export async function install(
  cluster: Cluster,
  { flags, nodeFlags = [], program = source }: OperatorFlags,
): Promise<void> {
  const crds = join(program.root, 'crds');
  await kubectl(cluster, ['apply', '--server-side', '-f', crds]);
  await kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=60s', '-f', crds]);
  const environment = Object.entries(await imageEnvironment(program.root)).map(([name, value]) => `${name}=${value}`);
  const own = ['--kubeconfig', cluster.kubeconfig, '--log-level', 'warn', ...flags];
  cluster.processes.start({
    name: 'operator',
    command: 'env',
    args: [
      ...environment,
      process.execPath,
      ...(await imageNodeFlags(program.root)),
      ...nodeFlags,
      program.main,
      ...own,
    ],
  });
}

/** Runs kubectl in the repository; throws with what it said when it fails or the signal is aborted. */
export async function kubectl(cluster: Cluster, args: readonly string[], signal?: AbortSignal): Promise<void> {
  const all = ['--kubeconfig', cluster.kubeconfig, ...args];
  await promisify(execFile)(cluster.bin.kubectl, all, { cwd: root, ...(signal === undefined ? {} : { signal }) });
}

/**
 * Creates an object. A new kind answers 429 until its storage is ready, and a busy API server may not answer in time:
 * then it tries again, for up to a minute.
 */
export async function post(cluster: Cluster, path: string, body: object): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (let isUnknown = false; ;) {
    try {
      await cluster.api.call('POST', path, body);
      return;
    } catch (error) {
      const status = error instanceof ApiError ? error.status : undefined;
      // The one that was not answered has made it.
      if (isUnknown && status === 409) return;
      const isLate = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;
      const isTooEarly = status === 429 || status === 404;
      if (!(isLate || isTooEarly) || performance.now() > deadline) throw error;
      isUnknown ||= isLate;
      await pause(200);
    }
  }
}
