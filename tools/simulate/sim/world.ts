import { labels } from '../../../operator/api/labels.ts';
import type { Station, StationSpec } from '../../../operator/api/station.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { aStation } from '../../../test/builders/kitchen.ts';
import { Admission } from './admission.ts';
import { admits } from './affinity.ts';
import { Agenda } from './agenda.ts';
import { Budgets } from './budgets.ts';
import { Chance } from './chance.ts';
import type { Cluster } from './cluster.ts';
import { Deployments } from './deployments.ts';
import { announce, cordon, Drain, taint, uncordon } from './drain.ts';
import type { Leaving } from './drain.ts';
import { Endpoints, listening } from './endpoints.ts';
import type { ContainerPort } from './endpoints.ts';
import { Evictor } from './evictor.ts';
import { Expectations } from './expectations.ts';
import { deleteInForeground } from './garbage.ts';
import { templateOf } from './images.ts';
import type { Fault } from './images.ts';
import { Kubelets } from './kubelets.ts';
import { NodeLifecycle } from './nodelifecycle.ts';
import { judge } from './judge.ts';
import { Notices, tolerationsFor } from './notices.ts';
import { firstPool, isActive, isGoing } from './objects.ts';
import type { Kind, SimNode } from './objects.ts';
import { Operator } from './operator.ts';
import { Places } from './places.ts';
import { kitchen, labelsOf, station } from './raw.ts';
import { deletePod, ReplicaSets } from './replicasets.ts';
import { Scheduler } from './scheduler.ts';
import { Server } from './server.ts';
import { isOnlyTold } from './told.ts';
import { Truth } from './truth.ts';
import { View } from './view.ts';

/** What a simulated cluster is made of. */
export interface Terms {
  readonly seed: number;
  /** Nodes of each zone: `[2, 3]` is zone-a with zone-a-1 and zone-a-2, zone-b with zone-b-1 to zone-b-3. */
  readonly nodes: readonly number[];
  readonly roomPerNode: number;
  readonly startMs: number;
  /** Share of the news and of the work that takes 50–500 ms, not 1–30 ms; 0.1 if not given. */
  readonly slow?: number;
  /** So much later than they might the controllers and the scheduler hear of each object of these kinds. */
  readonly newsMs?: Readonly<Partial<Record<Kind, number>>>;
  readonly demand: number;
  readonly survive: StationSpec['survive'];
  readonly whenNoRoom?: StationSpec['whenNoRoom'];
  /** The template tolerates every taint. */
  readonly tolerates?: boolean;
  /** Where the Service leads at first, and the ports that pods have; port 80, and none, if not given. */
  readonly ports?: { readonly target: number | string; readonly of: readonly ContainerPort[] };
  /** The scheduler fills nodes one after another, as `MostAllocated` does. */
  readonly packs?: boolean;
  /** So long the station's pods tolerate a node's notice; without it not at all. */
  readonly noticeMs?: number;
}

/** What a new template asks of nodes. */
interface TemplateChange {
  readonly pool?: string;
  readonly tolerates?: boolean;
}

/** A whole cluster with one station and its operator, on a fake clock. */
export class World {
  readonly agenda = new Agenda();
  readonly chance: Chance;
  readonly server: Server;
  readonly kubelets: Kubelets;
  readonly operator: Operator;
  readonly truth: Truth;
  /** What runs by itself, driven by what it watches. */
  readonly controllers: readonly object[];
  readonly admission: Admission;
  readonly evictor: Evictor;
  readonly notices: Notices;
  readonly drains: Drain[] = [];
  readonly survive: StationSpec['survive'];
  readonly #cluster: Cluster;
  readonly #places = new Places();
  readonly #expected: Expectations;
  #templates = 1;
  #lastChangeMs = 0;
  #zonesMayMove = false;
  readonly #room: number;
  #tolerations: readonly JsonObject[];

  constructor(terms: Terms) {
    this.survive = terms.survive;
    this.chance = new Chance(terms.seed, terms.slow ?? 0.1);
    this.server = new Server(this.agenda);
    const told = new Map<string, number>();
    this.server.watch((change) => {
      if (change.kind !== 'slice' && !isOnlyTold(change, told)) this.#lastChangeMs = this.agenda.nowMs;
    });
    this.admission = new Admission(this.server);
    const managerView = new View(this.server, this.agenda, (kind) => this.chance.lagMs() + (terms.newsMs?.[kind] ?? 0));
    const { agenda, chance, server, admission } = this;
    this.#cluster = { agenda, chance, server, admission, managerView };
    this.kubelets = new Kubelets(this.#cluster, terms.startMs);
    this.controllers = [
      new NodeLifecycle(this.#cluster, this.kubelets),
      new Scheduler(this.#cluster, terms.packs === true),
      new Deployments(this.#cluster),
      new ReplicaSets(this.#cluster),
      new Budgets(this.#cluster),
      new Endpoints(this.#cluster, `${kitchen}-${station}`),
    ];
    this.evictor = new Evictor(this.#cluster);
    this.#room = terms.roomPerNode;
    this.#tolerations = tolerationsFor(terms);
    for (const [zone, many] of terms.nodes.entries())
      for (let node = 0; node < many; node += 1) this.addNode(`zone-${String.fromCodePoint(97 + zone)}`);
    this.#expected = new Expectations(this.#cluster, terms, () => this.operator.blindSinceMs);
    this.#addStation(terms);
    this.operator = new Operator(this.#cluster, (step) => judge(this, step));
    this.truth = new Truth(this.#cluster, this.kubelets, this.#expected);
    this.notices = new Notices(this.#cluster, (uid) => this.truth.excuse(uid));
  }

  get demand(): number {
    return this.#expected.demand;
  }

  /** The least demand that the operator may still have in mind; more than before only counts once it was met. */
  demandFloor(): number {
    return this.#expected.floor();
  }

  get zones(): readonly string[] {
    return this.#places.zones;
  }

  nodesOf(zone: string): readonly string[] {
    return this.#places.nodesOf(zone);
  }

  /** A machine of the zone is alive and heard of. */
  isLive(zone: string): boolean {
    return this.nodesOf(zone).some(
      (node) => this.kubelets.isHeard(node) && this.server.get('node', node) !== undefined,
    );
  }

  /** Nodes where a pod could start now. */
  openNodesOf(zone: string): readonly string[] {
    return this.nodesOf(zone).filter((node) => this.kubelets.isHeard(node) && isOpen(this.server.get('node', node)));
  }

  /** One more pod could start in the zone now. */
  hasRoom(zone: string): boolean {
    const pods = this.server.list('pod');
    const mayStart = (node: string): boolean =>
      !this.kubelets.isStalled(node) &&
      pods.filter((pod) => pod.node === node && pod.failed === undefined).length <
        (this.server.get('node', node)?.room ?? 0);
    return this.admission.refuses({ [labels.zone]: zone }) === undefined && this.#fittingNodesOf(zone).some(mayStart);
  }

  /** Those of them that the template of the zone's Deployment fits, where it has one. */
  #fittingNodesOf(zone: string): readonly string[] {
    const running = this.server.list('deployment').find(({ name }) => name.endsWith(zone));
    const isFitting = (node: SimNode | undefined): boolean =>
      node !== undefined && (running === undefined || admits(running.template, labelsOf(node)));
    return this.openNodesOf(zone).filter((node) => isFitting(this.server.get('node', node)));
  }

  servingOn(node: string): number {
    return this.truth.servingPods.filter((pod) => pod.node === node).length;
  }

  servingIn(zone: string): number {
    return this.nodesOf(zone).reduce((sum, node) => sum + this.servingOn(node), 0);
  }

  run(ms: number): void {
    this.agenda.run(this.agenda.nowMs + ms, () => {
      this.truth.look();
      this.#expected.note(this.truth.serving);
      return false;
    });
  }

  /** Runs until nothing has changed for `quietMs`; throws when that does not come within `limitMs`. */
  settle(limitMs: number, quietMs?: number): void {
    const untilMs = this.agenda.nowMs + limitMs;
    const fromMs = this.agenda.nowMs;
    const leftMs = (): number =>
      Math.max(fromMs, this.#lastChangeMs) + (quietMs ?? this.#settledAfterMs()) - this.agenda.nowMs;
    while (leftMs() > 0) {
      if (this.agenda.nowMs > untilMs)
        throw new Error(`it does not end: still changing ${limitMs / 60_000} minutes later`);
      this.run(Math.max(1000, leftMs()));
    }
  }

  /** Long enough for taint evictions and, while a rollout is timed or a zone may join, for that. */
  #settledAfterMs(): number {
    const isTimed = this.server.list('deployment').some(({ paused, status }) => {
      const reason = status.progress?.reason;
      return paused || reason === 'ReplicaSetUpdated' || reason === 'NewReplicaSetCreated';
    });
    return isTimed || this.#zonesMayMove ? 700_000 : 400_000;
  }

  setSpec(change: Partial<StationSpec>): void {
    const [now] = this.server.list('station');
    if (now === undefined) return;
    const spec = { ...(now.body['spec'] as JsonObject), ...(change as unknown as JsonObject) };
    this.server.update('station', now, { body: { ...now.body, spec }, generation: now.generation + 1 });
    if (change.replicas !== undefined) this.#expected.ask(change.replicas);
  }

  pause(paused: boolean): void {
    this.setSpec({ paused });
    if (paused) this.#expected.pause();
    else
      this.agenda.after(10_000, () => {
        if (!this.isPaused) this.#expected.unpause();
      });
  }

  get isPaused(): boolean {
    return (this.server.list('station')[0]?.body['spec'] as JsonObject | undefined)?.['paused'] === true;
  }

  /** A new template, which may have a fault, start slowly, ask for a pool of nodes, or tolerate nothing any more. */
  setTemplate(special?: Fault | 'slow', { pool, tolerates = true }: TemplateChange = {}): void {
    this.#templates += 1;
    this.#zonesMayMove ||= pool !== undefined;
    if (!tolerates) this.#tolerations = [];
    this.setSpec({ template: this.#templateOf(special, pool) });
  }

  /** Somebody changes the node's zone label. */
  relabel(node: string, zone: string): void {
    const known = this.server.get('node', node);
    if (known === undefined || known.zone === zone) return;
    this.#zonesMayMove ||= !this.zones.includes(zone);
    this.#places.move(node, known.zone, zone);
    this.server.update('node', { name: node }, { zone });
  }

  /** A new template that listens to these ports, and where the Service is to lead, in one change. */
  setPorts(targetPort: number | string, ports: readonly ContainerPort[]): void {
    this.#templates += 1;
    this.setSpec(listening(targetPort, ports, this.#templates));
  }

  /** Somebody deletes a zone's Deployment, to wait for its pods, of which one does not end before so long: no change of ours. */
  deleteDeployment(zone: string, forMs: number): void {
    for (const { name, deletingMs } of this.server.list('deployment').filter((each) => each.name.endsWith(zone))) {
      if (deletingMs !== undefined) continue;
      for (const pod of this.server.list('pod').filter((each) => each.deployment === name)) this.truth.excuse(pod.uid);
      deleteInForeground(this.#cluster, name, forMs);
    }
  }

  /** A new machine joins a zone, which may be new; its name. */
  addNode(zone: string): string {
    this.#zonesMayMove ||= this.agenda.nowMs > 0;
    const name = this.#places.add(zone);
    this.kubelets.addMachine(name);
    this.server.create('node', {
      name,
      zone,
      pool: firstPool,
      cordoned: false,
      taints: [],
      room: this.#room,
      ready: 'True',
      readySinceMs: this.agenda.nowMs,
      evictSinceMs: undefined,
    });
    return name;
  }

  /** The machine ends and its Node is deleted, as a cloud does. */
  removeNode(node: string): void {
    this.kubelets.kill(node);
    this.server.remove('node', node);
  }

  cordon(node: string): void {
    cordon(this.#cluster, node);
  }

  /** A condition alone says that the node is about to go. */
  announce(node: string): void {
    announce(this.#cluster, node);
  }

  taint(node: string, key: string): void {
    this.#zonesMayMove ||= !key.startsWith('karpenter.sh/');
    taint(this.#cluster, node, key);
  }

  drain(node: string, leaving: Leaving = {}): void {
    if (this.server.get('node', node) === undefined) return;
    this.drains.push(new Drain(this.#cluster, node, { ...leaving, remove: () => this.removeNode(node) }));
  }

  uncordon(node: string): void {
    for (const drain of this.drains) if (drain.node === node) drain.stop();
    uncordon(this.#cluster, node);
  }

  /** Somebody deletes a pod, past every budget. */
  deletePod(index: number): void {
    const pods = this.server.list('pod').filter(isActive);
    const pod = pods[index % Math.max(1, pods.length)];
    if (pod === undefined) return;
    this.truth.excuse(pod.uid);
    deletePod(this.#cluster, pod.name);
  }

  /** Somebody scales a zone's Deployment: its pods that go are no change of ours. */
  meddle(zone: string, to: number): void {
    for (const deployment of this.server.list('deployment').filter(({ name }) => name.endsWith(zone))) {
      for (const pod of this.server.list('pod').filter((each) => each.deployment === deployment.name))
        this.truth.excuse(pod.uid);
      const body = { ...deployment.body, spec: { ...(deployment.body['spec'] as JsonObject), replicas: to } };
      const generation = deployment.generation + 1;
      this.server.update('deployment', deployment, { body, replicas: to, scaledBy: 'kubectl', generation });
    }
  }

  #templateOf(special?: Fault | 'slow', pool?: string): StationSpec['template'] {
    const { spec } = templateOf(this.#templates, special);
    const tolerations = this.#tolerations.length === 0 ? {} : { tolerations: this.#tolerations };
    const selected = pool === undefined ? {} : { nodeSelector: { pool } };
    return { spec: { ...spec, ...tolerations, ...selected } };
  }

  #addStation({ demand, survive, whenNoRoom = 'Block', ports }: Terms): void {
    const template = this.#templateOf();
    const listens = ports === undefined ? { template } : listening(ports.target, ports.of, 1);
    const made: Station = aStation({ kitchen, station, replicas: demand, survive, whenNoRoom, ...listens });
    this.server.create('station', {
      name: made.metadata.name ?? '',
      generation: 1,
      body: made as unknown as JsonObject,
    });
    this.#expected.ask(demand);
  }
}

function isOpen(node: SimNode | undefined): boolean {
  return node !== undefined && !isGoing(node) && node.taints.length === 0;
}
