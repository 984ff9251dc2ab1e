import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { systemClock } from '../../../operator/engine/clock.ts';
import type { Client } from '../../../operator/kube/client.ts';
import { loadConfig } from '../../../operator/kube/config.ts';
import { connect } from '../../../operator/kube/connect.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import { release, renderChart, repository } from '../../../tools/generate/helm.ts';
import type { Rendered } from '../../../tools/generate/helm.ts';
import { startCluster } from '../../../tools/cluster/cluster.ts';
import type { Cluster } from '../../../tools/cluster/cluster.ts';
import { takeCensus } from './census.ts';
import type { Census } from './census.ts';
import { assertSettled } from './said.ts';

const run = promisify(execFile);

/** The user that the chart's service account is. */
export const operatorUser = `system:serviceaccount:${release.namespace}:${release.name}`;
export const namespace = 'default';

/** Conditions come true within this, on a machine that does much else at the same time. */
const usualPatienceMs = 240_000;

/** Everything of the chart but what runs the operator in a pod. */
const installed = new Set([
  'ServiceAccount',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
]);

export interface StageOptions {
  readonly zones?: number;
  /** Nodes in each zone. */
  readonly nodes?: number;
  readonly audit?: boolean;
  /** Silence after which a node counts as not ready; 8 unless told. */
  readonly graceSeconds?: number;
  /** How long to wait for what is to come true. */
  readonly patienceMs?: number;
  /** More flags of kube-controller-manager. */
  readonly managerFlags?: readonly string[];
  /** More values of the chart, such as `suspectAfter=25s`. */
  readonly values?: readonly string[];
  /** False: nothing of the chart but its service account and rights. */
  readonly crds?: boolean;
}

/** A line of an operator's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly station?: string;
  readonly decision?: string;
}

/** One process of the operator, with the chart's flags and service account. */
export interface OperatorProcess {
  /** `JTI=…`: how the audit log knows its requests. */
  readonly credential: string;
  readonly log: () => Promise<readonly LogLine[]>;
  /** Resolves when it has exited. */
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
  /** Why it ended although nobody stopped it. */
  readonly died: () => Error | undefined;
}

/** A cluster with the chart's rights, and what tests need to play on it. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Speaks as administrator. */
  readonly client: Client;
  readonly census: Census;
  /** Starts a process of the operator; `entry` is the program, in the repository or as an absolute path. */
  operator(name?: string, entry?: string): Promise<OperatorProcess>;
  /** Installs one more release of the chart, of that name and with these values, and starts a process of its operator. */
  release(name: string, ...values: readonly string[]): Promise<OperatorProcess>;
  /** All processes of the operator so far. */
  readonly operators: readonly OperatorProcess[];
  /** What kubectl writes to its output; rejects with what it writes to its errors. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Applies as a person does: `kubectl apply --server-side`. */
  apply(...objects: readonly KubeObject[]): Promise<void>;
  get<T extends KubeObject>(resource: Resource, name: string): Promise<T>;
  list<T extends KubeObject>(resource: Resource): Promise<readonly T[]>;
  /** Tries until nothing is thrown, and resolves to what came back; in the end rejects with what was seen last. */
  until<T>(what: string, attempt: () => Promise<T> | T): Promise<T>;
  /** Resolves when the Kitchen's newest spec is served and nothing is under way. */
  settled(kitchen: string): Promise<void>;
}

/** Starts a cluster of quick nodes (pods start in 500 ms) and gives the operator's service account its rights. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { crds = true, values = [], patienceMs = usualPatienceMs, managerFlags = [], ...wanted } = options;
  const extraFlags = { 'kube-controller-manager': managerFlags };
  const cluster = await startCluster({ zones: 3, nodes: 2, podStartMs: 500, graceSeconds: 8, extraFlags, ...wanted });
  const config = loadConfig({ kubeconfig: cluster.kubeconfig, clock: systemClock });
  const client = connect({ config, clock: systemClock, userAgent: 'integration-test' });
  const ended = new AbortController();
  try {
    const kubectl = kubectlOn(cluster);
    const chart = (await renderChart(...values)).filter(({ kind }) => installed.has(kind));
    await install(kubectl, crds ? chart : chart.filter(({ kind }) => kind !== 'CustomResourceDefinition'));
    const census = await takeCensus({ client, clock: systemClock, signal: ended.signal });
    const flags = await chartFlags(values);
    const started: OperatorProcess[] = [];
    const get = <T extends KubeObject>(resource: Resource, name: string): Promise<T> =>
      client.get<T>({ resource, namespace, name });
    const until = untilOn(started, { limitMs: patienceMs, seen: () => lastSeen(kubectl, started) });
    const stage: Stage = {
      cluster,
      client,
      census,
      operators: started,
      get,
      until,
      kubectl: (...args) => kubectl(args),
      apply: async (...objects) => void (await kubectl(['apply', '--server-side', '-f', '-'], listOf(objects))),
      list: async <T extends KubeObject>(resource: Resource) => (await client.list<T>({ resource, namespace })).items,
      operator: async (name = 'operator', entry = 'operator/main.ts') => {
        const operator = await startOperator(cluster, { name, entry, flags, account: release.name });
        started.push(operator);
        return operator;
      },
      release: async (name, ...more) => {
        const all = [`fullnameOverride=${name}`, 'crds.install=false', 'rbac.aggregateRoles=false', ...more];
        const objects = await renderChart(...all);
        await install(
          kubectl,
          objects.filter(({ kind }) => installed.has(kind)),
        );
        const entry = 'operator/main.ts';
        const operator = await startOperator(cluster, { name, entry, flags: await chartFlags(all), account: name });
        started.push(operator);
        return operator;
      },
      settled: (name) => until(`Kitchen ${name} settles`, () => assertSettled(stage, name)),
      [Symbol.asyncDispose]: async () => {
        ended.abort();
        await client.close();
        await cluster[Symbol.asyncDispose]();
      },
    };
    return stage;
  } catch (error) {
    ended.abort();
    await client.close();
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

function kubectlOn(cluster: Cluster): Kubectl {
  const env = {
    ...process.env,
    KUBECONFIG: cluster.kubeconfig,
    KUBECACHEDIR: join(cluster.dir, 'kubectl-cache'),
    PATH: `${cluster.dir}:${process.env['PATH'] ?? ''}`,
  };
  return async (args, input = '') => {
    const running = run(cluster.bin.kubectl, args, { env, timeout: 200_000 });
    running.child.stdin?.end(input);
    const { stdout } = await running;
    return stdout;
  };
}

async function install(kubectl: Kubectl, objects: readonly Rendered[]): Promise<void> {
  const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: release.namespace } };
  await kubectl(['apply', '--server-side', '-f', '-'], listOf([home]));
  await kubectl(['apply', '--server-side', '-f', '-'], listOf(objects));
  if (objects.some(({ kind }) => kind === 'CustomResourceDefinition'))
    await kubectl(['wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s']);
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** What the chart says, but where to listen: several operators may run on this machine. */
async function chartFlags(values: readonly string[]): Promise<readonly string[]> {
  const deployment = (await renderChart(...values)).find(({ kind }) => kind === 'Deployment') as Rendered & {
    readonly spec: { template: { spec: { containers: readonly { readonly args: readonly string[] }[] } } };
  };
  const [container] = deployment.spec.template.spec.containers;
  const given = (container?.args ?? []).filter((flag) => !flag.startsWith('--listen'));
  const flags = given.map((flag) => (flag.startsWith('--hub-listen') ? '--hub-listen=127.0.0.1:0' : flag));
  return [...flags, '--listen=off'];
}

async function startOperator(
  cluster: Cluster,
  { name, entry, flags, account }: Record<'name' | 'entry' | 'account', string> & { readonly flags: readonly string[] },
): Promise<OperatorProcess> {
  const kubeconfig = join(cluster.dir, `${name}.kubeconfig`);
  await copyFile(await cluster.kubeconfigFor({ namespace: release.namespace, serviceAccount: account }), kubeconfig);
  const args = [resolve(repository, entry), ...flags, `--kubeconfig=${kubeconfig}`];
  cluster.processes.start({ name, command: process.execPath, args });
  let stopped = false;
  let died: Error | undefined;
  cluster.processes.failureOf(name).catch((error: Error) => {
    if (!stopped) died = error;
  });
  return {
    credential: await credentialIn(kubeconfig),
    log: () => logLines(join(cluster.dir, `${name}.log`)),
    stop: (signal) => {
      stopped = true;
      return cluster.processes.stop(name, signal);
    },
    died: () => died,
  };
}

async function credentialIn(kubeconfig: string): Promise<string> {
  const { users } = load(await readFile(kubeconfig, 'utf8')) as { users: readonly { user: { token: string } }[] };
  const payload = users[0]?.user.token.split('.')[1] ?? '';
  return `JTI=${(JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string }).jti}`;
}

/** Lines that are no JSON (a crash of the runtime) are kept as errors. */
async function logLines(file: string): Promise<readonly LogLine[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('{') ? (JSON.parse(line) as LogLine) : { level: 'error', msg: line }));
}

interface Patience {
  readonly limitMs: number;
  /** Between two looks; 150 unless told. */
  readonly everyMs?: number;
  /** Describes what is there when it came to nothing. */
  readonly seen: () => Promise<string>;
}

/** Tries again and again, for as long as no operator died by itself. */
export function untilOn(
  started: readonly OperatorProcess[],
  { limitMs, everyMs = 150, seen }: Patience,
): Stage['until'] {
  return async (what, attempt) => {
    const deadline = performance.now() + limitMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        const died = started.map((operator) => operator.died()).find((each) => each !== undefined);
        if (died !== undefined) throw died;
        if (performance.now() > deadline) {
          const last = error instanceof Error ? error.message : String(error);
          throw new Error(`waited in vain: ${what}. Last: ${last}\n${await seen()}`, { cause: error });
        }
        await pause(everyMs);
      }
    }
  };
}

/** What a person would look at next. */
async function lastSeen(kubectl: Kubectl, started: readonly OperatorProcess[]): Promise<string> {
  const table = await kubectl(['get', stations.plural, '--output=wide']).catch(String);
  const pods = await kubectl(['get', 'pods', '--output=wide']).catch(String);
  const logs = await Promise.all(started.map((operator) => operator.log()));
  const lines = logs.map((log) =>
    log
      .slice(-20)
      .map((line) => JSON.stringify(line))
      .join('\n'),
  );
  return [table, pods, ...lines].join('\n');
}
