import { deployments, podDisruptionBudgets } from '../../../operator/api/kubernetes/resource.ts';
import type { Resource } from '../../../operator/api/kubernetes/resource.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { fieldManagers } from '../../../operator/api/labels.ts';
import { Api } from '../../../tools/simulate/sim/api.ts';
import { Admission } from '../../../tools/simulate/sim/admission.ts';
import { Agenda } from '../../../tools/simulate/sim/agenda.ts';
import { Budgets, evict } from '../../../tools/simulate/sim/budgets.ts';
import { Chance } from '../../../tools/simulate/sim/chance.ts';
import type { Cluster } from '../../../tools/simulate/sim/cluster.ts';
import { Deployments } from '../../../tools/simulate/sim/deployments.ts';
import { cordon, uncordon } from '../../../tools/simulate/sim/drain.ts';
import { Kubelets } from '../../../tools/simulate/sim/kubelets.ts';
import { NodeLifecycle } from '../../../tools/simulate/sim/nodelifecycle.ts';
import { isActive } from '../../../tools/simulate/sim/objects.ts';
import { ReplicaSets } from '../../../tools/simulate/sim/replicasets.ts';
import { Scheduler } from '../../../tools/simulate/sim/scheduler.ts';
import { Server } from '../../../tools/simulate/sim/server.ts';
import { View } from '../../../tools/simulate/sim/view.ts';
import { deploymentIn, markedCost, oldMs } from './side.ts';
import type { Side, SidePod, Wanted } from './side.ts';

const startMs = 500;
const settledMs = 16_000;
const sliceMs = 2000;

/** The simulated control plane alone, with nodes of these zones. */
export class Simulated implements Side {
  readonly #cluster: Cluster;
  readonly #kubelets: Kubelets;
  readonly #agenda = new Agenda();
  /** What runs by itself, driven by what it watches. */
  readonly controllers: readonly object[];

  constructor(nodes: Readonly<Record<string, readonly string[]>>) {
    const agenda = this.#agenda;
    const chance = new Chance(7);
    const server = new Server(agenda);
    const managerView = new View(server, agenda, () => chance.lagMs());
    const cluster = { agenda, chance, server, admission: new Admission(server), managerView };
    this.#cluster = cluster;
    this.#kubelets = new Kubelets(cluster, startMs);
    this.controllers = [
      new NodeLifecycle(cluster, this.#kubelets),
      new Scheduler(cluster, false),
      new Deployments(cluster),
      new ReplicaSets(cluster),
      new Budgets(cluster),
    ];
    const common = {
      pool: 'first',
      cordoned: false,
      taints: [],
      room: 100,
      ready: 'True',
      readySinceMs: 0,
      evictSinceMs: undefined,
    };
    for (const [zone, names] of Object.entries(nodes)) {
      for (const name of names) {
        this.#kubelets.addMachine(name);
        server.create('node', { ...common, ready: 'True', name, zone });
      }
    }
  }

  /** Lets time pass until nothing has changed for a while and every death is known; evictions from dead nodes come later. */
  async settle(): Promise<void> {
    const { server } = this.#cluster;
    let quietMs = 0;
    while (quietMs < settledMs) {
      const { version } = server;
      await this.#agenda.run(this.#agenda.nowMs + sliceMs);
      const known = server.list('node').every(({ name, ready }) => this.#kubelets.isHeard(name) === (ready === 'True'));
      quietMs = version === server.version && known ? quietMs + sliceMs : 0;
    }
  }

  async deploy(zone: string, wanted: Wanted): Promise<void> {
    this.#apply(deployments, deploymentIn(zone, wanted));
  }

  async keep(minAvailable: number): Promise<void> {
    this.#apply(podDisruptionBudgets, { metadata: { name: 'grill' }, spec: { minAvailable } });
  }

  async mark(uids: readonly string[]): Promise<void> {
    const { server } = this.#cluster;
    for (const pod of server.list('pod').filter(({ uid }) => uids.includes(uid)))
      server.update('pod', { name: pod.name }, { cost: Number(markedCost) });
  }

  async evict(uid: string): Promise<boolean> {
    const pod = this.#cluster.server.list('pod').find((each) => each.uid === uid);
    return pod !== undefined && evict(this.#cluster, pod.name);
  }

  async setCordoned(node: string, cordoned: boolean): Promise<void> {
    (cordoned ? cordon : uncordon)(this.#cluster, node);
  }

  async setAlive(node: string, alive: boolean): Promise<void> {
    if (alive) this.#kubelets.heal(node);
    else this.#kubelets.kill(node);
  }

  async limit(pods = Number.POSITIVE_INFINITY): Promise<void> {
    this.#cluster.admission.limit(pods);
  }

  async growOld(): Promise<void> {
    await this.#agenda.run(this.#agenda.nowMs + oldMs);
  }

  async pods(): Promise<readonly SidePod[]> {
    const { server } = this.#cluster;
    return server
      .list('pod')
      .filter(isActive)
      .map((pod) => ({
        uid: pod.uid,
        zone: server.get('node', pod.node ?? '')?.zone ?? pod.deployment.slice('grill-'.length),
        image: imageOf(server.get('replicaSet', pod.replicaSet)?.template ?? {}),
        node: pod.node,
        ready: pod.ready,
        marked: pod.cost !== undefined,
      }));
  }

  async isRefused(zone: string): Promise<boolean> {
    return this.#cluster.server.get('deployment', `grill-${zone}`)?.status.failure !== undefined;
  }

  #apply(resource: Resource, body: JsonObject): void {
    const { name } = body['metadata'] as { readonly name: string };
    const at = { resource, namespace: 'default', name };
    new Api(this.#cluster).apply(at, body as unknown as KubeObject, fieldManagers.operator);
  }
}

function imageOf(template: JsonObject): string {
  const { containers } = template['spec'] as { readonly containers: readonly { readonly image: string }[] };
  return containers[0]?.image ?? '';
}
