import { labels } from '../../../operator/api/labels.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { listAt, objectAt } from '../../../operator/plan/children/json.ts';
import type { Cluster } from './cluster.ts';
import { podsToDelete } from './deletionorder.ts';
import { isActive, isStranger } from './objects.ts';
import type { SimPod, SimReplicaSet } from './objects.ts';
import { Queue } from './queue.ts';

/** The ReplicaSet controller: works on its own late view of the pods, and waits until it has seen its own writes. */
export class ReplicaSets {
  readonly #cluster: Cluster;
  readonly #queue: Queue;
  /** Names of pods a set has created or deleted and not yet seen. */
  readonly #unseen = new Map<string, Set<string>>();
  /** Pods ever made: a name is never used twice. */
  #made = 0;
  /** How often in a row a set's pods were refused: it tries again ever later. */
  readonly #refusals = new Map<string, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#queue = new Queue(
      cluster.agenda,
      () => cluster.chance.lagMs(),
      (name) => this.#sync(name),
    );
    cluster.managerView.watch((change) => {
      if (change.kind === 'replicaSet') this.#queue.add(change.object.name);
      if (change.kind === 'pod') this.#see(change.object, change.gone);
    });
  }

  #see(pod: SimPod, gone: boolean): void {
    if (isStranger(pod)) return;
    const unseen = this.#unseen.get(pod.replicaSet);
    unseen?.delete(`+${pod.name}`);
    if (gone || !isActive(pod)) unseen?.delete(`-${pod.name}`);
    this.#queue.add(pod.replicaSet);
  }

  #sync(name: string): void {
    const { managerView, server, agenda } = this.#cluster;
    const set = managerView.get('replicaSet', name);
    const all = managerView.list('pod').filter((pod) => pod.replicaSet === name && !this.#letsGo(pod, set));
    if (set === undefined) {
      for (const pod of all.filter(isActive)) deletePod(this.#cluster, pod.name);
      return;
    }
    const pods = all.filter(isActive);
    const failure = (this.#unseen.get(name)?.size ?? 0) === 0 ? this.#manage(set, pods) : set.status.failure;
    const available = pods.filter((pod) => pod.ready && agenda.nowMs - pod.readySinceMs >= set.minReadyMs).length;
    const ready = pods.filter((pod) => pod.ready).length;
    if (available < ready) agenda.after(set.minReadyMs, () => this.#queue.add(name));
    const status = { replicas: pods.length, ready, available, failure };
    if (JSON.stringify(status) === JSON.stringify(set.status)) return;
    const done = server.update('replicaSet', set, { status });
    if (done === undefined) this.#queue.add(name);
  }

  /** Lets go of a pod whose labels its selector does not select any more. */
  #letsGo(pod: SimPod, set: SimReplicaSet | undefined): boolean {
    const { server } = this.#cluster;
    if (set === undefined || (pod.hash === set.hash && pod.labels[labels.zone] === labelsOf(set)[labels.zone]))
      return false;
    // With an old copy it is tried again when the newer one is seen.
    server.update('pod', pod, { replicaSet: '', replicaSetUid: '', deployment: '' });
    return true;
  }

  /** Brings the set to its number of pods; returns why the API server took no more, if it did not. */
  #manage(set: SimReplicaSet, pods: readonly SimPod[]): string | undefined {
    const { managerView, agenda } = this.#cluster;
    const surplus = pods.length - set.replicas;
    const unseen = new Set<string>();
    let refusal: string | undefined;
    for (let missing = -surplus; missing > 0 && refusal === undefined; missing -= 1) {
      refusal = this.#cluster.admission.refuses(labelsOf(set), set.template);
      if (refusal === undefined) unseen.add(`+${this.#createPod(set)}`);
    }
    if (surplus > 0) {
      const related = managerView.list('pod').filter((pod) => pod.deployment === set.deployment && isActive(pod));
      for (const pod of podsToDelete(pods, related, { surplus, nowMs: agenda.nowMs })) {
        if (deletePod(this.#cluster, pod.name)) unseen.add(`-${pod.name}`);
      }
    }
    this.#unseen.set(set.name, unseen);
    this.#tryAgain(set.name, refusal !== undefined);
    return refusal;
  }

  /** The work queue's own rate limit: 5 ms, doubled with every refusal. */
  #tryAgain(name: string, isRefused: boolean): void {
    const refusals = isRefused ? (this.#refusals.get(name) ?? 0) + 1 : 0;
    this.#refusals.set(name, refusals);
    const waitMs = Math.min(longestWaitMs, 5 * 2 ** Math.min(refusals, 30));
    if (isRefused) this.#cluster.agenda.after(waitMs, () => this.#queue.add(name));
  }

  #createPod(set: SimReplicaSet): string {
    this.#made += 1;
    const name = `${set.name}-${this.#made}`;
    this.#cluster.server.create('pod', {
      name,
      replicaSet: set.name,
      replicaSetUid: set.uid,
      deployment: set.deployment,
      hash: set.hash,
      labels: labelsOf(set),
      tolerations: tolerationsOf(set),
      containers: listAt(objectAt(set.template, 'spec'), 'containers'),
      node: undefined,
      boundMs: undefined,
      running: false,
      ready: false,
      readySinceMs: this.#cluster.agenda.nowMs,
      deletingMs: undefined,
      cost: undefined,
      unschedulable: undefined,
      waiting: undefined,
    });
    return name;
  }
}

const longestWaitMs = 1_000_000;

function tolerationsOf({ template }: SimReplicaSet): readonly JsonObject[] {
  return ((template['spec'] as JsonObject | undefined)?.['tolerations'] ?? []) as readonly JsonObject[];
}

function labelsOf({ template }: SimReplicaSet): JsonObject {
  return ((template['metadata'] as JsonObject | undefined)?.['labels'] ?? {}) as JsonObject;
}

/** A delete as the API server does it: at once without a node, else marked until the kubelet confirms. False: already going. */
export function deletePod(cluster: Cluster, name: string): boolean {
  const pod = cluster.server.get('pod', name);
  if (pod === undefined || pod.deletingMs !== undefined) return false;
  if (pod.node === undefined || pod.failed !== undefined) cluster.server.remove('pod', name);
  else cluster.server.update('pod', { name }, { deletingMs: cluster.agenda.nowMs });
  return true;
}
