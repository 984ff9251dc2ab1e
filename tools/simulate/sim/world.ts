import { labels } from '../../../operator/api/labels.ts';
import { Admission } from './admission.ts';
import { admits } from './affinity.ts';
import { Agenda } from './agenda.ts';
import { Budgets } from './budgets.ts';
import { Chance } from './chance.ts';
import type { Cluster } from './cluster.ts';
import { Declared } from './declared.ts';
import { Deployments } from './deployments.ts';
import type { Drain } from './drain.ts';
import { Endpoints } from './endpoints.ts';
import { Evictor } from './evictor.ts';
import { Expectations } from './expectations.ts';
import { judge } from './judge.ts';
import { Kubelets } from './kubelets.ts';
import { Leases } from './leases.ts';
import type { WatchedLeases } from './life.ts';
import { Machines } from './machines.ts';
import { NodeLifecycle } from './nodelifecycle.ts';
import { Notices } from './notices.ts';
import { isGoing } from './objects.ts';
import type { SimNode } from './objects.ts';
import { Operator } from './operator.ts';
import { kitchen, labelsOf, station } from './raw.ts';
import { ReplicaSets } from './replicasets.ts';
import { Rest } from './rest.ts';
import { Scheduler } from './scheduler.ts';
import { Server } from './server.ts';
import type { Terms } from './terms.ts';
import { Truth } from './truth.ts';
import { View } from './view.ts';

/** A whole cluster with one Kitchen of one station, and the operator, on a fake clock. */
export class World {
  readonly agenda = new Agenda();
  readonly server = new Server(this.agenda);
  readonly admission = new Admission(this.server);
  readonly cluster: Cluster;
  readonly kubelets: Kubelets;
  readonly machines: Machines;
  readonly declared: Declared;
  readonly operator: Operator;
  readonly truth: Truth;
  /** What runs by itself, driven by what it watches. */
  readonly controllers: readonly object[];
  readonly evictor: Evictor;
  readonly notices: Notices;
  readonly survive: Terms['survive'];
  /** Undefined where nobody renews Leases. */
  readonly leases: Leases | undefined;
  readonly #expected: Expectations;
  readonly #rest: Rest;
  #faults: unknown[] = [];

  constructor(terms: Terms) {
    this.survive = terms.survive;
    const { agenda, server, admission } = this;
    const chance = new Chance(terms.seed, terms.slow ?? 0.1);
    const managerView = new View(server, agenda, (kind) => chance.lagMs() + (terms.newsMs?.[kind] ?? 0));
    const cluster = { agenda, chance, server, admission, managerView };
    this.cluster = cluster;
    this.#rest = new Rest(cluster);
    this.kubelets = new Kubelets(cluster, terms.startMs);
    this.leases = leasesUnder(terms, cluster, this.kubelets);
    this.controllers = [
      new NodeLifecycle(cluster, this.kubelets, { leases: this.leases, tellsForMs: terms.tellsForMs }),
      new Scheduler(cluster, terms.packs === true),
      new Deployments(cluster),
      new ReplicaSets(cluster),
      new Budgets(cluster),
      new Endpoints(cluster, `${kitchen}-${station}`),
    ];
    this.evictor = new Evictor(cluster);
    this.machines = new Machines(cluster, terms.roomPerNode, { kubelets: this.kubelets, rest: this.#rest });
    for (const [zone, many] of terms.nodes.entries())
      for (let node = 0; node < many; node += 1) this.machines.add(`zone-${String.fromCodePoint(97 + zone)}`);
    this.#expected = new Expectations(cluster, terms, () => this.operator.blindSinceMs);
    this.declared = new Declared(cluster, terms, { expected: this.#expected, rest: this.#rest });
    this.operator = new Operator(cluster, terms.seed, {
      judge: (step, seen) => judge({ world: this, seen }, step),
      fail: (error) => void this.#faults.push(error),
      watchedLeases: watchedUnder(terms, this.leases),
    });
    this.truth = new Truth(cluster, this.kubelets, this.#expected);
    this.notices = new Notices(cluster, (uid) => this.truth.excuse(uid));
  }

  get demand(): number {
    return this.#expected.demand;
  }

  /** The least demand that the operator may still have in mind; more than before only counts once it was met. */
  demandFloor(): number {
    return this.#expected.floor();
  }

  get zones(): readonly string[] {
    return this.machines.zones;
  }

  nodesOf(zone: string): readonly string[] {
    return this.machines.nodesOf(zone);
  }

  get drains(): readonly Drain[] {
    return this.machines.drains;
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

  /** Rejects when a promise is broken on the way. */
  async run(ms: number): Promise<void> {
    await this.agenda.run(this.agenda.nowMs + ms, () => {
      if (this.#faults.length > 0) throw this.#faults.shift();
      this.truth.look();
      this.#expected.note(this.truth.serving);
    });
  }

  /** Runs until nothing has changed for `quietMs`; rejects when that does not come within `limitMs`. */
  async settle(limitMs: number, quietMs?: number): Promise<void> {
    const fromMs = this.agenda.nowMs;
    for (let ms = this.quietInMs(fromMs, quietMs); ms > 0; ms = this.quietInMs(fromMs, quietMs)) {
      if (this.agenda.nowMs > fromMs + limitMs)
        throw new Error(`it does not end: still changing ${limitMs / 60_000} minutes later`);
      await this.run(Math.max(1000, ms));
    }
  }

  /** After how long nothing will have changed for `quietMs`, or for long enough, if nothing does from now on; since that moment at the soonest. */
  quietInMs(sinceMs: number, quietMs?: number): number {
    return this.#rest.leftMs(sinceMs, quietMs);
  }
}

/** Their moments are of a chance of their own, so that a cluster with Leases is otherwise the one without. */
function leasesUnder(terms: Terms, cluster: Cluster, kubelets: Kubelets): Leases | undefined {
  if (terms.suspectAfterMs === undefined && terms.tellsForMs === undefined) return undefined;
  return new Leases({ ...cluster, kubelets, chance: new Chance(terms.seed + 1) });
}

function watchedUnder({ suspectAfterMs }: Terms, leases: Leases | undefined): WatchedLeases | undefined {
  return leases === undefined || suspectAfterMs === undefined ? undefined : { leases, suspectAfterMs };
}

function isOpen(node: SimNode | undefined): boolean {
  return node !== undefined && !isGoing(node) && node.taints.length === 0;
}
