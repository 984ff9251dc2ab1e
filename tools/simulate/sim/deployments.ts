import type { Cluster } from './cluster.ts';
import type { Progress, SimDeployment, SimReplicaSet } from './objects.ts';
import { Queue } from './queue.ts';
import { progressAfter } from './progress.ts';
import { newSize, oldSizes, proportional, surgePods } from './rolling.ts';
import type { Sized, Sizes } from './rolling.ts';

/** The Deployment controller: one ReplicaSet a template, rolling updates, proportional scaling, a status that lags. */
export class Deployments {
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
      if (change.kind === 'deployment') this.#queue.add(change.object.name);
      if (change.kind === 'replicaSet') this.#queue.add(change.object.deployment);
    });
  }

  #sync(name: string): void {
    const deployment = this.#cluster.managerView.get('deployment', name);
    const listed = this.#cluster.managerView.list('replicaSet').filter((set) => set.deployment === name);
    if (deployment === undefined) {
      for (const set of listed) this.#cluster.server.remove('replicaSet', set.name);
      return;
    }
    // As the real one: of what is being deleted it only writes the status.
    if (deployment.deletingMs !== undefined) return;
    const fresh = this.#newest(listed, deployment);
    // It may just have been written, and is still the same one.
    const sets = listed.map((set) => (set.name === fresh?.name ? fresh : set));
    const scaling = sets.some((set) => set.replicas > 0 && set.desired !== deployment.replicas);
    // A paused one is scaled, and goes to no other template.
    if (scaling || deployment.paused) this.#scale(deployment, sets, fresh);
    else if (fresh === undefined) this.#createSet(deployment, sets);
    else this.#roll(deployment, sets, fresh);
    this.#report(deployment, sets, fresh);
  }

  /** The set of the Deployment's template, with its annotations; one that it had before becomes its newest revision again. */
  #newest(sets: readonly SimReplicaSet[], { hash, timesTold }: SimDeployment): SimReplicaSet | undefined {
    const found = sets.find((set) => set.hash === hash);
    const isOld = found !== undefined && found.timesTold !== timesTold;
    const fresh = isOld ? (this.#cluster.server.update('replicaSet', found, { timesTold }) ?? found) : found;
    const newest = Math.max(0, ...sets.filter((set) => set.name !== fresh?.name).map((set) => set.revision));
    if (fresh === undefined || fresh.revision > newest) return fresh;
    return this.#cluster.server.update('replicaSet', fresh, { revision: newest + 1 }) ?? fresh;
  }

  #scale(deployment: SimDeployment, sets: readonly SimReplicaSet[], fresh: SimReplicaSet | undefined): void {
    const active = sets.filter((set) => set.replicas > 0);
    const { replicas } = deployment;
    const saturated =
      fresh !== undefined &&
      fresh.desired === replicas &&
      fresh.replicas === replicas &&
      fresh.status.available === replicas;
    const sizes =
      onlySize(active, fresh, replicas) ??
      (saturated
        ? zeroed(active, fresh)
        : proportional(sets.map(sized), replicas, surgePods(deployment.surge, replicas)));
    this.#resize(deployment, active.length === 0 && fresh !== undefined ? [fresh] : active, sizes);
  }

  #createSet(deployment: SimDeployment, sets: readonly SimReplicaSet[]): void {
    const surge = surgePods(deployment.surge, deployment.replicas);
    const { hash, template, minReadyMs, replicas } = deployment;
    const made = this.#cluster.server.create('replicaSet', {
      revision: Math.max(0, ...sets.map((set) => set.revision)) + 1,
      name: `${deployment.name}-${hash}`,
      deployment: deployment.name,
      deploymentUid: deployment.uid,
      hash,
      template,
      minReadyMs,
      timesTold: deployment.timesTold,
      replicas: newSize(sets.map(sized), 0, { replicas, surge }),
      desired: replicas,
      most: replicas + surge,
      status: { replicas: 0, ready: 0, available: 0, failure: undefined },
    });
    if (made === undefined) return;
    const progress = { reason: 'NewReplicaSetCreated', updatedMs: this.#cluster.agenda.nowMs } as const;
    const status = { ...deployment.status, progress };
    this.#cluster.server.update('deployment', { name: deployment.name, uid: deployment.uid }, { status });
    this.#queue.add(deployment.name);
  }

  #roll(deployment: SimDeployment, sets: readonly SimReplicaSet[], fresh: SimReplicaSet): void {
    const { replicas } = deployment;
    const surge = surgePods(deployment.surge, replicas);
    const size = newSize(sets.map(sized), fresh.replicas, { replicas, surge });
    if (size !== fresh.replicas) {
      this.#resize(deployment, [fresh], new Map([[fresh.name, size]]));
      return;
    }
    const old = sets.filter((set) => set !== fresh);
    this.#resize(deployment, old, oldSizes(old.map(sized), sized(fresh), replicas - deployment.unavailable));
  }

  #resize(deployment: SimDeployment, sets: readonly SimReplicaSet[], sizes: Sizes): void {
    const most = deployment.replicas + surgePods(deployment.surge, deployment.replicas);
    for (const set of sets) {
      const replicas = sizes.get(set.name) ?? set.replicas;
      const annotated = set.desired === deployment.replicas && set.most === most;
      if (replicas === set.replicas && (annotated || set.replicas === 0)) continue;
      const done = this.#cluster.server.update('replicaSet', set, { replicas, desired: deployment.replicas, most });
      if (done === undefined) this.#queue.add(deployment.name);
    }
  }

  #report(deployment: SimDeployment, sets: readonly SimReplicaSet[], fresh: SimReplicaSet | undefined): void {
    const { agenda, server } = this.#cluster;
    const failures = [fresh, ...sets].flatMap((set) => set?.status.failure ?? []);
    const counts = {
      observedGeneration: deployment.generation,
      replicas: sum(sets, (set) => set.status.replicas),
      updated: fresh?.status.replicas ?? 0,
      ready: sum(sets, (set) => set.status.ready),
      available: sum(sets, (set) => set.status.available),
      failure: failures[0],
    };
    const isTimed = fresh !== undefined && !deployment.paused;
    const progress = !isTimed ? deployment.status.progress : progressAfter(deployment, counts, agenda.nowMs);
    const status = { ...counts, progress };
    const revision = fresh?.revision ?? deployment.revision;
    this.#lookAtDeadline(deployment, progress);
    if (
      JSON.stringify({ status, revision }) ===
      JSON.stringify({ status: deployment.status, revision: deployment.revision })
    )
      return;
    if (server.update('deployment', deployment, { status, revision }) === undefined) this.#queue.add(deployment.name);
  }

  #lookAtDeadline({ name, deadlineMs }: SimDeployment, progress: Progress | undefined): void {
    const isTimed = progress?.reason === 'NewReplicaSetCreated' || progress?.reason === 'ReplicaSetUpdated';
    const leftMs = (progress?.updatedMs ?? 0) + deadlineMs - this.#cluster.agenda.nowMs;
    if (isTimed && leftMs > 0) this.#cluster.agenda.after(leftMs + 1000, () => this.#queue.add(name));
  }
}

function sum(sets: readonly SimReplicaSet[], count: (set: SimReplicaSet) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

function onlySize(
  active: readonly SimReplicaSet[],
  fresh: SimReplicaSet | undefined,
  replicas: number,
): Sizes | undefined {
  if (active.length > 1) return undefined;
  const only = active[0] ?? fresh;
  return only === undefined ? new Map() : new Map([[only.name, replicas]]);
}

function zeroed(active: readonly SimReplicaSet[], fresh: SimReplicaSet): Sizes {
  return new Map(active.filter((set) => set !== fresh).map((set) => [set.name, 0]));
}

function sized(set: SimReplicaSet): Sized {
  return {
    name: set.name,
    createdMs: set.createdMs,
    replicas: set.replicas,
    available: set.status.available,
    most: set.most,
  };
}
