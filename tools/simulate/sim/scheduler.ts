import { admits, toleratesAll } from './affinity.ts';
import type { Cluster } from './cluster.ts';
import { specialOf } from './images.ts';
import { toleratesNotice } from './notices.ts';
import { isActive } from './objects.ts';
import type { SimNode, SimPod } from './objects.ts';
import { Queue } from './queue.ts';
import { labelsOf } from './raw.ts';

const firstBackoffMs = 1000;
const mostBackoffMs = 10_000;

/** The scheduler, which hears of nodes late: labels by node affinity and selector, room in pods a node, taints, then the emptiest node of the pod's own kind, or the fullest. */
export class Scheduler {
  readonly #cluster: Cluster;
  readonly #queue: Queue;
  readonly #tries = new Map<string, number>();

  readonly #packs: boolean;

  constructor(cluster: Cluster, packs: boolean) {
    this.#cluster = cluster;
    this.#packs = packs;
    this.#queue = new Queue(
      cluster.agenda,
      () => cluster.chance.between(2, 30),
      (name) => this.#schedule(name),
    );
    cluster.server.watch((change) => {
      if (change.kind !== 'pod') return;
      if (change.gone) this.#retryAll();
      else if (waits(change.object) && change.object.unschedulable === undefined) this.#queue.add(change.object.name);
    });
    cluster.managerView.watch((change) => {
      if (change.kind === 'node') this.#retryAll();
    });
  }

  #retryAll(): void {
    for (const pod of this.#cluster.server.list('pod')) {
      if (!waits(pod) || pod.unschedulable === undefined) continue;
      const backoffMs = Math.min(mostBackoffMs, firstBackoffMs * 2 ** ((this.#tries.get(pod.name) ?? 1) - 1));
      this.#cluster.agenda.after(backoffMs, () => this.#queue.add(pod.name));
    }
  }

  #schedule(name: string): void {
    const { server, managerView, agenda, chance } = this.#cluster;
    const pod = server.get('pod', name);
    const template = pod && server.get('replicaSet', pod.replicaSet)?.template;
    if (pod === undefined || template === undefined || !waits(pod) || specialOf(template) === 'scheduler') return;
    const nodes = managerView.list('node');
    const inZone = nodes.filter((node) => admits(template, labelsOf(node)));
    const mayStay = (node: SimNode): boolean => node.noticedMs === undefined || toleratesNotice(pod.tolerations ?? []);
    const open = inZone.filter((node) => toleratesAll(template) || (isClean(node) && mayStay(node)));
    const isTooBig = specialOf(template) === 'big';
    const roomy = open.filter((node) => !isTooBig && this.#podsOn(node).length < node.room);
    if (roomy.length > 0) {
      server.update(
        'pod',
        { name },
        { node: this.#best(roomy, pod, chance.next() < 0.05).name, boundMs: agenda.nowMs, unschedulable: undefined },
      );
      return;
    }
    this.#tries.set(name, (this.#tries.get(name) ?? 0) + 1);
    const message = `0/${nodes.length} nodes are available: ${nodes.length - inZone.length} node(s) didn't match Pod's node affinity/selector, ${inZone.length - open.length} node(s) were unschedulable, ${open.length} ${isTooBig ? 'Insufficient cpu' : 'Too many pods'}.`;
    if (pod.unschedulable?.message === message) return;
    server.update('pod', { name }, { unschedulable: { message, sinceMs: pod.unschedulable?.sinceMs ?? agenda.nowMs } });
  }

  #podsOn(node: SimNode): SimPod[] {
    return this.#cluster.server.list('pod').filter((pod) => pod.node === node.name && pod.failed === undefined);
  }

  #best(nodes: readonly SimNode[], pod: SimPod, whim: boolean): SimNode {
    const load = (node: SimNode): number =>
      this.#podsOn(node).filter((other) => other.hash === pod.hash && isActive(other)).length;
    const loads = nodes.map(load);
    const wanted = this.#packs ? Math.max(...loads) : Math.min(...loads);
    const best = this.#cluster.chance.pick(whim ? nodes : nodes.filter((node) => load(node) === wanted));
    if (best === undefined) throw new Error('the scheduler was asked to choose among no nodes');
    return best;
  }
}

const waits = (pod: SimPod): boolean => pod.node === undefined && isActive(pod);

/** No taint keeps pods away. */
const isClean = (node: SimNode): boolean => !node.cordoned && node.ready === 'True' && node.taints.length === 0;
