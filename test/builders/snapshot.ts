import type { Snapshot } from '../../operator/model/snapshot.ts';
import type { NodeView, ZoneNodes, ZoneView } from '../../operator/model/zone.ts';
import type { PodNode, PodView, StrangerView } from '../../operator/model/pod.ts';
import type { BudgetView, Child, ChildView, DeploymentView } from '../../operator/model/child.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import { aStation } from './kitchen.ts';
import type { StationParts } from './kitchen.ts';

const hourMs = 3_600_000;

/** Everything a builder makes up unless told otherwise is healthy, settled and an hour old. */
export function aNodeView(over: Partial<NodeView> = {}): NodeView {
  return { name: 'node-a1', state: 'healthy', stateMs: hourMs, ...over };
}

/** These nodes of a zone and no others. All are named, as if each carried a pod. */
export function zoneNodes(nodes: readonly NodeView[]): ZoneNodes {
  const down = nodes.filter(({ state }) => state === 'lost' || state === 'suspect');
  return {
    count: nodes.length,
    healthy: nodes.filter(({ state }) => state === 'healthy').length,
    down: down.length,
    calmMs: Math.min(...nodes.map(({ stateMs }) => stateMs)),
    downMs: Math.min(...down.map(({ stateMs }) => stateMs)),
    suspect: down.filter(({ state }) => state === 'suspect').length,
    firstDown: down[0],
    open: nodes.filter(({ isOpen }) => isOpen === true),
    carrying: nodes,
  };
}

export function aPodNode(over: Partial<PodNode> = {}): PodNode {
  const leavesWithIt = over.state === 'leaving';
  return {
    name: 'node-a1',
    state: 'healthy',
    stateMs: hourMs,
    lostWithIt: false,
    leavesWithIt,
    healedMs: undefined,
    ...over,
  };
}

/** A sure pod on a healthy node; ready and served follow from `state` unless given. */
export function aPodView(over: Partial<PodView> = {}): PodView {
  const state = over.state ?? 'sure';
  const ready = state === 'sure' || state === 'leaving' || state === 'doubtful';
  const name = over.name ?? 'grill-1';
  return {
    name,
    uid: `uid-${name}`,
    state,
    deletingMs: state === 'deleting' ? hourMs : undefined,
    finalizers: [],
    ports: '',
    ready,
    readyMs: ready ? hourMs : 0,
    servedMs: ready ? hourMs : undefined,
    node: aPodNode(),
    replicaSet: 'rs1',
    marked: false,
    markedMs: over.marked === true ? hourMs : 0,
    unschedulable: undefined,
    slow: false,
    stuck: undefined,
    ...over,
  };
}

/** Several pods alike, named `<name>-1`, `<name>-2` …; `nodes` are dealt out in turn. */
export function podViews(
  count: number,
  over: Partial<PodView> & { readonly nodes?: readonly PodNode[] } = {},
): PodView[] {
  const { nodes, ...rest } = over;
  return Array.from({ length: count }, (_, index) =>
    aPodView({
      ...rest,
      ...(nodes === undefined ? {} : { node: nodes[index % nodes.length] }),
      name: `${rest.name ?? 'pod'}-${index + 1}`,
    }),
  );
}

/** A Ready pod that was made by hand an hour ago. */
export function aStrangerView(over: Partial<StrangerView> = {}): StrangerView {
  const stranger = { name: 'canary', ready: true, ended: false, controller: undefined, lasting: true };
  return { ...stranger, leavingMs: undefined, deletingMs: undefined, ...over };
}

export function aChildView(name = 'pizzeria-grill', over: Partial<ChildView> = {}): ChildView {
  return { name, uid: `uid-${name}`, resourceVersion: '1', intentHash: undefined, owned: undefined, ...over };
}

/** A Deployment of ours that has settled on its replicas. */
export function aDeploymentView(over: Partial<DeploymentView> = {}): DeploymentView & { readonly state: 'ours' } {
  const replicas = over.replicas ?? 2;
  return {
    ...aChildView(over.name ?? 'pizzeria-grill-zone-a'),
    state: 'ours',
    generation: 1,
    observedGeneration: over.generation ?? 1,
    replicas,
    madeReplicas: replicas,
    updatedReplicas: replicas,
    minReadyMs: 0,
    maxSurge: '25%',
    maxUnavailable: 0,
    progressDeadlineMs: 600_000,
    paused: false,
    replicaFailure: undefined,
    failingMs: 0,
    sinceToldMs: 0,
    timesTold: 0,
    progressFailed: false,
    revision: '1',
    good: undefined,
    badTemplate: undefined,
    failure: undefined,
    evened: undefined,
    templateHash: 'template-1',
    defaults: undefined,
    template: {},
    ...over,
  };
}

export function aBudgetView(over: Partial<BudgetView> = {}): BudgetView & { readonly state: 'ours' } {
  return {
    ...aChildView(over.name ?? 'pizzeria-grill'),
    state: 'ours',
    generation: 1,
    observedGeneration: over.generation ?? 1,
    minAvailable: 6,
    currentHealthy: 7,
    ...over,
  };
}

export const absent: Child<never> = { state: 'absent' };

/** A live, declared zone `zone-a` with one healthy node, no Deployment and no pods. */
export function aZone(over: Partial<Omit<ZoneView, 'name'>> & { readonly name?: string } = {}): ZoneView {
  const { name, ...rest } = over;
  return {
    declared: true,
    state: 'live',
    full: undefined,
    nodes: zoneNodes([aNodeView()]),
    deployment: absent,
    pods: [],
    unsettledMs: undefined,
    ...rest,
    name: (name ?? 'zone-a') as ZoneName,
  };
}

/** Station `pizzeria-grill` (see `aStation`) in the one live zone `zone-a`, before anything was made for it. */
export function aSnapshot(
  over: Partial<Omit<Snapshot, 'station'>> & { readonly station?: StationParts } = {},
): Snapshot {
  const { station, ...rest } = over;
  return {
    zones: [aZone()],
    service: absent,
    budget: absent,
    restartedAt: undefined,
    foreignBudgets: [],
    strangers: [],
    autoscalers: [],
    fullMs: Infinity,
    ...rest,
    station: aStation(station),
  };
}
