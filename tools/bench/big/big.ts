import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BigCluster } from './cluster.ts';
import { serveApi } from './http.ts';
import type { Served } from './http.ts';
import { OperatorProcess } from './operatorProcess.ts';
import type { Meter } from './operatorProcess.ts';
import { tableOf } from './table.ts';

export interface BigOptions {
  readonly nodes: readonly number[];
  readonly podsPerNode: number;
  /** Another checkout to measure on the same clusters. */
  readonly against?: string;
  /** A part that takes longer, in seconds, is given up. */
  readonly limit: number;
  readonly json?: string;
}

/** Figures of one operator in one cluster. Undefined: given up. */
export interface BigResult {
  readonly who: string;
  readonly nodes: number;
  readonly pods: number;
  readonly stations: number;
  /** From the start of the process until everything is listed, and until every station was looked at. */
  readonly syncedS: number | undefined;
  readonly startS: number | undefined;
  readonly startCpuS: number | undefined;
  /** With all of the cluster, and of an operator that serves every other namespace. */
  readonly heapMib: number | undefined;
  readonly rssMib: number | undefined;
  readonly halfHeapMib: number | undefined;
  readonly halfRssMib: number | undefined;
  /** CPU of one look with nothing to do, what the watch tells included. */
  readonly lookMs: number | undefined;
  /** CPU while nothing happens but renewals of Leases, in parts of a core. */
  readonly idleCores: number | undefined;
  /** A zone dies: CPU, looks and writes until all is quiet again. */
  readonly deathCpuS: number | undefined;
  readonly deathLooks: number | undefined;
  readonly deathWrites: number | undefined;
  readonly deathPods: number;
}

const repository = join(import.meta.dirname, '..', '..', '..');
const IDLE_MS = 20_000;
const TOUCHED = 300;

/** Measures the operator as a process of its own against a simulated API server, in clusters of several sizes. */
export async function big(options: BigOptions, signal: AbortSignal): Promise<void> {
  const results: BigResult[] = [];
  for (const nodes of options.nodes) {
    for (const result of await measureSize(nodes, options, signal)) {
      results.push(result);
      if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
    }
  }
  console.log(tableOf(results));
}

async function measureSize(nodes: number, options: BigOptions, signal: AbortSignal): Promise<readonly BigResult[]> {
  const dir = await mkdtemp(join(tmpdir(), 'kitchen-big-'));
  const cluster = new BigCluster(nodes, options.podsPerNode);
  const say = (line: string): void => console.error(`${nodes} nodes: ${line}`);
  try {
    await using served = await serveApi(cluster.api);
    const stage: BigStage = { cluster, served, dir, say, signal, limitMs: options.limit * 1000 };
    await make(stage);
    const restore = cluster.save();
    const results: BigResult[] = [];
    for (const [who, folder] of [
      ['now', repository],
      ...(options.against === undefined ? [] : ([['before', options.against]] as const)),
    ] as const) {
      restore();
      say(`measuring ${who}`);
      results.push(await measure(stage, who, folder));
    }
    return results;
  } finally {
    cluster.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

interface BigStage {
  readonly cluster: BigCluster;
  readonly served: Served;
  readonly dir: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

/** Lets the operator make all that the Kitchens need. */
async function make(stage: BigStage): Promise<void> {
  const { cluster, say } = stage;
  await using operator = await OperatorProcess.start(startIn(stage, repository));
  const isMade = (): boolean => cluster.pods >= 9 * cluster.stations;
  const made = await until(
    stage,
    async () => {
      say(`${cluster.pods} of ${9 * cluster.stations} pods are made`);
      return isMade() && (await operator.meter()).waiting === 0;
    },
    Infinity,
  );
  if (made) await quiet(stage, operator);
}

async function measure(stage: BigStage, who: string, folder: string): Promise<BigResult> {
  const { cluster, say } = stage;
  const about = { who, nodes: cluster.nodes, pods: cluster.pods, stations: cluster.stations };
  const half = who === 'now' ? await measureHalf(stage, folder) : undefined;
  await using operator = await OperatorProcess.start(startIn(stage, folder));
  const started = await until(stage, async () => {
    const { looks, waiting } = await operator.meter();
    return looks >= cluster.stations && waiting === 0;
  });
  const start = started ? await operator.meter() : undefined;
  const startS = started ? operator.ageMs / 1000 : undefined;
  say(`${who}: started after ${startS?.toFixed(1) ?? 'too long'} s`);
  const memory = started ? await operator.memory() : undefined;
  const look = started ? await measureLook(stage, operator) : undefined;
  const idle = started ? await measureIdle(operator) : undefined;
  const death = started ? await measureDeath(stage, operator) : undefined;
  return {
    ...about,
    syncedS: operator.syncedMs === undefined ? undefined : operator.syncedMs / 1000,
    startS,
    startCpuS: start && start.cpuMs / 1000,
    heapMib: memory?.heapMib,
    rssMib: memory?.rssMib,
    halfHeapMib: half?.heapMib,
    halfRssMib: half?.rssMib,
    lookMs: look,
    idleCores: idle,
    deathCpuS: death?.cpuS,
    deathLooks: death?.looks,
    deathWrites: death?.writes,
    deathPods: death?.pods ?? 0,
  };
}

/** The memory of one of two shards. */
async function measureHalf(stage: BigStage, folder: string): ReturnType<OperatorProcess['memory']> {
  const flags = ['--namespace-selector', 'half=a'];
  await using operator = await OperatorProcess.start({ ...startIn(stage, folder), flags });
  await until(stage, async () => operator.syncedMs !== undefined && (await operator.meter()).waiting === 0);
  return await operator.memory();
}

async function measureLook(stage: BigStage, operator: OperatorProcess): Promise<number | undefined> {
  await quiet(stage, operator);
  const before = await operator.meter();
  stage.cluster.touch(TOUCHED);
  const after = await quiet(stage, operator);
  const looks = after.looks - before.looks;
  stage.say(`${looks} looks with nothing to do`);
  return looks === 0 ? undefined : (after.cpuMs - before.cpuMs) / looks;
}

async function measureIdle(operator: OperatorProcess): Promise<number> {
  const before = await operator.meter();
  await pause(IDLE_MS);
  return ((await operator.meter()).cpuMs - before.cpuMs) / IDLE_MS;
}

interface Death {
  readonly cpuS: number;
  readonly looks: number;
  readonly writes: number;
  readonly pods: number;
}

/** A zone falls silent, is suspected after 25 s, and its nodes are called lost from 40 s on, a hundred a second. */
async function measureDeath(stage: BigStage, operator: OperatorProcess): Promise<Death | undefined> {
  const { cluster, served, say } = stage;
  const [before, writesBefore] = [await operator.meter(), writesOf(served)];
  const pods = cluster.silence();
  say(`zone-a dies with ${pods} pods`);
  await pause(40_000);
  await cluster.lose(() => pause(100));
  const after = await quiet(stage, operator);
  if (after.waiting > 0) return undefined;
  say(`quiet again after ${after.looks - before.looks} looks`);
  const writes = writesOf(served) - writesBefore;
  return { cpuS: (after.cpuMs - before.cpuMs) / 1000, looks: after.looks - before.looks, writes, pods };
}

function writesOf({ writes }: Served): number {
  return [...writes.values()].reduce((sum, many) => sum + many, 0);
}

/** Waits until the operator has neither looked nor written for some seconds; returns its meter then. */
async function quiet(stage: BigStage, operator: OperatorProcess): Promise<Meter> {
  let last = await operator.meter();
  await until(stage, async () => {
    const writes = writesOf(stage.served);
    await pause(3_000);
    const meter = await operator.meter();
    const isQuiet = meter.looks === last.looks && writesOf(stage.served) === writes && meter.waiting === 0;
    last = meter;
    return isQuiet;
  });
  return last;
}

/** False when it did not come true in time. */
async function until({ limitMs, signal }: BigStage, isTrue: () => Promise<boolean>, most = limitMs): Promise<boolean> {
  const beganMs = performance.now();
  while (performance.now() - beganMs < most) {
    signal.throwIfAborted();
    if (await isTrue()) return true;
    await pause(500);
  }
  return false;
}

function startIn({ served, dir }: BigStage, folder: string): Parameters<typeof OperatorProcess.start>[0] {
  return { folder, url: served.url, dir };
}
