import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify, styleText } from 'node:util';
import { Command } from 'commander';
import { load } from 'js-yaml';
import { readFile } from 'node:fs/promises';
import type { Kitchen } from '../../operator/api/kitchen.ts';
import { ApiError } from '../cluster/api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { startCluster } from '../cluster/cluster.ts';
import { closingTable, promiseHeld } from './closing.ts';
import type { Measured } from './gauge.ts';
import { look, NAMESPACE, PLAIN, running } from './look.ts';
import type { Look } from './look.ts';
import { plainDeployment } from './plain.ts';
import { openScreen } from './screen.ts';
import type { Screen } from './screen.ts';
import { play } from './story.ts';

const root = join(import.meta.dirname, '..', '..');
const sample = 'manifests/samples/pizzeria.yaml';
/** The station whose fate is told beside the plain Deployment's. */
const HERO = 'grill';

const options = new Command('demo')
  .description('A Kitchen on a local control plane, served, hurt and made whole, beside a plain Deployment.')
  .option('--keep', 'leave it running after the story, until Ctrl-C')
  .option('--no-story', 'only start it, and leave it running until Ctrl-C')
  .parse()
  .opts<{ readonly keep?: boolean; readonly story: boolean }>();

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
process.exitCode = await run();

async function run(): Promise<number> {
  await using screen = openScreen(process.stdout);
  try {
    return await demo(screen, ended.signal);
  } catch (error) {
    if (ended.signal.aborted) return 130;
    screen.say(styleText('red', error instanceof Error ? (error.stack ?? error.message) : String(error)));
    return 1;
  }
}

async function demo(screen: Screen, signal: AbortSignal): Promise<number> {
  screen.say('starting a control plane with 9 nodes in 3 zones');
  await using cluster = await startCluster({ zones: 3, nodes: 3, say: (line) => screen.say(line) });
  signal.throwIfAborted();
  const kitchen = await serve(cluster, screen);
  const seen = await untilServed(cluster, screen, signal);
  const hero = seen.stations.find((station) => station.spec.station === HERO);
  const demand = kitchen.spec.stations.find((station) => station.name === HERO)?.replicas ?? 0;
  const stage = {
    cluster,
    signal,
    kitchen: { service: HERO, demand, full: hero?.status?.target ?? demand } satisfies Measured,
    plain: { service: PLAIN, demand, full: demand } satisfies Measured,
    show: (now: Look, title: string) => screen.show(now, title),
    tell: (line: string) => screen.say(styleText('bold', `▶ ${line}`)),
  };
  const chapters = options.story ? await play(stage) : [];
  if (options.story) screen.end(closingTable(chapters, stage.kitchen, stage.plain));
  if (options.keep === true || !options.story) await stay(cluster, screen, signal);
  return promiseHeld(chapters, stage.kitchen) ? 0 : 1;
}

/** CRDs, operator, the sample Kitchen and the plain Deployment, as a user would apply them. */
async function serve(cluster: Cluster, screen: Screen): Promise<Kitchen> {
  const apply = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)(cluster.bin.kubectl, ['--kubeconfig', cluster.kubeconfig, 'apply', '--server-side', ...args], {
      cwd: root,
    });
  await apply('-f', 'crds');
  await promisify(execFile)(
    cluster.bin.kubectl,
    ['--kubeconfig', cluster.kubeconfig, 'wait', '--for=condition=Established', '--timeout=30s', '-f', 'crds'],
    { cwd: root },
  );
  cluster.processes.start({
    name: 'operator',
    command: process.execPath,
    args: [join(root, 'operator', 'main.ts'), '--kubeconfig', cluster.kubeconfig, '--listen', 'off'],
  });
  screen.say(`the operator runs; kubectl apply --server-side -f ${sample}`);
  await apply('-f', sample);
  const kitchen = load(await readFile(join(root, sample), 'utf8')) as Kitchen;
  const hero = kitchen.spec.stations.find((station) => station.name === HERO);
  if (hero === undefined) throw new Error(`${sample} has no station ${HERO}`);
  await cluster.api.call('POST', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, plainDeployment(hero));
  return kitchen;
}

async function untilServed(cluster: Cluster, screen: Screen, signal: AbortSignal): Promise<Look> {
  for (;;) {
    const seen = await Promise.race([lookIfServed(cluster), cluster.processes.failureOf('operator')]);
    await pause(200, undefined, { signal });
    if (seen === undefined) continue;
    screen.show(seen, 'the Kitchen starts');
    const isServed =
      seen.stations.length > 0 &&
      seen.stations.every(
        ({ spec, status }) => status?.target !== undefined && running(seen, spec.station) >= status.target,
      );
    const demand = seen.stations.find((station) => station.spec.station === HERO)?.spec.replicas ?? Infinity;
    if (isServed && running(seen, PLAIN) >= demand) return seen;
  }
}

/** A kind that was just established answers 429 until its storage is ready. */
async function lookIfServed(cluster: Cluster): Promise<Look | undefined> {
  try {
    return await look(cluster.api);
  } catch (error) {
    if (error instanceof ApiError && error.status === 429) return undefined;
    throw error;
  }
}

async function stay(cluster: Cluster, screen: Screen, signal: AbortSignal): Promise<void> {
  screen.say(`it stays until Ctrl-C; in another shell: export KUBECONFIG=${cluster.kubeconfig}`);
  while (!signal.aborted) {
    screen.show(await look(cluster.api), `the Kitchen runs until Ctrl-C; KUBECONFIG=${cluster.kubeconfig}`);
    await pause(500, undefined, { signal }).catch(() => undefined);
  }
}
