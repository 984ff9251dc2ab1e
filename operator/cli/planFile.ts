import { hubReaders } from './hubReaders.ts';
import type { ReadService } from './hubReaders.ts';
import { splitPods } from '../observe/station/parts.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { defaultedStations, firstDemand } from '../api/defaults.ts';
import type { DefaultedStation } from '../api/defaults.ts';
import type { Kitchen } from '../api/kitchen.ts';
import { API_VERSION, fieldManagers, selectorText, stationSelector } from '../api/labels.ts';
import { withinBounds } from '../api/scale.ts';
import { stationName } from '../api/names.ts';
import { systemClock } from '../engine/clock.ts';
import { FirstSeen } from '../engine/memory.ts';
import type { Client } from '../kube/client.ts';
import { ApiError, isCode, verdict } from '../kube/errors.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { deployments, networkPolicies, nodes, pods, services } from '../api/kubernetes/resource.ts';
import { projectNode } from '../observe/project.ts';
import { projectPolicy } from '../observe/projectPolicy.ts';
import { projectDeployment, projectService, projectStation } from '../observe/projectChild.ts';
import { stations } from '../api/resources.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { takeSnapshotFrom } from '../observe/station/takeSnapshot.ts';
import type { DeploymentStep, Plan } from '../model/plan.ts';
import { planStation } from '../plan/station/planStation.ts';

/** The plan for one station of a file on the live cluster. */
export interface PlannedStation {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** Why the API server refuses its pods; absent when it does not. */
  readonly refused?: string;
  /** Why the API server was not asked about its pods; absent when it was. */
  readonly unchecked?: string;
  /** Of a station that asks for hubs: what else reads the slices of its Service, with advice. */
  readonly hubReaders: readonly string[];
}

/**
 * Plans every station of the Kitchen, with the planner that the operator itself runs. It writes nothing, and needs
 * neither the operator nor its CRDs.
 */
export async function planKitchenFile(
  kitchen: Kitchen,
  client: Client,
  namespace: string,
): Promise<readonly PlannedStation[]> {
  const { items } = await client.list({ resource: nodes });
  const planned: PlannedStation[] = [];
  for (const station of defaultedStations(kitchen)) {
    const snapshot = await snapshotOf(station, { client, namespace, nodes: items });
    const plan = planStation(snapshot);
    const hubs = station.hub === undefined ? [] : await hubReaders(serviceOf(station, namespace), client);
    const judgement = await judged(plan, client, namespace);
    planned.push({ name: station.station, snapshot, plan, ...judgement, hubReaders: hubs });
  }
  return planned;
}

function serviceOf({ kitchen, station }: DefaultedStation, namespace: string): ReadService {
  return { namespace, name: stationName(kitchen, station), kitchen, station };
}

/** What the API server says to the station's Deployment, by a dry run. */
async function judged(
  plan: Plan,
  client: Client,
  namespace: string,
): Promise<Pick<PlannedStation, 'refused' | 'unchecked'>> {
  const step = plan.steps.find(
    (each): each is DeploymentStep => each.kind === 'create' || each.kind === 'rollOut' || each.kind === 'grow',
  );
  if (step === undefined) return {};
  const at = { resource: deployments, namespace, name: step.intent.name };
  try {
    const body = step.intent.body as unknown as KubeObject;
    await client.apply(at, body, { fieldManager: fieldManagers.operator, force: true, dryRun: true });
    return {};
  } catch (error) {
    if (!(error instanceof ApiError) || verdict(error).kind !== 'refused') throw error;
    return error.code === 'forbidden' ? { unchecked: error.why } : { refused: error.why };
  }
}

interface Cluster {
  readonly client: Client;
  readonly namespace: string;
  readonly nodes: readonly KubeObject[];
}

async function snapshotOf(station: DefaultedStation, cluster: Cluster): Promise<Snapshot> {
  const { client, namespace } = cluster;
  const name = stationName(station.kitchen, station.station);
  const labelSelector = selectorText(stationSelector(station.kitchen, station.station));
  const [live, service, policies, ownDeployments, ownPods] = await Promise.all([
    liveStation(client, namespace, name),
    liveService(client, namespace, name),
    station.hub === undefined ? [] : livePolicies(client, namespace),
    client.list({ resource: deployments, namespace }, { labelSelector }),
    client.list({ resource: pods, namespace }, { labelSelector }),
  ]);
  const replicas = station.replicas ?? withinBounds(live?.spec.replicas ?? firstDemand(station), station.scale);
  const metadata = { name, namespace, ...live?.metadata };
  const raw = { apiVersion: API_VERSION, kind: 'Station', metadata, spec: { ...station, replicas } };
  const found = ownDeployments.items.map((each) => projectDeployment(each));
  const parts = {
    key: keyOf({ namespace, name }),
    station: projectStation(raw),
    deployments: found,
    deploymentNamed: (wanted: string) => found.find((deployment) => deployment.name === wanted),
    // The names of ReplicaSets tell well enough whose a pod is, so a person needs no right to list them.
    replicaSets: [],
    ...splitPods(ownPods.items),
    listNodes: () => cluster.nodes.map((node) => projectNode(node)),
    service: service && projectService(service),
    podsService: undefined,
    budgets: [],
    slices: [],
    policies: policies.flatMap((policy) => projectPolicy(policy) ?? []),
    autoscalers: [],
    isTerminating: false,
    childAutoscalers: [],
  };
  return takeSnapshotFrom(parts, { memory: new FirstSeen(), nowMs: 0, wallMs: systemClock.now().getTime() });
}

/** The station's Service, which tells where its ports lead now; undefined for a person who may not read it. */
async function liveService(client: Client, namespace: string, name: string): Promise<KubeObject | undefined> {
  try {
    return await client.get({ resource: services, namespace, name });
  } catch (error) {
    const { kind } = verdict(error);
    if (kind === 'gone' || kind === 'refused') return undefined;
    throw error;
  }
}

/** Those of the namespace; none for a person who may not list them. */
async function livePolicies(client: Client, namespace: string): Promise<readonly KubeObject[]> {
  try {
    return (await client.list({ resource: networkPolicies, namespace })).items;
  } catch (error) {
    if (isCode(error, 'forbidden')) return [];
    throw error;
  }
}

async function liveStation(
  client: Client,
  namespace: string,
  name: string,
): Promise<(KubeObject & { spec: { replicas: number } }) | undefined> {
  try {
    return await client.get({ resource: stations, namespace, name });
  } catch (error) {
    if (isCode(error, 'notServed') || verdict(error).kind === 'gone') return undefined;
    throw error;
  }
}
