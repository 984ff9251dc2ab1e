import { deleteDeployment, meddle, pauseDeployment, quarantine, shoot, strangerComes } from './meddling.ts';
import type { Fault } from './images.ts';
import type { ContainerPort } from './endpoints.ts';
import type { Kind } from './objects.ts';
import type { World } from './world.ts';

/** Something that happens to the cluster, or that somebody asks for. */
export type Event =
  | { readonly kind: 'demand'; readonly to: number }
  | { readonly kind: 'template' | 'slowTemplate' | 'narrow' | 'pause' | 'resume' }
  | { readonly kind: 'badTemplate'; readonly fault: Fault }
  | { readonly kind: NodeEvent; readonly node: string }
  | { readonly kind: 'relabel'; readonly node: string; readonly zone: string }
  | { readonly kind: 'renamePool'; readonly zone: string; readonly pool: string }
  | { readonly kind: 'selectPool'; readonly pool: string }
  | { readonly kind: 'restartKubelet'; readonly node: string; readonly forMs: number }
  | { readonly kind: ZoneEvent; readonly zone: string }
  | { readonly kind: 'shift'; readonly zone: string; readonly forMs: number }
  | { readonly kind: 'quota'; readonly pods: number; readonly zone?: string }
  | { readonly kind: 'zones'; readonly zones: readonly string[] }
  | { readonly kind: 'evictions'; readonly many: number; readonly forMs: number }
  | { readonly kind: 'missEvents'; readonly of: Kind; readonly forMs: number }
  | { readonly kind: 'deletePod'; readonly index: number }
  | { readonly kind: 'deleteDeployment'; readonly zone: string; readonly forMs: number }
  | { readonly kind: 'ports'; readonly target: number | string; readonly of: readonly ContainerPort[] }
  | { readonly kind: 'suspect'; readonly node: string; readonly forMs: number }
  | { readonly kind: 'refuseLeases' | 'missLeases'; readonly forMs: number }
  | { readonly kind: 'flap'; readonly node: string; readonly times: number }
  | { readonly kind: 'refuseBudgets'; readonly forMs: number }
  | { readonly kind: 'refuseRollBacks' }
  | { readonly kind: 'meddle'; readonly zone: string; readonly to: number }
  | {
      readonly kind: 'contest';
      readonly zone: string;
      readonly most: number;
      readonly everyMs: number;
      readonly forMs: number;
    }
  | { readonly kind: 'capReplicas'; readonly most: number }
  | { readonly kind: 'strangerComes'; readonly node: string }
  | { readonly kind: 'quarantine'; readonly index: number; readonly label: 'template' | 'zone' }
  | { readonly kind: 'pauseDeployment'; readonly zone: string }
  | { readonly kind: 'stopOperator' | 'startOperator' | 'replaceOperator' }
  | { readonly kind: 'crashOperator'; readonly afterWrites: number };

/**
 * `suspect`: by its Lease, and its pods run on. `refuseLeases`: the API server takes no Lease, as when it is away.
 * `missLeases`: the operator alone hears of none. `flap`: it is not heard of until it is called lost, and heard again.
 * `refuseBudgets`: a webhook lets no budget be written. `refuseRollBacks`: nor a Deployment go back. `meddle`: a person scales
 * a zone's Deployment.
 * `narrow`: a new template tolerates no taint any more.
 * `announce`: a condition says that it is about to be drained, and nothing keeps pods away.
 * `notice`: a NoExecute taint evicts its pods when what they tolerate of it has passed.
 * `relabel`: a node is given to another zone. `renameZone`: all of its nodes are, to one that is new. `reserve`: its owners'
 * taint keeps new pods away. `selectPool`: a new template asks for nodes whose label `pool` says so.
 * `ports`: template and Service are changed in one. `deleteDeployment`: in the foreground, and a pod does not end for so long.
 * `contest`: an autoscaler lets a zone's Deployment have no more. `capReplicas`: admission lets no Deployment have more.
 * `strangerComes`: a pod that somebody made by hand, with the station's labels. `quarantine`: a person changes a label of a
 * pod, and its ReplicaSet lets go of it. `pauseDeployment`: a person pauses its rollouts.
 * `cutOff`: its kubelet is not heard any more, its pods run on. `reclaim`: an autoscaler taints, drains and removes it.
 */
type NodeEvent =
  | 'killNode'
  | 'cutOff'
  | 'healNode'
  | 'removeNode'
  | 'cordon'
  | 'announce'
  | 'taint'
  | 'notice'
  | 'drain'
  | 'reclaim'
  | 'reserve'
  | 'uncordon';

/** `stallZone`: pods that start there get no further until `unstallZone`. */
type ZoneEvent =
  | 'endShift'
  | 'renameZone'
  | 'killZone'
  | 'healZone'
  | 'removeZone'
  | 'addNode'
  | 'stallZone'
  | 'unstallZone';

const autoscalersTaint = 'karpenter.sh/disrupted';
const ownersTaint = 'for-others-only';

/** Lets the event happen now. */
export function happen(world: World, event: Event): void {
  switch (event.kind) {
    case 'demand':
      return world.declared.demand(event.to);
    case 'template':
      return world.declared.template();
    case 'slowTemplate':
      return world.declared.template('slow');
    case 'narrow':
      return world.declared.template(undefined, { tolerates: false });
    case 'pause':
      return world.declared.pause(true);
    case 'resume':
      return world.declared.pause(false);
    case 'killNode':
      return world.kubelets.kill(event.node);
    case 'healNode':
      return world.kubelets.heal(event.node);
    case 'badTemplate':
      return world.declared.template(event.fault);
    case 'removeNode':
      return world.machines.remove(event.node);
    case 'cutOff':
      return world.kubelets.cutOff(event.node);
    case 'restartKubelet':
      return world.kubelets.restart(event.node, event.forMs);
    case 'cordon':
      return world.machines.cordon(event.node);
    case 'announce':
      return world.machines.announce(event.node);
    case 'taint':
      return world.machines.taint(event.node, autoscalersTaint);
    case 'notice':
      return world.notices.give(event.node);
    case 'reserve':
      return world.machines.taint(event.node, ownersTaint);
    case 'relabel':
      return world.machines.relabel(event.node, event.zone);
    case 'renameZone':
      return world
        .nodesOf(event.zone)
        .forEach((node) => world.machines.relabel(node, event.zone.replace(/^[a-z]+/, 'hall')));
    case 'renamePool':
      return world.nodesOf(event.zone).forEach((name) => world.server.update('node', { name }, { pool: event.pool }));
    case 'selectPool':
      return world.declared.template(undefined, { pool: event.pool });
    case 'reclaim':
      return world.machines.drain(event.node, { taint: autoscalersTaint, thenRemoved: true });
    case 'drain':
      return world.machines.drain(event.node);
    case 'uncordon':
      return world.machines.uncordon(event.node);
    case 'shift':
      return world.declared.shift(event.zone, event.forMs);
    case 'endShift':
      return world.declared.endShift(event.zone);
    case 'killZone':
      return world.nodesOf(event.zone).forEach((node) => world.kubelets.kill(node));
    case 'healZone':
      return world.nodesOf(event.zone).forEach((node) => world.kubelets.heal(node));
    case 'removeZone':
      return world.nodesOf(event.zone).forEach((node) => world.machines.remove(node));
    case 'addNode':
      return void world.machines.add(event.zone);
    case 'stallZone':
    case 'unstallZone':
      return world.nodesOf(event.zone).forEach((node) => world.kubelets.stall(node, event.kind === 'stallZone'));
    case 'quota':
      return world.admission.limit(event.pods, event.zone);
    case 'zones':
      return world.declared.zones(event.zones);
    case 'evictions':
      return world.evictor.begin(event.many, event.forMs);
    case 'missEvents':
      return world.operator.missEvents(event.of, event.forMs);
    case 'deletePod':
      return shoot(world, event.index);
    case 'deleteDeployment':
      return deleteDeployment(world, event.zone, event.forMs);
    case 'ports':
      return world.declared.ports(event.target, event.of);
    case 'suspect':
      return world.operator.suspect(event.node, event.forMs);
    case 'refuseLeases':
      return world.leases?.refuse(event.forMs);
    case 'missLeases':
      return world.operator.missLeases(event.forMs);
    case 'flap':
      return flap(world, event.node, event.times);
    case 'refuseBudgets':
      world.admission.budgetsHeldUntilMs = world.agenda.nowMs + event.forMs;
      return undefined;
    case 'refuseRollBacks':
      world.admission.rollBacksRefused = true;
      return undefined;
    case 'meddle':
      return meddle(world, event.zone, event.to);
    case 'contest':
      return contest(world, event);
    case 'capReplicas':
      world.admission.mostReplicas = event.most;
      return undefined;
    case 'strangerComes':
      return strangerComes(world, event.node);
    case 'quarantine':
      return quarantine(world, event.index, event.label);
    case 'pauseDeployment':
      return pauseDeployment(world, event.zone);
    case 'stopOperator':
      return world.operator.stop();
    case 'startOperator':
      return world.operator.start();
    case 'replaceOperator':
      return world.operator.replace();
    case 'crashOperator':
      return world.operator.crashAfter(event.afterWrites);
  }
}

/** Just long enough silent to be called lost, and heard for as long as it takes to be called Ready. */
const [silentMs, heardMs] = [55_000, 15_000];

function flap(world: World, node: string, times: number): void {
  if (times === 0) return;
  world.kubelets.cutOff(node);
  world.agenda.after(silentMs, () => {
    world.kubelets.heal(node);
    world.agenda.after(heardMs, () => flap(world, node, times - 1));
  });
}

function contest(world: World, event: Extract<Event, { kind: 'contest' }>): void {
  const { zone, most, everyMs, forMs } = event;
  const told = world.server.list('deployment').find(({ name }) => name.endsWith(zone))?.replicas ?? 0;
  if (told > most) meddle(world, zone, most);
  if (forMs > 0) world.agenda.after(everyMs, () => contest(world, { ...event, forMs: forMs - everyMs }));
}
