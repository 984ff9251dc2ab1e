import { API_VERSION } from '../../../operator/api/labels.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { freePort } from '../../cluster/ports.ts';
import { install, post } from '../operator.ts';
import type { OperatorFlags } from '../operator.ts';
import { metricsOf, sumOf } from './meters.ts';
import type { Gauges, Sample } from './meters.ts';

export const STATIONS = ['grill', 'oven', 'till'] as const;
/** The demand of each station. The station keeps one pod more. */
const DEMAND = 2;
export const PODS = DEMAND + 1;

const kitchensPath = `/apis/${API_VERSION}/namespaces/default/kitchens`;

/**
 * A cluster with the operator. The limits of its own control plane are raised, so that they do not slow the
 * measurement.
 */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Posts Kitchens `k0` to `k<count - 1>`. */
  order(count: number): Promise<void>;
  /** The operator's own figures. */
  operator(): Promise<readonly Sample[]>;
  readonly queues: Gauges;
  /** Rejects when the operator ends. */
  readonly failed: Promise<never>;
}

/** Starts the cluster with this many nodes in each of three zones. */
export async function openStage(options: {
  readonly nodes: number;
  readonly operator: OperatorFlags;
  readonly say: (line: string) => void;
}): Promise<Stage> {
  const [operatorPort, managerPort, schedulerPort] = [await freePort(), await freePort(), await freePort()];
  const cluster = await startCluster({
    nodes: options.nodes,
    audit: true,
    say: options.say,
    extraFlags: {
      'kube-apiserver': [
        '--audit-log-maxsize=4000',
        '--max-requests-inflight=4000',
        '--max-mutating-requests-inflight=2000',
      ],
      'kube-controller-manager': [
        ...served(managerPort, 'manager-certs'),
        ...['deployment', 'replicaset', 'endpoint', 'service-endpoint', 'gc'].map(
          (name) => `--concurrent-${name}-syncs=50`,
        ),
      ],
      'kube-scheduler': served(schedulerPort, 'scheduler-certs'),
    },
  });
  try {
    const flags = ['--listen', `127.0.0.1:${operatorPort}`, ...options.operator.flags];
    await install(cluster, { ...options.operator, flags });
    const failed = cluster.processes.failureOf('operator');
    failed.catch(() => undefined);
    const operator = (): Promise<readonly Sample[]> => metricsOf(`http://127.0.0.1:${operatorPort}/metrics`);
    const manager = (): Promise<readonly Sample[]> => metricsOf(`https://127.0.0.1:${managerPort}/metrics`);
    const scheduler = (): Promise<readonly Sample[]> => metricsOf(`https://127.0.0.1:${schedulerPort}/metrics`);
    const depth = async (read: () => Promise<readonly Sample[]>, ...names: readonly string[]): Promise<number> =>
      sumOf(await read(), 'workqueue_depth', ({ name }) => names.includes(name ?? ''));
    return {
      cluster,
      failed,
      operator,
      order: (count) => order(cluster, count),
      queues: {
        operator: () => depth(operator, 'station', 'kitchen'),
        deployments: () => depth(manager, 'deployment'),
        replicaSets: () => depth(manager, 'replicaset'),
        budgets: () => depth(manager, 'disruption'),
        scheduler: async () => sumOf(await scheduler(), 'scheduler_pending_pods', ({ queue }) => queue === 'active'),
      },
      [Symbol.asyncDispose]: async () => {
        // Node writes its profile only when it ends by SIGTERM.
        await cluster.processes.stop('operator', 'SIGTERM');
        await cluster[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

function served(port: number, certs: string): readonly string[] {
  return [
    '--kube-api-qps=5000',
    '--kube-api-burst=10000',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${certs}`,
    '--authorization-always-allow-paths=/metrics',
  ];
}

async function order(cluster: Cluster, count: number): Promise<void> {
  const requests = { cpu: '1m', memory: '1Mi' };
  const template = {
    spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests } }] },
  };
  const stations = STATIONS.map((name) => ({ name, replicas: DEMAND, ports: [{ port: 80 }], template }));
  for (let index = 0; index < count; index++)
    await post(cluster, kitchensPath, {
      apiVersion: API_VERSION,
      kind: 'Kitchen',
      metadata: { name: `k${index}` },
      spec: { stations },
    });
}
