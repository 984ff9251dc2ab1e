import type { FieldsV1 } from '../../operator/api/kubernetes/object.ts';
import { declaredPorts } from '../../operator/api/containerPorts.ts';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import type { ZoneView } from '../../operator/model/zone.ts';
import type { DeploymentView, RolloutFailure, ServiceView } from '../../operator/model/child.ts';
import type { JsonObject } from '../../operator/api/kubernetes/json.ts';
import { annotations } from '../../operator/api/labels.ts';
import type { Survive } from '../../operator/api/survive.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import { budgetIntent } from '../../operator/plan/children/budget.ts';
import { deploymentIntent } from '../../operator/plan/children/deployment.ts';
import { serviceIntent } from '../../operator/plan/children/service.ts';
import { NEWEST_DEFAULTS } from '../../operator/plan/children/defaults.ts';
import { userTemplate } from '../../operator/plan/children/template.ts';
import { ours } from '../../operator/plan/station/picture.ts';
import type { Intent } from '../../operator/model/intent.ts';
import type { StationParts } from './kitchen.ts';
import {
  aBudgetView,
  aChildView,
  aDeploymentView,
  aNodeView,
  aPodNode,
  aSnapshot,
  aZone,
  podViews,
  zoneNodes,
} from './snapshot.ts';

/** Field sets that end the walk: our manager owns everything that an intent may say. */
export const allOwned: FieldsV1 = {
  'f:metadata': { 'f:labels': {}, 'f:annotations': {}, 'f:ownerReferences': {} },
  'f:spec': {},
};

/** Nodes and pods of a zone; the pods are dealt out over the nodes in turn. */
interface ServedZone {
  readonly nodes: number;
  readonly pods: number;
}

export interface Served {
  readonly demand: number;
  readonly survive?: Partial<Survive>;
  readonly zones: Readonly<Record<string, ServedZone>>;
  readonly station?: StationParts;
}

/**
 * A station that has all it asked for, an hour ago: nodes `<zone>-1` …, sure pods `<zone>-pod-1` …, and children that hold
 * their intents. Whether the pods are as many as planned is the caller's choice.
 */
export function served({ demand, survive = {}, zones, station = {} }: Served): Snapshot {
  const parts: StationParts = { replicas: demand, survive: { pods: 0, ...survive }, ...station };
  const bare = aSnapshot({
    station: parts,
    zones: Object.entries(zones).map(([name, { nodes }]) => aZone({ name, nodes: nodesOf(name, nodes) })),
  });
  const running = bare.zones.map((zone) => withPods(bare, zone, zones[zone.name]?.pods ?? 0));
  return settled({ ...bare, zones: running });
}

/** The children hold their intents for what they run, and every controller has seen it. */
export function settled(snapshot: Snapshot): Snapshot {
  const zones = snapshot.zones.map((zone) => settledZone(snapshot, zone));
  const spoken = { ...snapshot, zones };
  const service = serviceIntent(spoken);
  const kept = ours(spoken.budget)?.minAvailable ?? spoken.station.spec.replicas;
  const budget = budgetIntent(spoken, kept);
  return {
    ...spoken,
    service: service === undefined ? { state: 'absent' } : serviceAsApplied(service),
    budget: aBudgetView({ ...heldAs(budget), name: budget.name, minAvailable: kept, currentHealthy: healthy(spoken) }),
  };
}

/** The Service once an intent is applied, its targets defaulted as the API server does. */
export function serviceAsApplied(intent: Intent): ServiceView & { readonly state: 'ours' } {
  const { ports, selector } = intent.body['spec'] as unknown as {
    readonly ports: Snapshot['station']['spec']['ports'];
    readonly selector?: object;
  };
  const view = ports.map(({ name = '', port, protocol, targetPort = port }) => ({ name, port, protocol, targetPort }));
  const selects = selector === undefined ? {} : { selects: true as const };
  return { state: 'ours', ...aChildView(intent.name, heldAs(intent)), ports: view, ...selects };
}

/** What an intent leaves on its object once it is applied. */
export function heldAs(intent: Intent): { readonly intentHash: string; readonly owned: FieldsV1 } {
  return { intentHash: annotationOf(intent, annotations.intent) ?? '', owned: allOwned };
}

/** An annotation of the object that an intent asks for. */
export function annotationOf(intent: Intent, key: string): string | undefined {
  const metadata = intent.body['metadata'] as { readonly annotations: Readonly<Record<string, string>> };
  return metadata.annotations[key];
}

/** Pods that the API calls Ready. */
export function healthy(snapshot: Snapshot): number {
  return snapshot.zones.flatMap((zone) => zone.pods).filter((pod) => pod.ready && pod.state !== 'deleting').length;
}

/** Nodes `<zone>-1` … of a zone. */
export function nodesOf(zone: string, many: number): ZoneView['nodes'] {
  return zoneNodes(Array.from({ length: many }, (_, index) => aNodeView({ name: `${zone}-${index + 1}` })));
}

function withPods(snapshot: Snapshot, zone: ZoneView, many: number): ZoneView {
  const user = userTemplate(snapshot.station.spec.template, snapshot.restartedAt);
  const deployment = aDeploymentView({ replicas: many, templateHash: user.hash, defaults: NEWEST_DEFAULTS });
  const nodes = zone.nodes.carrying.map((node) => aPodNode({ name: node.name }));
  const ports = declaredPorts(snapshot.station.spec.template.spec);
  const pods = podViews(many, { name: `${zone.name}-pod`, nodes, replicaSet: user.hash, ports });
  return { ...zone, deployment, pods };
}

function settledZone(snapshot: Snapshot, zone: ZoneView): ZoneView {
  const deployment = ours(zone.deployment);
  if (deployment === undefined) return zone;
  const intent = deploymentIntent(snapshot, zone, { replicas: deployment.replicas, template: 'asItRuns' });
  return { ...zone, deployment: { ...deployment, ...appliedAs(intent, deployment.generation) } };
}

/** What a Deployment's view shows once an intent is applied and seen as the given generation. */
export function appliedAs(intent: Intent, generation: number): DeploymentView & { readonly state: 'ours' } {
  const spec = intent.body['spec'] as JsonObject & { readonly replicas: number; readonly template: JsonObject };
  return aDeploymentView({
    ...heldAs(intent),
    name: intent.name,
    uid: `uid-${intent.name}`,
    resourceVersion: String(generation),
    generation,
    replicas: spec.replicas,
    templateHash: annotationOf(intent, annotations.template),
    defaults: annotationOf(intent, annotations.defaults),
    template: spec.template,
    ...notesOf(intent),
  });
}

/** What an intent notes on its Deployment, as the planner sees it afterwards. */
function notesOf(intent: Intent): Partial<DeploymentView> {
  const good = annotationOf(intent, annotations.goodTemplate);
  const failure = annotationOf(intent, annotations.failure);
  return {
    good: good === undefined ? undefined : (JSON.parse(good) as NonNullable<DeploymentView['good']>),
    badTemplate: annotationOf(intent, annotations.badTemplate),
    failure: failure === undefined ? undefined : (JSON.parse(failure) as RolloutFailure),
    evened: annotationOf(intent, annotations.evened),
  };
}

/** A zone by its name, as the snapshot's parts spell it. */
export function zoneName(name: string): ZoneName {
  return name as ZoneName;
}
