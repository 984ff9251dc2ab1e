import type { Cluster } from './cluster.ts';
import { slowStartMs, specialOf, troubleOf } from './images.ts';
import type { SimPod } from './objects.ts';

interface Machine {
  alive: boolean;
  /** Its kubelet reaches the API server. */
  reports: boolean;
  /** When it was last heard of. */
  silentMs: number;
  /** Until when its kubelet, just started again, calls the node not Ready. */
  restartsUntilMs: number;
  /** Pods that start here get no further for now. */
  stalled: boolean;
  /** Counts deaths and births, so that what was under way before one does not end after it. */
  life: number;
  /** Uids of the pods whose containers run and answer. */
  readonly running: Set<string>;
  readonly starting: Set<string>;
}

const afterBootMs = 1000;

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
      else if (!pod.running && pod.failed === undefined) this.#start(pod, this.#cluster.chance.between(10, 200));
    });
  }

  get changes(): number {
    return this.#changes;
  }

  addMachine(node: string): void {
    this.#machines.set(node, {
      alive: true,
      reports: true,
      silentMs: 0,
      restartsUntilMs: 0,
      stalled: false,
      life: 0,
      running: new Set(),
      starting: new Set(),
    });
  }

  isAlive(node: string): boolean {
    return this.#machines.get(node)?.alive === true;
  }

  /** It is alive, and the API server hears of it. */
  isHeard(node: string): boolean {
    const machine = this.#machines.get(node);
    return machine !== undefined && machine.alive && machine.reports;
  }

  isStalled(node: string): boolean {
    return this.#machines.get(node)?.stalled === true;
  }

  isRestarting(node: string): boolean {
    return (this.#machines.get(node)?.restartsUntilMs ?? 0) > this.#cluster.agenda.nowMs;
  }

  /** When the API server last heard of a machine that it hears no more. */
  silentMs(node: string): number {
    return this.#machines.get(node)?.silentMs ?? 0;
  }

  /** The pod's containers run and answer now, on a machine that lives. */
  runs(pod: SimPod): boolean {
    return pod.node !== undefined && this.#machines.get(pod.node)?.running.has(pod.uid) === true;
  }

  kill(node: string): void {
    const machine = this.#machines.get(node);
    if (machine === undefined || !machine.alive) return;
    if (machine.reports) machine.silentMs = this.#cluster.agenda.nowMs;
    machine.alive = false;
    machine.life += 1;
    machine.running.clear();
    this.#changes += 1;
    machine.starting.clear();
  }

  /** Boots the machine again: what was being deleted goes, the rest of its pods start anew. A machine whose node was removed stays away. */
  heal(node: string): void {
    const machine = this.#machines.get(node);
    if (machine === undefined || this.#cluster.server.get('node', node) === undefined) return;
    if (machine.alive) {
      this.#join(node, machine);
      return;
    }
    machine.alive = true;
    machine.reports = true;
    machine.life += 1;
    for (const pod of this.#podsOn(node)) {
      if (pod.deletingMs !== undefined) this.#stop(pod);
      else {
        this.#unready(pod);
        this.#start(pod, afterBootMs);
      }
    }
  }

  /** Its kubelet no more reaches the API server; its pods run on. */
  cutOff(node: string): void {
    const machine = this.#machines.get(node);
    if (machine === undefined || !machine.alive || !machine.reports) return;
    machine.reports = false;
    machine.silentMs = this.#cluster.agenda.nowMs;
  }

  /** Its kubelet starts again: the node is not Ready for so long, and its pods run on. */
  restart(node: string, forMs: number): void {
    const { agenda, server } = this.#cluster;
    const machine = this.#machines.get(node);
    if (machine === undefined || !this.isHeard(node) || server.get('node', node)?.ready !== 'True') return;
    machine.restartsUntilMs = agenda.nowMs + forMs;
    server.update('node', { name: node }, { ready: 'False', readySinceMs: agenda.nowMs });
    const { life } = machine;
    agenda.after(forMs, () => {
      if (machine.life !== life || !machine.reports) return;
      const now = server.get('node', node);
      if (now?.ready === 'False')
        server.update('node', now, { ready: 'True', readySinceMs: agenda.nowMs, evictSinceMs: undefined });
      this.#reportPods(node, machine);
    });
  }

  /** New pods of the node start no more, or start again. */
  stall(node: string, stalled: boolean): void {
    const machine = this.#machines.get(node);
    if (machine === undefined || machine.stalled === stalled) return;
    machine.stalled = stalled;
    if (stalled || !machine.alive) return;
    for (const pod of this.#podsOn(node)) if (!machine.running.has(pod.uid)) this.#start(pod, afterBootMs);
  }

  #join(node: string, machine: Machine): void {
    if (machine.reports) return;
    machine.reports = true;
    this.#reportPods(node, machine);
  }

  /** A kubelet that is heard again ends what was deleted meanwhile, starts what is new, and calls Ready again what runs. */
  #reportPods(node: string, machine: Machine): void {
    for (const pod of this.#podsOn(node)) {
      if (pod.deletingMs !== undefined) this.#stop(pod);
      else if (!machine.running.has(pod.uid)) this.#start(pod, afterBootMs);
      else this.#ready(pod, machine);
    }
  }

  #ready({ uid, name }: SimPod, machine: Machine): void {
    const { agenda, chance, server } = this.#cluster;
    agenda.after(chance.between(200, 2000), () => {
      const pod = server.get('pod', name);
      if (pod?.uid !== uid || pod.ready || !machine.reports || !machine.running.has(uid)) return;
      server.update('pod', pod, { ready: true, readySinceMs: agenda.nowMs });
    });
  }

  #unready(pod: SimPod): void {
    const { agenda, server } = this.#cluster;
    if (pod.ready) server.update('pod', { name: pod.name }, { ready: false, readySinceMs: agenda.nowMs });
  }

  #podsOn(node: string): readonly SimPod[] {
    return this.#cluster.server.list('pod').filter((pod) => pod.node === node && pod.failed === undefined);
  }

  #start(pod: SimPod, delayMs: number): void {
    const { agenda, chance, server } = this.#cluster;
    const machine = this.#machines.get(pod.node ?? '');
    if (machine === undefined || !this.isHeard(pod.node ?? '') || machine.starting.has(pod.uid)) return;
    machine.starting.add(pod.uid);
    const { life } = machine;
    agenda.after(delayMs, () => {
      if (machine.life !== life) return;
      if (machine.stalled) {
        machine.starting.delete(pod.uid);
        return;
      }
      const template = server.get('replicaSet', pod.replicaSet)?.template;
      const trouble = template === undefined ? undefined : troubleOf(template);
      const running = (trouble?.phase ?? 'Running') === 'Running';
      const { waiting, failed } = trouble ?? {};
      server.update('pod', { name: pod.name, uid: pod.uid }, { running, waiting, failed });
      if (trouble !== undefined) return;
      const startMs = template !== undefined && specialOf(template) === 'slow' ? slowStartMs : this.#startMs;
      agenda.after(startMs * chance.between(0.8, 1.2), () => this.#serve(pod, machine, life));
    });
  }

  #serve({ uid, name }: SimPod, machine: Machine, life: number): void {
    const { agenda, server } = this.#cluster;
    const now = server.get('pod', name);
    if (machine.life !== life || now?.uid !== uid || now.deletingMs !== undefined) return;
    machine.running.add(uid);
    machine.starting.delete(uid);
    this.#changes += 1;
    if (!now.ready && machine.reports) server.update('pod', now, { ready: true, readySinceMs: agenda.nowMs });
  }

  #stop(pod: SimPod): void {
    const { agenda, chance, server } = this.#cluster;
    const machine = this.#machines.get(pod.node ?? '');
    if (machine === undefined || !this.isHeard(pod.node ?? '')) return;
    const { life } = machine;
    agenda.after(chance.between(100, 2000), () => {
      if (machine.life !== life) return;
      machine.running.delete(pod.uid);
      this.#changes += 1;
      if (server.get('pod', pod.name)?.uid === pod.uid) server.remove('pod', pod.name);
    });
  }
}
