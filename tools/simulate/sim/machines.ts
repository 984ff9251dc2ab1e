import type { Cluster } from './cluster.ts';
import { announce, cordon, Drain, taint, uncordon } from './drain.ts';
import type { Leaving } from './drain.ts';
import type { Kubelets } from './kubelets.ts';
import { firstPool } from './objects.ts';
import { Places } from './places.ts';
import type { Rest } from './rest.ts';

/** The machines of the cluster, and what clouds and people do to them and to their Nodes. */
export class Machines {
  readonly drains: Drain[] = [];
  readonly #cluster: Cluster;
  readonly #kubelets: Kubelets;
  readonly #rest: Rest;
  readonly #places = new Places();
  /** Most pods that each takes. */
  readonly #room: number;

  constructor(
    cluster: Cluster,
    room: number,
    { kubelets, rest }: { readonly kubelets: Kubelets; readonly rest: Rest },
  ) {
    this.#cluster = cluster;
    this.#kubelets = kubelets;
    this.#rest = rest;
    this.#room = room;
  }

  get zones(): readonly string[] {
    return this.#places.zones;
  }

  nodesOf(zone: string): readonly string[] {
    return this.#places.nodesOf(zone);
  }

  /** A new machine joins a zone, which may be new; its name. */
  add(zone: string): string {
    const { agenda, server } = this.#cluster;
    if (agenda.nowMs > 0) this.#rest.zonesMayMove();
    const name = this.#places.add(zone);
    this.#kubelets.addMachine(name);
    server.create('node', {
      name,
      zone,
      pool: firstPool,
      cordoned: false,
      taints: [],
      room: this.#room,
      ready: 'True',
      readySinceMs: agenda.nowMs,
      evictSinceMs: undefined,
    });
    return name;
  }

  /** The machine ends and its Node is deleted, as a cloud does. */
  remove(node: string): void {
    this.#kubelets.kill(node);
    this.#cluster.server.remove('node', node);
  }

  /** Somebody changes the node's zone label. */
  relabel(node: string, zone: string): void {
    const { server } = this.#cluster;
    const known = server.get('node', node);
    if (known === undefined || known.zone === zone) return;
    if (!this.zones.includes(zone)) this.#rest.zonesMayMove();
    this.#places.move(node, known.zone, zone);
    server.update('node', { name: node }, { zone });
  }

  cordon(node: string): void {
    cordon(this.#cluster, node);
  }

  /** A condition alone says that the node is about to go. */
  announce(node: string): void {
    announce(this.#cluster, node);
  }

  taint(node: string, key: string): void {
    if (!key.startsWith('karpenter.sh/')) this.#rest.zonesMayMove();
    taint(this.#cluster, node, key);
  }

  drain(node: string, leaving: Leaving = {}): void {
    if (this.#cluster.server.get('node', node) === undefined) return;
    this.drains.push(new Drain(this.#cluster, node, { ...leaving, remove: () => this.remove(node) }));
  }

  uncordon(node: string): void {
    for (const drain of this.drains) if (drain.node === node) drain.stop();
    uncordon(this.#cluster, node);
  }
}
