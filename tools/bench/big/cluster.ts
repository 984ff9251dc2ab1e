import { SimulatedApi } from './api.ts';
import type { Thing } from './api.ts';
import { Controllers } from './controllers.ts';
import { aKitchen, aLease, aNamespace, aNode, collections, withReady } from './objects.ts';

const zones = ['zone-a', 'zone-b', 'zone-c'] as const;
/** Pods of a Kitchen: three stations of nine. */
const PODS_A_KITCHEN = 27;
const KITCHENS_A_NAMESPACE = 30;
const RENEW_EVERY_MS = 10_000;
const TICK_MS = 100;

/** A cluster of so many nodes in three zones, with as many Kitchens as give each node so many pods. */
export class BigCluster {
  readonly api = new SimulatedApi();
  readonly kitchens: number;
  readonly nodes: number;
  readonly #controllers: Controllers;
  /** Nodes that take pods and renew their Leases. */
  readonly #alive = new Map<string, string[]>(zones.map((zone) => [zone, []]));
  readonly #renewals: NodeJS.Timeout;
  #tick = 0;

  constructor(nodes: number, podsPerNode: number) {
    this.nodes = nodes;
    this.kitchens = Math.max(1, Math.round((nodes * podsPerNode) / PODS_A_KITCHEN));
    this.#controllers = new Controllers(this.api, this.#alive);
    for (let index = 0; index < nodes; index++) this.#addNode(index);
    for (let index = 0; index < this.kitchens; index++) this.#addKitchen(index);
    this.#renewals = setInterval(() => this.#renew(), TICK_MS);
  }

  get stations(): number {
    return 3 * this.kitchens;
  }

  get pods(): number {
    return this.api.list(collections.pods).length;
  }

  stop(): void {
    clearInterval(this.#renewals);
    this.#controllers.stop();
  }

  /** How to bring back everything that is there now. */
  save(): () => void {
    const restore = this.api.save();
    const alive = [...this.#alive].map(([zone, nodes]) => [zone, [...nodes]] as const);
    return () => {
      restore();
      for (const [zone, nodes] of alive) this.#alive.get(zone)?.splice(0, Infinity, ...nodes);
      this.#controllers.recount();
    };
  }

  /** Some pods change in a way that matters to nobody: each calls for a look at its station that finds nothing to do. */
  touch(many: number): void {
    const every = Math.max(1, Math.floor(this.pods / many));
    for (const [index, pod] of this.api.list(collections.pods).entries()) {
      if (index % every !== 0) continue;
      const cost = { 'controller.kubernetes.io/pod-deletion-cost': String(this.#tick) };
      this.api.put(collections.pods, { ...pod, metadata: { ...pod.metadata, annotations: cost } });
    }
  }

  /** The nodes of zone-a fall silent; returns how many pods they carry. */
  silence(): number {
    const names = new Set(this.#alive.get('zone-a')?.splice(0));
    return this.#podsOn(names).length;
  }

  /** Kubernetes calls the silent nodes lost, one after another, and their pods not Ready. */
  async lose(pause: () => Promise<void>): Promise<void> {
    const pods = Map.groupBy(this.api.list(collections.pods), nodeOf);
    for (let index = 0; index < this.nodes; index += zones.length) {
      const name = nodeName(index);
      this.api.put(collections.nodes, aNode(name, 'zone-a', { ready: false }));
      for (const pod of pods.get(name) ?? []) this.api.put(collections.pods, withReady(pod, false));
      if (index % (10 * zones.length) === 0) await pause();
    }
  }

  #podsOn(names: ReadonlySet<string>): readonly Thing[] {
    return this.api.list(collections.pods).filter((pod) => names.has(nodeOf(pod)));
  }

  #addNode(index: number): void {
    const zone = zones[index % zones.length] ?? 'zone-a';
    const name = nodeName(index);
    this.#alive.get(zone)?.push(name);
    this.api.put(collections.nodes, aNode(name, zone, { ready: true }));
    this.api.put(collections.leases, aLease(name));
  }

  #addKitchen(index: number): void {
    const number = Math.floor(index / KITCHENS_A_NAMESPACE);
    const namespace = `food-${number}`;
    if (index % KITCHENS_A_NAMESPACE === 0) {
      this.api.put(collections.namespaces, aNamespace(namespace, number % 2 === 0 ? 'a' : 'b'));
    }
    this.api.put(collections.kitchens, aKitchen(namespace, `k${index}`));
  }

  /** Each node renews its Lease every 10 s, evenly spread. */
  #renew(): void {
    this.#tick += 1;
    const turns = RENEW_EVERY_MS / TICK_MS;
    const names = [...this.#alive.values()].flat();
    for (let index = this.#tick % turns; index < names.length; index += turns) {
      this.api.put(collections.leases, aLease(names[index] ?? ''));
    }
  }
}

function nodeName(index: number): string {
  return `node-${String(index).padStart(5, '0')}`;
}

function nodeOf(pod: Thing): string {
  return (pod['spec'] as { readonly nodeName: string }).nodeName;
}
