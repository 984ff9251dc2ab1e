import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kitchen } from '../../operator/api/kitchen.ts';
import { columns } from '../../operator/cli/columns.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { isOperators, writesIn } from './audit.ts';
import type { AuditLine } from './audit.ts';
import { imageEnvironment, imageNodeFlags } from './image.ts';
import { residentOf } from './scale/meters.ts';

const root = join(import.meta.dirname, '..', '..');
const path = '/apis/kitchen.dev/v1alpha1/namespaces/default';
/** Kitchens of three stations each. The first ones are made one by one. */
const KITCHENS = 100;
const ALONE = 20;
const STEADY_MS = 60_000;

/** Measures everything that needs no failure, once, and prints a table. */
export async function basics(): Promise<void> {
  const say = (line: string): void => console.error(line);
  const began = performance.now();
  await using cluster = await startCluster({ audit: true, podStartMs: 500, say });
  const startMs = performance.now() - began;
  await applyCrds(cluster);
  const operator = await startOperator(cluster);
  try {
    await leads(cluster, operator);
    say(`applying ${KITCHENS} Kitchens of 3 stations, the first ${ALONE} one by one`);
    const sentMs: number[] = [];
    for (let index = 0; index < ALONE; index++) {
      sentMs.push(Date.now());
      await post(cluster, `k${index}`);
      while ((await readyKitchens(cluster)) < index + 2) await pause(100);
    }
    const reactions = await reactionsIn(cluster.auditLog, sentMs);
    const beganBulk = performance.now();
    for (let index = ALONE; index < KITCHENS; index++) await post(cluster, `k${index}`);
    await served(cluster, say);
    const bulkMs = performance.now() - beganBulk;
    const steady = await steadyMinute(cluster, operator, say);
    const { now: rss } = await residentOf(operator.pid!);
    const kinds = Map.groupBy(
      await operatorWrites(cluster),
      (line) => `${line.verb} ${line.objectRef?.resource ?? ''}`,
    );
    say(`writes in all: ${[...kinds].map(([kind, lines]) => `${kind} ${lines.length}`).join(', ')}`);
    const rows = [
      ['control plane with 9 nodes: start', `${(startMs / 1000).toFixed(1)} s`],
      ['apply of a Kitchen to its first Deployment write: median', `${quantile(reactions, 0.5)} ms`],
      [`the same: longest of ${ALONE}`, `${quantile(reactions, 1)} ms`],
      [`${(KITCHENS - ALONE) * 3} stations applied at once: until all are Ready`, `${(bulkMs / 1000).toFixed(0)} s`],
      [`RSS of the operator with ${KITCHENS * 3} stations`, `${rss} MiB`],
      ['writes of the operator in 60 s of steady state', String(steady.writes)],
      ['CPU of the operator in that minute', `${steady.cpuPercent.toFixed(1)} % of a core`],
    ];
    console.log(columns(rows).join('\n'));
  } finally {
    operator.kill('SIGTERM');
  }
}

async function applyCrds(cluster: Cluster): Promise<void> {
  const kubectl = spawn(
    cluster.bin.kubectl,
    ['--kubeconfig', cluster.kubeconfig, 'apply', '--server-side', '-f', 'crds'],
    { cwd: root, stdio: 'ignore' },
  );
  await new Promise((resolve) => kubectl.once('exit', resolve));
}

async function startOperator(cluster: Cluster): Promise<ChildProcess> {
  const args = [
    ...(await imageNodeFlags(root)),
    join(root, 'operator', 'main.ts'),
    '--kubeconfig',
    cluster.kubeconfig,
    '--listen',
    'off',
    '--log-level',
    'warn',
  ];
  const env = { ...process.env, ...(await imageEnvironment(root)) };
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Waits until a first Kitchen is served, so that no later measurement includes the start. */
async function leads(cluster: Cluster, operator: ChildProcess): Promise<void> {
  for (;;) {
    if (operator.exitCode !== null) throw new Error('the operator ended');
    try {
      await post(cluster, 'first');
      break;
    } catch {
      // The kinds are established, but their storage may not be ready for a moment.
      await pause(200);
    }
  }
  while ((await readyKitchens(cluster)) < 1) await pause(200);
}

async function readyKitchens(cluster: Cluster): Promise<number> {
  const { items } = await cluster.api.call<{ items: Kitchen[] }>('GET', `${path}/kitchens`);
  return items.filter((kitchen) =>
    kitchen.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  ).length;
}

async function served(cluster: Cluster, say: (line: string) => void): Promise<number> {
  const began = performance.now();
  for (let told = 0; ;) {
    const ready = await readyKitchens(cluster);
    if (ready > KITCHENS) return performance.now() - began;
    if (performance.now() - told > 5_000) {
      say(`${ready} of ${KITCHENS + 1} Kitchens are Ready`);
      told = performance.now();
    }
    await pause(500);
  }
}

/**
 * The time from sending each Kitchen until its first Deployment write reaches the API server. Both have the same clock.
 */
async function reactionsIn(auditLog: string, sentMs: readonly number[]): Promise<readonly number[]> {
  const writes = (await writesIn(auditLog)).filter(isOperators);
  return sentMs.map((sent, index) => {
    const first = writes.find(
      ({ objectRef }) => objectRef?.resource === 'deployments' && objectRef.name?.startsWith(`k${index}-`),
    );
    if (first === undefined) throw new Error(`nothing was written for Kitchen k${index}`);
    return Date.parse(first.requestReceivedTimestamp) - sent;
  });
}

async function post(cluster: Cluster, name: string): Promise<void> {
  await cluster.api.call('POST', `${path}/kitchens`, aKitchen(name));
}

async function steadyMinute(
  cluster: Cluster,
  operator: ChildProcess,
  say: (line: string) => void,
): Promise<{ readonly writes: number; readonly cpuPercent: number }> {
  say('waiting until what is under way has ended');
  await quiet(cluster);
  say(`counting writes for ${STEADY_MS / 1000} s`);
  const count = async (): Promise<number> => (await operatorWrites(cluster)).length;
  const [writesBefore, cpuBefore] = [await count(), await cpuMs(operator)];
  await pause(STEADY_MS);
  return {
    writes: (await count()) - writesBefore,
    cpuPercent: (((await cpuMs(operator)) - cpuBefore) / STEADY_MS) * 100,
  };
}

/** Waits until the operator has written nothing for five seconds. Events are written later than the rest. */
async function quiet(cluster: Cluster): Promise<void> {
  for (let before = -1, now = 0; before !== now;) {
    before = now;
    await pause(5_000);
    now = (await operatorWrites(cluster)).length;
  }
}

async function operatorWrites(cluster: Cluster): Promise<readonly AuditLine[]> {
  return (await writesIn(cluster.auditLog)).filter(
    (line) => isOperators(line) && line.objectRef?.resource !== 'leases',
  );
}

/** User and system time so far; Linux counts it in hundredths of a second. */
async function cpuMs({ pid }: ChildProcess): Promise<number> {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(stat[11]) + Number(stat[12])) * 10;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function aKitchen(name: string): object {
  const template = {
    spec: {
      containers: [
        { name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu: '1m', memory: '1Mi' } } },
      ],
    },
  };
  const stations = ['grill', 'oven', 'till'].map((station) => ({
    name: station,
    replicas: 2,
    ports: [{ port: 80 }],
    template,
  }));
  return {
    apiVersion: 'kitchen.dev/v1alpha1',
    kind: 'Kitchen',
    metadata: { name },
    spec: { survive: { zones: 1 }, stations },
  };
}
