import type { Cluster } from './cluster.ts';
import type { SimPod } from './objects.ts';

interface Machine {
  alive: boolean;
  diedMs: number;
  /** Counts deaths and births, so that what was under way before one does not end after it. */
  life: number;
  /** Uids of the pods whose containers run and answer. */
  readonly running: Set<string>;
  readonly starting: Set<string>;
}

/** The machines and their kubelets: what really runs, whatever the API server says. */
export class Kubelets {
  readonly #cluster: Cluster;
  readonly #startMs: number;
  readonly #machines = new Map<string, Machine>();
  /** Counts every change of what runs. */
  #changes = 0;

  constructor(cluster: Cluster, startMs: number) {
    this.#cluster = cluster;
    this.#startMs = startMs;
    cluster.server.watch((change) => {
      if (change.kind !== 'pod' || change.gone) return;
      const pod = change.object;
      if (pod.node === undefined) return;
      if (pod.deletingMs !== undefined) this.#stop(pod);
      else if (!pod.running) this.#start(pod, this.#cluster.chance.between(10, 200));
    });
  }

  get changes(): number {
    return this.#changes;
  }

  addMachine(node: string): void {
    this.#machines.set(node, { alive: true, diedMs: 0, life: 0, running: new Set(), starting: new Set() });
  }

  isAlive(node: string): boolean {
    return this.#machines.get(node)?.alive === true;
  }

  diedMs(node: string): number {
    return this.#machines.get(node)?.diedMs ?? 0;
  }

  /** The pod's containers run and answer now, on a machine that lives. */
  runs(pod: SimPod): boolean {
    return pod.node !== undefined && this.#machines.get(pod.node)?.running.has(pod.uid) === true;
  }

  kill(node: string): void {
    const machine = this.#machines.get(node);
    if (machine === undefined || !machine.alive) return;
    machine.alive = false;
    machine.diedMs = this.#cluster.agenda.nowMs;
    machine.life += 1;
    machine.running.clear();
    this.#changes += 1;
    machine.starting.clear();
  }

  /** Boots the machine again: what was being deleted goes, the rest of its pods start anew. A machine whose node was removed stays away. */
  heal(node: string): void {
    const machine = this.#machines.get(node);
    if (machine === undefined || machine.alive || this.#cluster.server.get('node', node) === undefined) return;
    machine.alive = true;
    machine.life += 1;
    for (const pod of this.#cluster.server.list('pod').filter((each) => each.node === node)) {
      if (pod.deletingMs !== undefined) this.#stop(pod);
      else {
        if (pod.ready)
          this.#cluster.server.update('pod', pod, { ready: false, readySinceMs: this.#cluster.agenda.nowMs });
        this.#start(pod, 1000);
      }
    }
  }

  #start(pod: SimPod, delayMs: number): void {
    const { agenda, chance } = this.#cluster;
    const machine = this.#machines.get(pod.node ?? '');
    if (machine === undefined || !machine.alive || machine.starting.has(pod.uid)) return;
    machine.starting.add(pod.uid);
    const { life } = machine;
    agenda.after(delayMs, () => {
      if (machine.life !== life) return;
      this.#cluster.server.update('pod', { name: pod.name, uid: pod.uid }, { running: true });
      agenda.after(this.#startMs * chance.between(0.8, 1.2), () => {
        const now = this.#cluster.server.get('pod', pod.name);
        if (machine.life !== life || now?.uid !== pod.uid || now.deletingMs !== undefined) return;
        machine.running.add(pod.uid);
        this.#changes += 1;
        if (!now.ready) this.#cluster.server.update('pod', now, { ready: true, readySinceMs: agenda.nowMs });
      });
    });
  }

  #stop(pod: SimPod): void {
    const { agenda, chance } = this.#cluster;
    const machine = this.#machines.get(pod.node ?? '');
    if (machine === undefined || !machine.alive) return;
    const { life } = machine;
    agenda.after(chance.between(100, 2000), () => {
      if (machine.life !== life) return;
      machine.running.delete(pod.uid);
      this.#changes += 1;
      if (this.#cluster.server.get('pod', pod.name)?.uid === pod.uid) this.#cluster.server.remove('pod', pod.name);
    });
  }
}
