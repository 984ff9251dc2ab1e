import { toleratesAll } from './affinity.ts';
import type { Cluster } from './cluster.ts';
import type { Kubelets } from './kubelets.ts';
import type { Leases } from './leases.ts';
import type { SimNode } from './objects.ts';
import { deletePod } from './replicasets.ts';

const periodMs = 5000;
const graceMs = 50_000;
const tolerationMs = 300_000;
const betweenEvictionsMs = 10_000;

/** What the node controller goes by, and how fast it is. */
interface Pace {
  /** Where nobody renews Leases, machines count as heard last some seconds before they fall silent. */
  readonly leases?: Leases | undefined;
  /** So long it tells the pods of nodes that it calls lost, before it looks at nodes again. */
  readonly tellsForMs?: number | undefined;
}

/** The node lifecycle controller, its taint manager and the pod collector, with Kubernetes' default timings. */
export class NodeLifecycle {
  readonly #cluster: Cluster;
  readonly #kubelets: Kubelets;
  readonly #pace: Pace;
  /** Until when it tells pods that their nodes are lost. */
  #tellsUntilMs = 0;
  /** When a zone's last node was given the taint that evicts. */
  readonly #lastEviction = new Map<string, number>();

  constructor(cluster: Cluster, kubelets: Kubelets, pace: Pace = {}) {
    this.#cluster = cluster;
    this.#kubelets = kubelets;
    this.#pace = pace;
    cluster.server.watch((change) => {
      if (change.kind === 'node' && change.gone) this.#collect(change.object.name);
    });
    this.#tickLater();
  }

  #tickLater(): void {
    this.#cluster.agenda.after(periodMs, () => {
      const { server, agenda } = this.#cluster;
      const lost = server.list('node').filter((node) => this.#look(node) === 'lost');
      if (lost.length > 0) this.#tellsUntilMs = agenda.nowMs + (this.#pace.tellsForMs ?? 0);
      this.#evict();
      this.#tickLater();
    });
  }

  #look(node: SimNode): 'lost' | undefined {
    const { server, agenda } = this.#cluster;
    const isHeard = this.#kubelets.isHeard(node.name);
    if (isHeard && this.#kubelets.isRestarting(node.name)) {
      this.#unreadyPods(node.name);
      return undefined;
    }
    if (isHeard && node.ready !== 'True') {
      server.update('node', node, { ready: 'True', readySinceMs: agenda.nowMs, evictSinceMs: undefined });
      return undefined;
    }
    if (isHeard || node.ready === 'Unknown' || !this.#mayCallLost(node)) return undefined;
    server.update('node', node, { ready: 'Unknown', readySinceMs: agenda.nowMs });
    this.#unreadyPods(node.name);
    return 'lost';
  }

  #mayCallLost({ name }: SimNode): boolean {
    const { nowMs } = this.#cluster.agenda;
    const { leases } = this.#pace;
    if (nowMs < this.#tellsUntilMs || leases?.isRefusing === true) return false;
    // A kubelet's last heartbeat is up to 10 s before its death.
    const heardMs = leases?.heardMs(name) ?? this.#kubelets.silentMs(name) - 5000;
    return nowMs - heardMs >= graceMs;
  }

  /** A node that is found not Ready takes its pods out of service. */
  #unreadyPods(node: string): void {
    const { server, agenda, chance } = this.#cluster;
    for (const pod of server.list('pod').filter((each) => each.node === node && each.ready)) {
      agenda.after(chance.between(1, Math.max(100, this.#pace.tellsForMs ?? 0)), () => {
        const isWell = this.#kubelets.isHeard(node) && !this.#kubelets.isRestarting(node);
        const now = server.get('pod', pod.name);
        if (!isWell && now?.uid === pod.uid && now.ready)
          server.update('pod', now, { ready: false, readySinceMs: agenda.nowMs });
      });
    }
  }

  #evict(): void {
    const { server, agenda } = this.#cluster;
    const nodes = server.list('node');
    if (nodes.every((node) => node.ready !== 'True')) return;
    for (const [zone, members] of Map.groupBy(nodes, (node) => node.zone)) {
      const lost = members.filter((node) => node.ready !== 'True');
      const stopped = lost.length >= 3 && lost.length < members.length && lost.length >= 0.55 * members.length;
      const next = lost.find((node) => node.evictSinceMs === undefined);
      if (
        next === undefined ||
        stopped ||
        agenda.nowMs - (this.#lastEviction.get(zone) ?? -betweenEvictionsMs) < betweenEvictionsMs
      )
        continue;
      this.#lastEviction.set(zone, agenda.nowMs);
      server.update('node', next, { evictSinceMs: agenda.nowMs });
      agenda.after(tolerationMs, () => this.#evictPods(next.name, agenda.nowMs - tolerationMs));
    }
  }

  #evictPods(node: string, sinceMs: number): void {
    if (this.#cluster.server.get('node', node)?.evictSinceMs !== sinceMs) return;
    const { server } = this.#cluster;
    for (const pod of server.list('pod').filter((each) => each.node === node)) {
      const template = server.get('replicaSet', pod.replicaSet)?.template;
      if (template === undefined || !toleratesAll(template)) deletePod(this.#cluster, pod.name);
    }
  }

  /** Pods of a node that is gone: left alone for 40 s, then removed at the collector's next round of 20 s. */
  #collect(node: string): void {
    const { server, agenda, chance } = this.#cluster;
    agenda.after(40_000 + chance.between(0, 20_000), () => {
      if (server.get('node', node) !== undefined) return;
      for (const pod of server.list('pod').filter((each) => each.node === node)) server.remove('pod', pod.name);
    });
  }
}
