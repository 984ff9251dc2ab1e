import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectApi, type Api } from './api.ts';
import { ensureAssets } from './assets/cache.ts';
import type { Say } from './assets/progress.ts';
import { controlPlane, helm } from './assets/sets.ts';
import { command, type ComponentName, type Plane } from './components.ts';
import { writeFiles, writePrivate, type Tokens } from './files.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { addNodes, isReady, listNodes, removeNode, setAlive, zoneName, type NodeTraits } from './nodes.ts';
import { freePort } from './ports.ts';
import { superviseProcesses, type Processes } from './processes.ts';
import { defaultTimings, type Timings } from './timings.ts';

export type ClusterOptions = Partial<Timings> & {
  readonly zones?: number;
  /** Nodes in each zone. */
  readonly nodes?: number;
  /** Where its files go, in the temporary folder when absent. The folder vanishes with the cluster. */
  readonly dir?: string;
  /** Writes every request (metadata only) to `auditLog`. */
  readonly audit?: boolean;
  /** More flags, e.g. `{ 'kube-controller-manager': ['--concurrent-gc-syncs=50'] }`. */
  readonly extraFlags?: Plane['extraFlags'];
  /** Where lines about slow things go; stderr when absent. */
  readonly say?: Say;
};

type Target = 'node' | 'zone';

/** A running control plane with its nodes. It ends when it is disposed of, or when this process ends for any reason. */
export type Cluster = AsyncDisposable & {
  readonly dir: string;
  readonly server: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly auditLog: string;
  readonly bin: { readonly kubectl: string; helm(): Promise<string> };
  /** JSON calls as administrator. */
  readonly api: Api;
  readonly processes: Processes;
  kill(kind: Target, name: string): Promise<readonly string[]>;
  heal(kind: Target, name: string): Promise<readonly string[]>;
  /** Resolves to the new node's name, e.g. `zone-a-4`. */
  addNode(zone: string, traits?: NodeTraits): Promise<string>;
  removeNode(name: string): Promise<void>;
  /** Resolves to the path of a kubeconfig that speaks as the service account, for an hour. */
  kubeconfigFor(account: { readonly namespace: string; readonly serviceAccount: string }): Promise<string>;
  /** Ends the API server with the signal (SIGTERM unless told) and starts it again; resolves when it is ready. */
  restartApiServer(signal?: NodeJS.Signals): Promise<void>;
};

/** Starts a cluster; resolves when every node is Ready and pods can be made. Throws with the log of the process that failed. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const say = options.say ?? ((line) => console.error(line));
  const binDir = await ensureAssets(controlPlane, { say });
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'kitchen-cluster-')));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const timings: Timings = { ...defaultTimings, ...definedOnly(options) };
  const tokens = await writeFiles(dir, timings);
  const processes = superviseProcesses(dir, { removeDir: true });
  const plane = { dir, binDir, timings, audit: options.audit ?? false, extraFlags: options.extraFlags ?? {} };
  try {
    const cluster = await startPlane(plane, tokens, processes);
    const wanted = (options.zones ?? 3) * (options.nodes ?? 3);
    for (let zone = 0; zone < (options.zones ?? 3); zone += 1)
      await addNodes(cluster.api, zoneName(zone), { count: options.nodes ?? 3 });
    await Promise.race([settled(cluster.api, wanted), ...startedLast.map((name) => processes.failureOf(name))]);
    return { ...cluster, bin: { ...cluster.bin, helm: async () => join(await ensureAssets(helm, { say }), 'helm') } };
  } catch (error) {
    await processes.end();
    throw error;
  }
}

const startedLast = ['kube-controller-manager', 'kube-scheduler', 'kwok'] as const satisfies ComponentName[];

async function startPlane(parts: Omit<Plane, 'port'>, tokens: Tokens, processes: Processes): Promise<Cluster> {
  processes.start(command('etcd', { ...parts, port: 0 }));
  const { plane, access, api } = await startApiServer(parts, tokens, processes);
  const { dir } = plane;
  await Promise.all(
    (['controller-manager', 'scheduler', 'kwok'] as const).map((user) =>
      writePrivate(join(dir, `${user}.kubeconfig`), kubeconfigText({ ...access, user, token: tokens[user] })),
    ),
  );
  for (const name of startedLast) processes.start(command(name, plane));
  const kubeconfig = join(dir, 'kubeconfig');
  await writePrivate(kubeconfig, kubeconfigText({ ...access, user: 'admin', token: tokens.admin }));
  return {
    dir,
    server: access.server,
    kubeconfig,
    auditLog: join(dir, 'audit.log'),
    bin: { kubectl: join(plane.binDir, 'kubectl'), helm: () => Promise.reject(new Error('not started')) },
    api,
    processes,
    kill: (kind, name) => setAlive(api, { kind, name, alive: false }),
    heal: (kind, name) => setAlive(api, { kind, name, alive: true }),
    addNode: async (zone, traits) => (await addNodes(api, zone, { ...traits, count: 1 }))[0] ?? '',
    removeNode: (name) => removeNode(api, name),
    kubeconfigFor: async ({ namespace, serviceAccount }) => {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
      const { status } = await api.call<{ status: { token: string } }>('POST', path, {
        spec: { expirationSeconds: 3600 },
      });
      const file = join(dir, `${namespace}.${serviceAccount}.kubeconfig`);
      await writePrivate(file, kubeconfigText({ ...access, user: serviceAccount, token: status.token }, namespace));
      return file;
    },
    restartApiServer: async (signal = 'SIGTERM') => {
      await processes.stop('kube-apiserver', signal);
      processes.start(command('kube-apiserver', plane));
      await Promise.race([answersReady(api), processes.failureOf('kube-apiserver')]);
    },
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await processes.end();
    },
  };
}

/** Starts the API server on a free port. If another process takes that port first, it tries another. */
async function startApiServer(parts: Omit<Plane, 'port'>, tokens: Tokens, processes: Processes) {
  for (let tries = 1; ; tries += 1) {
    const plane: Plane = { ...parts, port: await freePort() };
    processes.start(command('kube-apiserver', plane));
    const server = `https://127.0.0.1:${plane.port}`;
    try {
      return await Promise.race([
        whenReady(plane, server, tokens.admin),
        processes.failureOf('kube-apiserver'),
        processes.failureOf('etcd'),
      ]);
    } catch (error) {
      if (tries === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function whenReady(plane: Plane, server: string, token: string) {
  const ca = await eventually(async () => {
    const text = await readFile(join(plane.dir, 'certs', 'apiserver.crt'), 'utf8');
    if (!text.trimEnd().endsWith('-----END CERTIFICATE-----')) throw new Error('the certificate is not written yet');
    return text;
  });
  const api = connectApi({ server, ca, token });
  await answersReady(api);
  return { plane, access: { server, ca }, api };
}

async function answersReady(api: Api): Promise<void> {
  await eventually(() => api.call('GET', '/readyz'));
}

/** Waits until every node is Ready, and the ServiceAccount exists that pods in the default namespace need. */
async function settled(api: Api, nodes: number): Promise<void> {
  await eventually(async () => {
    const ready = (await listNodes(api)).filter(isReady).length;
    if (ready < nodes) throw new Error(`${ready} of ${nodes} nodes are ready`);
    await api.call('GET', '/api/v1/namespaces/default/serviceaccounts/default');
  });
}

/** Tries until it succeeds; throws the last error after a minute. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw new Error('the cluster did not start within a minute', { cause: error });
      await pause(50);
    }
  }
}

function definedOnly(options: Partial<Timings>): Partial<Timings> {
  const given = (['podStartMs', 'graceSeconds', 'tolerationSeconds'] as const).filter(
    (key) => options[key] !== undefined,
  );
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}
