import { setTimeout as pause } from 'node:timers/promises';
import type { Api, ApiError } from '../../../tools/cluster/api.ts';
import type { Cluster } from '../../../tools/cluster/cluster.ts';
import { deploymentIn, markedCost, oldMs, station } from './side.ts';
import type { Side, SidePod, Wanted } from './side.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] };
  readonly status: { readonly conditions?: readonly Condition[] };
}

const costKey = 'controller.kubernetes.io/pod-deletion-cost';
const core = '/api/v1/namespaces/default';
const apps = '/apis/apps/v1/namespaces/default/deployments';
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

/** The real control plane of a local cluster. */
export class Real implements Side {
  readonly #cluster: Cluster;
  readonly #api: Api;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#api = cluster.api;
  }

  async deploy(zone: string, wanted: Wanted): Promise<void> {
    const body = deploymentIn(zone, wanted);
    await this.#put(apps, `grill-${zone}`, body);
  }

  async keep(minAvailable: number): Promise<void> {
    const metadata = { name: 'grill', labels: station };
    const spec = { minAvailable, selector: { matchLabels: station }, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
    await this.#put(budgets, 'grill', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec });
  }

  async mark(uids: readonly string[]): Promise<void> {
    for (const { metadata } of await this.#raw()) {
      if (!uids.includes(metadata.uid)) continue;
      await this.#api.call('PATCH', `${core}/pods/${metadata.name}`, {
        metadata: { annotations: { [costKey]: markedCost } },
      });
    }
  }

  async evict(uid: string): Promise<boolean> {
    const name = (await this.#raw()).find(({ metadata }) => metadata.uid === uid)?.metadata.name ?? '';
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } };
    try {
      await this.#api.call('POST', `${core}/pods/${name}/eviction`, eviction);
      return true;
    } catch (error) {
      if ((error as ApiError).status === 429) return false;
      throw error;
    }
  }

  async setCordoned(node: string, cordoned: boolean): Promise<void> {
    await this.#api.call('PATCH', `/api/v1/nodes/${node}`, { spec: { unschedulable: cordoned } });
  }

  async setAlive(node: string, alive: boolean): Promise<void> {
    await (alive ? this.#cluster.heal('node', node) : this.#cluster.kill('node', node));
  }

  async limit(pods?: number): Promise<void> {
    const path = `${core}/resourcequotas`;
    if (pods === undefined) {
      await this.#remove(`${path}/grill`);
      return;
    }
    const metadata = { name: 'grill' };
    await this.#put(path, 'grill', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard: { pods: String(pods) } },
    });
  }

  async growOld(): Promise<void> {
    const isOld = ({ status }: Pod): boolean => Date.now() - Date.parse(readySince(status) ?? '') >= oldMs;
    while (!(await this.#raw()).every(isOld)) await pause(500);
  }

  async pods(): Promise<readonly SidePod[]> {
    const all = await this.#raw();
    return all
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata, spec, status }) => ({
        uid: metadata.uid,
        zone: metadata.labels['zone'] ?? '',
        image: spec.containers[0]?.image ?? '',
        node: spec.nodeName,
        ready: readySince(status) !== undefined,
        marked: metadata.annotations?.[costKey] !== undefined,
      }));
  }

  async isRefused(zone: string): Promise<boolean> {
    const { status } = await this.#api.call<{ status: { conditions?: readonly Condition[] } }>(
      'GET',
      `${apps}/grill-${zone}`,
    );
    return status.conditions?.some(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True') === true;
  }

  /** Takes away all that a trace has made; resolves when the API server has been told. */
  async clear(): Promise<void> {
    const { items } = await this.#api.call<{ items: readonly { metadata: { name: string } }[] }>('GET', apps);
    for (const { metadata } of items) await this.#remove(`${apps}/${metadata.name}`);
    await this.#remove(`${budgets}/grill`);
    await this.limit(undefined);
  }

  async #raw(): Promise<readonly Pod[]> {
    const { items } = await this.#api.call<{ items: readonly Pod[] }>('GET', `${core}/pods`);
    return items.filter(({ metadata }) => metadata.labels?.['kitchen.dev/test'] === 'simulator');
  }

  async #put(path: string, name: string, body: object): Promise<void> {
    try {
      await this.#api.call('POST', path, body);
    } catch (error) {
      if ((error as ApiError).status !== 409) throw error;
      await this.#api.call('PATCH', `${path}/${name}`, body);
    }
  }

  async #remove(path: string): Promise<void> {
    await this.#api.call('DELETE', path, { propagationPolicy: 'Background' }).catch((error: ApiError) => {
      if (error.status !== 404) throw error;
    });
  }
}

/** Undefined when it is not Ready. */
function readySince({ conditions }: Pod['status']): string | undefined {
  return conditions?.find(({ type, status }) => type === 'Ready' && status === 'True')?.lastTransitionTime;
}
