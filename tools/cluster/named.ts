import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { connectApi, type Api } from './api.ts';
import { isAlive } from './assets/lock.ts';
import { startCluster, type ClusterOptions } from './cluster.ts';
import { writePrivate } from './files.ts';
import type { ProcessRecord } from './supervisor.ts';

/** A cluster that outlives the command that started it. */
export type NamedCluster = {
  readonly name: string;
  readonly dir: string;
  readonly kubeconfig: string;
  readonly server: string;
  readonly processes: readonly ProcessRecord[];
};

/** Where named clusters are kept: `$XDG_STATE_HOME/kitchen/clusters`, or `~/.local/state/kitchen/clusters`. */
function stateRoot(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'kitchen', 'clusters');
}

/** Starts a cluster that goes on running until `takeDown`. Throws when one of that name runs already. */
export async function bringUp(name: string, options: ClusterOptions): Promise<NamedCluster> {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
    throw new Error(`"${name}" is no name for a cluster: use a-z, 0-9 and -`);
  const dir = join(stateRoot(), name);
  const found = await findCluster(name).catch(() => undefined);
  if (found?.processes.some(({ ended }) => ended === undefined))
    throw new Error(`cluster ${name} runs already; take it down with: npm run cluster -- down --name ${name}`);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const cluster = await startCluster({ ...options, dir });
  await writePrivate(join(dir, 'supervisor.pid'), `${cluster.processes.supervisorPid}\n`);
  await cluster.processes.letGo();
  await cluster.api.close();
  return findCluster(name);
}

/** Reads the record of a named cluster. If there is none of that name, throws an error that lists the existing ones. */
export async function findCluster(name: string): Promise<NamedCluster> {
  const dir = join(stateRoot(), name);
  const kubeconfig = join(dir, 'kubeconfig');
  const text = await readFile(kubeconfig, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(await noSuchCluster(name));
  const records = JSON.parse(await readFile(join(dir, 'processes.json'), 'utf8')) as ProcessRecord[];
  const { clusters } = load(text) as Kubeconfig;
  const running = await Promise.all(records.map(runs));
  const processes = records.map(({ name: process, pid, ended }, index) => ({
    name: process,
    pid,
    ended: running[index] ? undefined : (ended ?? 'killed'),
  }));
  return { name, dir, kubeconfig, server: clusters[0]?.cluster.server ?? '', processes };
}

/** JSON calls to a named cluster as its administrator. */
export async function apiOf({ kubeconfig }: NamedCluster): Promise<Api> {
  const { clusters, users } = load(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  if (cluster === undefined || user === undefined) throw new Error(`${kubeconfig} names no cluster or no user`);
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  return connectApi({ server: cluster.server, ca, token: user.token });
}

/** Ends every process of the cluster and removes its files; resolves when none is left. */
export async function takeDown({ dir, processes }: NamedCluster): Promise<void> {
  const supervisor = Number(await readFile(join(dir, 'supervisor.pid'), 'utf8').catch(() => '0'));
  if (supervisor > 0 && (await commandLine(supervisor)).includes(dir)) end(supervisor, 'SIGTERM');
  const deadline = performance.now() + 5000;
  for (const record of processes) {
    // If its supervisor is gone, the process has to be ended here.
    while (await runs(record)) {
      if (supervisor === 0 || !isAlive(supervisor) || performance.now() > deadline) end(record.pid, 'SIGKILL');
      await pause(20);
    }
  }
  await rm(dir, { recursive: true, force: true });
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // The process has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

type Kubeconfig = {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
};

async function noSuchCluster(name: string): Promise<string> {
  const names = await readdir(stateRoot()).catch(() => []);
  const known = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
  return `no cluster named ${name}: ${known}. Start it with: npm run cluster -- up --name ${name}`;
}

/** Whether the recorded process still runs. Another process may have its id by now. */
async function runs({ pid, name, ended }: ProcessRecord): Promise<boolean> {
  return ended === undefined && pid > 0 && isAlive(pid) && (await commandLine(pid)).includes(name);
}

async function commandLine(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout;
}
