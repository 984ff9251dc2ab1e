import { annotations, labels } from '../../../operator/api/labels.ts';
import type { SimulatedApi, Thing, Told } from './api.ts';
import { aPod, collections, isReady } from './objects.ts';

interface DeploymentSpec {
  readonly replicas: number;
  readonly template: {
    readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
    readonly spec: object;
  };
}

/** All pods have one template here, so all ReplicaSets have one hash. */
const HASH = '5d4f8c7b9';

/**
 * What Kubernetes' controllers, scheduler and kubelets make of Deployments, in one: a Deployment has as many pods as it
 * is told, each Ready at once on the next node of its zone. Budgets and slices follow a little later.
 */
export class Controllers {
  readonly #api: SimulatedApi;
  /** Names of the nodes that take pods, by zone, and which comes next. */
  readonly #nodes: ReadonlyMap<string, string[]>;
  readonly #next = new Map<string, number>();
  readonly #podsOf = new Map<string, Set<string>>();
  readonly #unsettled = new Set<string>();
  readonly #stop: () => void;
  #made = 0;

  constructor(api: SimulatedApi, nodes: ReadonlyMap<string, string[]>) {
    this.#api = api;
    this.#nodes = nodes;
    this.#stop = api.onChange((told) => this.#hear(told));
  }

  stop(): void {
    this.#stop();
  }

  /** Learns anew what is there, after the API went back to what it was. */
  recount(): void {
    this.#podsOf.clear();
    for (const pod of this.#api.list(collections.pods)) this.#count(pod, true);
  }

  #hear({ type, collection, before, object }: Told): void {
    if (collection === collections.pods) {
      if (type !== 'MODIFIED') this.#count(object, type === 'ADDED');
      this.#unsettle(object);
    }
    if (collection === collections.budgets || collection === collections.services) this.#unsettle(object);
    if (collection !== collections.deployments || type === 'DELETED') return;
    if (before?.metadata.generation !== object.metadata.generation) setImmediate(() => this.#follow(object));
  }

  #count({ metadata }: Thing, isThere: boolean): void {
    const station = stationKey(metadata);
    const names = this.#podsOf.get(station) ?? new Set();
    this.#podsOf.set(station, names);
    if (isThere) names.add(metadata.name ?? '');
    else names.delete(metadata.name ?? '');
  }

  #pods(metadata: Thing['metadata']): readonly Thing[] {
    const { namespace = '' } = metadata;
    const names = this.#podsOf.get(stationKey(metadata)) ?? [];
    return [...names].flatMap((name) => this.#api.get({ collection: collections.pods, namespace, name }) ?? []);
  }

  #follow({ metadata }: Thing): void {
    const { namespace = '', name = '' } = metadata;
    const spot = { collection: collections.deployments, namespace, name };
    const deployment = this.#api.get(spot);
    if (deployment === undefined) return;
    const { replicas, template } = deployment['spec'] as DeploymentSpec;
    const zone = deployment.metadata.annotations?.[annotations.zone] ?? '';
    const replicaSet = this.#replicaSet(deployment);
    const own = this.#pods(metadata).filter(
      (pod) => pod.metadata.ownerReferences?.[0]?.uid === replicaSet.metadata.uid,
    );
    for (let missing = replicas - own.length; missing > 0; missing--) {
      const node = this.#nodeIn(zone);
      if (node === undefined) break;
      this.#made += 1;
      const podLabels = { ...template.metadata?.labels, 'pod-template-hash': HASH };
      const podName = `${replicaSet.metadata.name}-${this.#made.toString(36).padStart(5, '0')}`;
      const { spec } = template;
      this.#api.put(collections.pods, aPod({ name: podName, namespace, node, replicaSet, labels: podLabels, spec }));
    }
    for (const pod of own.toSorted(byDeletion).slice(0, Math.max(0, own.length - replicas))) this.#drop(pod);
    const { generation, ...rest } = { generation: deployment.metadata.generation, replicas };
    const status = { observedGeneration: generation, ...rest, updatedReplicas: replicas, readyReplicas: replicas };
    this.#api.put(collections.deployments, {
      ...deployment,
      status: { ...status, availableReplicas: replicas },
    } as Thing);
  }

  #replicaSet(deployment: Thing): Thing {
    const { namespace = '', name = '', uid = '', labels: own = {} } = deployment.metadata;
    const spot = { collection: collections.replicaSets, namespace, name: `${name}-${HASH}` };
    const known = this.#api.get(spot);
    if (known !== undefined) return known;
    const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true };
    const podLabels = (deployment['spec'] as DeploymentSpec).template.metadata?.labels;
    const metadata = {
      namespace,
      name: spot.name,
      labels: { ...own, ...podLabels, 'pod-template-hash': HASH },
      ownerReferences: [reference],
    };
    return this.#api.put(collections.replicaSets, { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata });
  }

  #drop({ metadata: { namespace = '', name = '' } }: Thing): void {
    this.#api.drop({ collection: collections.pods, namespace, name });
  }

  #nodeIn(zone: string): string | undefined {
    const nodes = this.#nodes.get(zone) ?? [];
    const next = this.#next.get(zone) ?? 0;
    this.#next.set(zone, next + 1);
    return nodes[next % nodes.length];
  }

  /** Counts a station's pods for its budget and its Service, once for all that happens within a moment. */
  #unsettle({ metadata }: Thing): void {
    const key = stationKey(metadata);
    if (metadata.labels?.[labels.station] === undefined || this.#unsettled.has(key)) return;
    this.#unsettled.add(key);
    setTimeout(() => {
      this.#unsettled.delete(key);
      this.#settle(metadata);
    }, 100);
  }

  #settle(metadata: Thing['metadata']): void {
    const { namespace = '' } = metadata;
    const station = stationOf(metadata);
    const ready = this.#pods(metadata).filter(isReady);
    const budget = this.#api.get({ collection: collections.budgets, namespace, name: station });
    if (budget !== undefined) {
      const { minAvailable } = budget['spec'] as { readonly minAvailable: number };
      const status = {
        observedGeneration: budget.metadata.generation,
        currentHealthy: ready.length,
        desiredHealthy: minAvailable,
      };
      if (JSON.stringify(budget['status']) !== JSON.stringify(status)) {
        this.#api.put(collections.budgets, { ...budget, status } as Thing);
      }
    }
    const service = this.#api.get({ collection: collections.services, namespace, name: station });
    if (service !== undefined) this.#putSlice(service, ready);
  }

  #putSlice({ metadata }: Thing, ready: readonly Thing[]): void {
    const { namespace = '', name = '', uid = '' } = metadata;
    const endpoints = ready.map((pod) => ({
      addresses: ['10.0.0.1'],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: (pod['spec'] as { readonly nodeName: string }).nodeName,
      targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    }));
    const before = this.#api.get({ collection: collections.slices, namespace, name });
    if (before !== undefined && JSON.stringify(before['endpoints']) === JSON.stringify(endpoints)) return;
    this.#api.put(collections.slices, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        namespace,
        name,
        labels: { ...metadata.labels, 'kubernetes.io/service-name': name },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true }],
      },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints,
    } as Thing);
  }
}

/** `<kitchen>-<station>`. */
function stationOf({ labels: own = {} }: Thing['metadata']): string {
  return `${own[labels.kitchen]}-${own[labels.station]}`;
}

function stationKey(metadata: Thing['metadata']): string {
  return `${metadata.namespace}/${stationOf(metadata)}`;
}

/** As a ReplicaSet has it: not Ready first, then the cheapest to delete, then the youngest. */
function byDeletion(one: Thing, other: Thing): number {
  const cost = ({ metadata }: Thing): number => Number(metadata.annotations?.[annotations.podDeletionCost] ?? 0);
  return Number(isReady(one)) - Number(isReady(other)) || cost(one) - cost(other);
}
