import type { Cluster } from './cluster.ts';
import { isActive } from './objects.ts';
import type { SimBudget, SimPod } from './objects.ts';
import { Queue } from './queue.ts';
import { deletePod } from './replicasets.ts';

const disruptionTimeoutMs = 120_000;

/** The disruption controller: counts from its late view, and writes the count later still. */
export class Budgets {
  readonly #cluster: Cluster;
  readonly #queue: Queue;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#queue = new Queue(
      cluster.agenda,
      () => cluster.chance.lagMs(),
      (name) => this.#sync(name),
    );
    cluster.managerView.watch((change) => {
      if (change.kind === 'budget') this.#queue.add(change.object.name);
      if (change.kind === 'pod') for (const budget of cluster.managerView.list('budget')) this.#queue.add(budget.name);
    });
  }

  #sync(name: string): void {
    const { managerView, agenda, chance, server } = this.#cluster;
    const budget = managerView.get('budget', name);
    if (budget === undefined) return;
    const status = statusOf(budget, managerView.list('pod'), agenda.nowMs);
    if (same(status, budget.status)) return;
    agenda.after(chance.between(2, 20), () => {
      if (server.update('budget', budget, { status }) === undefined) this.#queue.add(name);
    });
  }
}

function statusOf(budget: SimBudget, pods: readonly SimPod[], nowMs: number): SimBudget['status'] {
  const disrupted = new Map(
    [...budget.status.disrupted].filter(
      ([name, sinceMs]) =>
        nowMs - sinceMs < disruptionTimeoutMs && pods.some((pod) => pod.name === name && isActive(pod)),
    ),
  );
  const currentHealthy = pods.filter((pod) => isActive(pod) && pod.ready && !disrupted.has(pod.name)).length;
  return {
    observedGeneration: budget.generation,
    currentHealthy,
    desiredHealthy: budget.minAvailable,
    allowed: pods.length === 0 ? 0 : Math.max(0, currentHealthy - budget.minAvailable),
    disrupted,
  };
}

function same(a: SimBudget['status'], b: SimBudget['status']): boolean {
  return (
    a.observedGeneration === b.observedGeneration &&
    a.currentHealthy === b.currentHealthy &&
    a.desiredHealthy === b.desiredHealthy &&
    a.allowed === b.allowed &&
    a.disrupted.size === b.disrupted.size
  );
}

/**
 * The eviction API with `AlwaysAllow`: a pod that is not Ready goes without asking; a Ready one spends the allowance in
 * the budget's status, which must be of the budget's generation. False is 429.
 */
export function evict(cluster: Cluster, name: string): boolean {
  const { server, agenda } = cluster;
  const pod = server.get('pod', name);
  if (pod === undefined || pod.deletingMs !== undefined) return true;
  const budget = server.list('budget')[0];
  if (budget !== undefined && pod.running && pod.ready) {
    const { status } = budget;
    if (status.observedGeneration < budget.generation || status.allowed === 0) return false;
    const disrupted = new Map([...status.disrupted, [name, agenda.nowMs]]);
    server.update('budget', budget, { status: { ...status, allowed: status.allowed - 1, disrupted } });
  }
  deletePod(cluster, name);
  return true;
}
