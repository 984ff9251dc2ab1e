import type { Cluster } from './cluster.ts';
import type { Kubelets } from './kubelets.ts';
import { isActive, isStranger } from './objects.ts';
import type { SimPod } from './objects.ts';

/**
 * How long after a loss nobody can be blamed for not knowing: the controller manager's caches, the budget's status, the
 * operator's watch and its write each take up to half a second, the list before a shrink is up to 1 s old.
 */
const newsMs = 5000;

/** What the truth has to know of the operator and of what was asked of it. */
export interface Demands {
  /** The least demand that may still be known to the operator. */
  readonly floor: () => number;
  /** Nobody is there to protect pods the API wrongly calls Ready. */
  readonly unguarded: () => boolean;
  /** Pods that a rollout may take too many: only without a spare pod, see "any, p=0" among the traces. */
  readonly slack: () => number;
  /** A Deployment runs two templates. */
  readonly rolling: () => boolean;
}

/** Counts the pods that really serve, and throws when a voluntary change, or an allowance for one, goes below demand. */
export class Truth {
  readonly #cluster: Cluster;
  readonly #kubelets: Kubelets;
  readonly #demands: Demands;
  readonly #goneNodes = new Map<string, number>();
  /** Pods that were lost, and when their loss was told. */
  readonly #lostMs = new Map<string, number>();
  /** Uids of pods that people deleted: no change of ours. */
  readonly #shot = new Set<string>();
  /**
   * Least that served since a loss, until demand is met again: a rollout under way goes on, and replaces one for one.
   * Pods that were evicted while nobody knew of the loss belong to it.
   */
  #leftOver = Number.POSITIVE_INFINITY;
  #wasRolling = false;
  #serving = new Map<string, SimPod>();
  #believed = new Set<string>();
  #version = -1;
  #kills = -1;
  leastServing = Number.POSITIVE_INFINITY;
  podsMade = 0;
  /** Those of them that found a node; the others tell that there is no room. */
  podsPlaced = 0;
  mostPods = 0;
  /** Pods that all Deployments together were told to have, at most. */
  mostTold = 0;

  constructor(cluster: Cluster, kubelets: Kubelets, demands: Demands) {
    this.#cluster = cluster;
    this.#kubelets = kubelets;
    this.#demands = demands;
    const seen = new Set<string>();
    const placed = new Set<string>();
    cluster.server.watch((change) => {
      if (change.kind === 'node' && change.gone) this.#goneNodes.set(change.object.name, cluster.agenda.nowMs);
      if (change.kind !== 'pod' || isStranger(change.object)) return;
      if (change.object.boundMs === cluster.agenda.nowMs && !placed.has(change.object.uid)) {
        placed.add(change.object.uid);
        this.podsPlaced += 1;
      }
      if (seen.has(change.object.uid)) return;
      seen.add(change.object.uid);
      this.podsMade += 1;
    });
  }

  get serving(): number {
    return this.#serving.size;
  }

  get servingPods(): readonly SimPod[] {
    return [...this.#serving.values()];
  }

  excuse(uid: string): void {
    this.#shot.add(uid);
  }

  /** Starts counting the least anew. */
  forgetLeast(): void {
    this.leastServing = this.#serving.size;
    this.podsMade = 0;
    this.podsPlaced = 0;
    this.mostTold = 0;
  }

  /** Looks once; to be called after everything that happens. */
  look(): void {
    if (this.#version === this.#cluster.server.version && this.#kills === this.#kubelets.changes) return;
    this.#version = this.#cluster.server.version;
    this.#kills = this.#kubelets.changes;
    const pods = this.#cluster.server.list('pod').filter((pod) => !isStranger(pod));
    this.mostPods = Math.max(this.mostPods, pods.filter(isActive).length);
    const told = this.#cluster.server.list('deployment').reduce((sum, { replicas }) => sum + replicas, 0);
    this.mostTold = Math.max(this.mostTold, told);
    const serving = new Map(
      pods.filter((pod) => isActive(pod) && pod.ready && this.#kubelets.runs(pod)).map((pod) => [pod.uid, pod]),
    );
    const left = [...this.#serving.values()].filter((pod) => !serving.has(pod.uid));
    const ours = left.filter((pod) => !this.#isLost(pod));
    for (const pod of left) if (!ours.includes(pod)) this.#lostMs.set(pod.uid, this.#cluster.agenda.nowMs);
    this.#believe(pods, serving);
    this.#serving = serving;
    this.leastServing = Math.min(this.leastServing, serving.size);
    if (this.#believed.size > 0) this.#leftOver = Math.min(this.#leftOver, serving.size);
    else if (ours.length < left.length) this.#leftOver = Math.min(this.#leftOver, serving.size + ours.length);
    else if (!this.#demands.rolling() && serving.size >= this.#demands.floor())
      this.#leftOver = Number.POSITIVE_INFINITY;
    this.#judge(ours);
    this.#wasRolling = this.#demands.rolling();
  }

  #isLost(pod: SimPod): boolean {
    return (
      this.#shot.has(pod.uid) ||
      !this.#kubelets.runs(pod) ||
      (this.#cluster.server.get('pod', pod.name)?.deletingMs === undefined &&
        this.#cluster.server.get('pod', pod.name)?.uid === pod.uid)
    );
  }

  /** Pods that are dead but that the API still calls Ready, and not for longer than the news takes. */
  #believe(pods: readonly SimPod[], serving: ReadonlyMap<string, SimPod>): void {
    const claimed = pods.filter((pod) => isActive(pod) && pod.ready && !serving.has(pod.uid));
    const believed = new Set(
      claimed.filter((pod) => this.#demands.unguarded() || !this.#isOldNews(pod)).map((pod) => pod.uid),
    );
    for (const uid of this.#believed)
      if (!believed.has(uid) && !serving.has(uid)) this.#lostMs.set(uid, this.#cluster.agenda.nowMs);
    this.#believed = believed;
  }

  #isOldNews(pod: SimPod): boolean {
    const node = this.#cluster.server.get('node', pod.node ?? '');
    const toldMs =
      node === undefined ? this.#goneNodes.get(pod.node ?? '') : node.ready === 'True' ? undefined : node.readySinceMs;
    return toldMs !== undefined && this.#cluster.agenda.nowMs - toldMs > newsMs;
  }

  /** Ready strangers that nobody can have set apart in the budget yet. */
  #newStrangers(): number {
    const { agenda, server } = this.#cluster;
    const ready = server.list('pod').filter((pod) => isStranger(pod) && isActive(pod) && pod.ready);
    return ready.filter(({ readySinceMs }) => this.#demands.unguarded() || agenda.nowMs - readySinceMs <= newsMs)
      .length;
  }

  /** The last step of a rollout, after which there is one template, belongs to it. */
  #isRolling(): boolean {
    return this.#wasRolling || this.#demands.rolling();
  }

  #judge(ours: readonly SimPod[]): void {
    const { nowMs } = this.#cluster.agenda;
    for (const [uid, atMs] of this.#lostMs) if (nowMs - atMs > newsMs) this.#lostMs.delete(uid);
    const excused = [...this.#lostMs.keys()].filter(
      (uid) => !this.#believed.has(uid) && !this.#serving.has(uid),
    ).length;
    const counted = this.#serving.size + this.#believed.size + excused + this.#newStrangers();
    const floor = this.#demands.floor() - this.#demands.slack();
    const figures = `${this.#serving.size} serve, ${this.#believed.size + excused} more were lost unnoticed, demand ${this.#demands.floor()}`;
    if (ours.length > 0 && counted < Math.min(floor, this.#isRolling() ? this.#leftOver : floor)) {
      throw new Error(
        `${seconds(nowMs)}: ${ours.map((pod) => pod.name).join(', ')} went voluntarily, below demand: ${figures}`,
      );
    }
    const budget = this.#cluster.server.list('budget')[0];
    const allowed =
      budget === undefined || budget.status.observedGeneration < budget.generation ? 0 : budget.status.allowed;
    if (allowed > Math.max(0, counted - floor))
      throw new Error(`${seconds(nowMs)}: the budget allows ${allowed}: ${figures}`);
  }
}

function seconds(ms: number): string {
  return `at ${(ms / 1000).toFixed(3)} s`;
}
