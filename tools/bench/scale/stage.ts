import { setTimeout as pause } from 'node:timers/promises';
import { API_VERSION } from '../../../operator/api/labels.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { freePort } from '../../cluster/ports.ts';
import { install, post } from '../operator.ts';
import type { OperatorFlags } from '../operator.ts';
import { metricsOf } from './meters.ts';
import type { Sample } from './meters.ts';
import type { Size } from './result.ts';

const STATIONS = ['grill', 'oven', 'till'] as const;
/** The demand of each station. The station keeps one pod more. */
const DEMAND = 2;
export const PODS = DEMAND + 1;

/**
 * A cluster with the operator. The limits of its own control plane are raised, so that they do not slow the
 * measurement.
 */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly stations: number;
  /** Posts Kitchens `k0`, `k1`, …, to the namespaces in turn. */
  order(): Promise<void>;
  /** The operator's own figures. */
  operator(): Promise<readonly Sample[]>;
  /** Ends the operator in order, for good. */
  stopOperator(): Promise<void>;
  /** Rejects when the operator ends by itself. */
  readonly failed: Promise<never>;
}

/** Starts the cluster, with the namespaces in it and room for all pods in two of its three zones. */
export async function openStage(options: {
  readonly size: Size;
  readonly operator: OperatorFlags;
  readonly say: (line: string) => void;
}): Promise<Stage> {
  const stations = options.size.kitchens * STATIONS.length;
  // A node takes 250 pods.
  const nodes = Math.max(5, Math.ceil((stations * PODS) / 2 / 200));
  options.say(`starting a cluster of ${nodes * 3} nodes`);
  const port = await freePort();
  const cluster = await startCluster({ nodes, audit: true, say: options.say, extraFlags: unhurried });
  try {
    const flags = ['--listen', `127.0.0.1:${port}`, ...options.operator.flags];
    await install(cluster, { ...options.operator, flags });
    const namespaces = await makeNamespaces(cluster, options.size);
    let stopped = false;
    const failed = cluster.processes.failureOf('operator').catch((error: unknown) => {
      if (!stopped) throw error;
      return new Promise<never>(() => undefined);
    });
    failed.catch(() => undefined);
    const stopOperator = async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      // Node writes its profile only when it ends by SIGTERM.
      await cluster.processes.stop('operator', 'SIGTERM');
    };
    return {
      cluster,
      stations,
      failed,
      stopOperator,
      operator: () => metricsOf(`http://127.0.0.1:${port}/metrics`),
      order: () => order(cluster, { kitchens: options.size.kitchens, namespaces }),
      [Symbol.asyncDispose]: async () => {
        await stopOperator();
        await cluster[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

const manyCalls = ['--kube-api-qps=5000', '--kube-api-burst=10000'];
const unhurried = {
  'kube-apiserver': [
    '--audit-log-maxsize=4000',
    '--max-requests-inflight=4000',
    '--max-mutating-requests-inflight=2000',
  ],
  'kube-controller-manager': [
    ...manyCalls,
    ...['deployment', 'replicaset', 'endpoint', 'service-endpoint', 'gc'].map(
      (name) => `--concurrent-${name}-syncs=50`,
    ),
  ],
  'kube-scheduler': manyCalls,
} as const;

/** Resolves to their names when pods can be made in each. One alone is `default`. */
async function makeNamespaces({ api }: Cluster, { namespaces }: Size): Promise<readonly string[]> {
  if (namespaces === 1) return ['default'];
  const names = Array.from({ length: namespaces }, (_, index) => `n${index}`);
  for (const name of names) await api.call('POST', '/api/v1/namespaces', { metadata: { name } });
  for (;;) {
    const { items } = await api.call<{ items: readonly { readonly metadata: { readonly namespace: string } }[] }>(
      'GET',
      '/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault',
    );
    const ready = new Set(items.map(({ metadata }) => metadata.namespace));
    if (names.every((name) => ready.has(name))) return names;
    await pause(100);
  }
}

async function order(
  cluster: Cluster,
  { kitchens, namespaces }: { readonly kitchens: number; readonly namespaces: readonly string[] },
): Promise<void> {
  const requests = { cpu: '1m', memory: '1Mi' };
  const template = {
    spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests } }] },
  };
  const stations = STATIONS.map((name) => ({ name, replicas: DEMAND, ports: [{ port: 80 }], template }));
  for (let index = 0; index < kitchens; index++) {
    const namespace = namespaces[index % namespaces.length] ?? 'default';
    await post(cluster, `/apis/${API_VERSION}/namespaces/${namespace}/kitchens`, {
      apiVersion: API_VERSION,
      kind: 'Kitchen',
      metadata: { name: `k${index}` },
      spec: { stations },
    });
  }
}
