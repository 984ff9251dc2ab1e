import type { Key } from '../../api/kubernetes/key.ts';
import { keyOf } from '../../api/kubernetes/key.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';
import type {
  AutoscalerObject,
  BudgetObject,
  DeploymentObject,
  NodeObject,
  PodObject,
  PolicyObject,
  ReplicaSetObject,
  ServiceObject,
  SliceObject,
  StationObject,
} from '../objects.ts';
import { usualSigns } from '../nodes/leavingSigns.ts';
import type { LeavingSigns } from '../nodes/leavingSigns.ts';
import { podsServiceName } from '../../api/names.ts';
import { projectNode, projectPod } from '../project.ts';
import { projectBudget, projectDeployment } from '../projectChild.ts';
import { stationKeys } from '../indexes.ts';
import type { Stores } from '../stores.ts';

/** The objects that a station's snapshot is made of, from the stores or, in part, from fresh lists. */
export interface SnapshotParts {
  /** `namespace/name` of the Station. */
  readonly key: Key;
  readonly station: StationObject;
  /** Those with the station's labels. */
  readonly deployments: readonly DeploymentObject[];
  /** Finds any known Deployment of the namespace by its name, ours or not. */
  readonly deploymentNamed: (name: string) => DeploymentObject | undefined;
  /** Those with the station's labels. Watches are independent: a pod may be seen before its ReplicaSet, or after it. */
  readonly replicaSets: readonly ReplicaSetObject[];
  /** All pods that the station's selectors catch, ours and strangers. */
  readonly pods: readonly PodObject[];
  /** Those of them that ended as Failed; they are not in `pods`. */
  readonly failedPods: readonly PodObject[];
  /** Lists all nodes of the cluster, for a look without a fleet. */
  readonly listNodes: () => readonly NodeObject[];
  /** Nodes just read, by name. One that carries the station's pods and is not among them is gone. */
  readonly freshNodes?: ReadonlyMap<string, NodeObject>;
  readonly service: ServiceObject | undefined;
  /** The Service that selects the pods while the station's own leads to the hubs. */
  readonly podsService: ServiceObject | undefined;
  /** The budget with the station's name, and all budgets of the namespace that no Kitchen controls. */
  readonly budgets: readonly BudgetObject[];
  readonly slices: readonly SliceObject[];
  /** All of the namespace; none where they are not watched. */
  readonly policies: readonly PolicyObject[];
  readonly autoscalers: readonly AutoscalerObject[];
  /** The namespace is being deleted: the API server makes no new object in it. */
  readonly isTerminating: boolean;
  /** Autoscalers that scale a Deployment of the station. */
  readonly childAutoscalers: readonly AutoscalerObject[];
}

/**
 * Collects the parts of one station from the stores. Undefined when there is nothing to do: there is no Station or it
 * is being deleted, or the Kitchen that controls it is absent, being deleted, or was replaced by another of its name.
 */
export function partsOf(key: Key, stores: Stores): SnapshotParts | undefined {
  const station = stores.stations.get(key);
  if (station === undefined || station.deleting) return undefined;
  const kitchen = stores.kitchens.get(keyOf({ namespace: station.namespace, name: station.kitchen }));
  if (kitchen === undefined || kitchen.deleting || station.controller?.uid !== kitchen.uid) return undefined;
  const { namespace } = station;
  const deployments = stores.deployments.byIndex('station', key);
  return {
    key,
    station,
    deployments,
    deploymentNamed: (name) => stores.deployments.get(keyOf({ namespace, name })),
    replicaSets: stores.replicaSets.byIndex('station', key),
    pods: stores.pods.byIndex('station', key),
    failedPods: stores.pods.byIndex('failed', key),
    listNodes: () => stores.nodes.list(),
    service: stores.services.get(key),
    podsService: stores.services.get(keyOf({ namespace, name: podsServiceName(station.kitchen, station.station) })),
    budgets: budgetsNear(key, namespace, stores),
    slices: stores.slices.byIndex('station', key),
    policies: stores.policies.byIndex('namespace', namespace),
    autoscalers: stores.autoscalers.byIndex('target', key),
    isTerminating: stores.namespaces.get(keyOf({ name: namespace }))?.deleting === true,
    childAutoscalers: deployments.flatMap(({ name }) =>
      stores.autoscalers.byIndex('deployment', keyOf({ namespace, name })),
    ),
  };
}

function budgetsNear(key: Key, namespace: string, { budgets }: Stores): readonly BudgetObject[] {
  const own = budgets.get(key);
  const loose = budgets.byIndex('loose', namespace);
  return own === undefined || loose.includes(own) ? loose : [own, ...loose];
}

/** Raw objects just read from the API server. A list replaces all that the stores have of its kind for the station. */
export interface FreshObjects {
  /** Nodes, at least all that carry the station's pods: one of those that is missing is gone. Others stay as known. */
  readonly nodes?: readonly KubeObject[];
  /** All pods and Deployments with the station's labels. */
  readonly pods?: readonly KubeObject[];
  readonly deployments?: readonly KubeObject[];
  /** The station's own budget; others stay as the stores have them. */
  readonly budget?: KubeObject | undefined;
}

/** Replaces parts by what was just read, for a last look before a step that cannot be undone, such as a shrink. */
export function withFresh(parts: SnapshotParts, fresh: FreshObjects, signs: LeavingSigns = usualSigns): SnapshotParts {
  const deployments = fresh.deployments?.map((each) => projectDeployment(each)) ?? parts.deployments;
  const listed = new Map(deployments.map((deployment) => [deployment.name, deployment]));
  const known = (name: string): DeploymentObject | undefined => {
    const stored = parts.deploymentNamed(name);
    // A Deployment of this station that a fresh list does not have is gone.
    return stored !== undefined && fresh.deployments !== undefined && stationKeys(stored)[0] === parts.key
      ? undefined
      : stored;
  };
  const { pods, failedPods } = fresh.pods === undefined ? parts : splitPods(fresh.pods);
  return {
    ...parts,
    deployments,
    deploymentNamed: (name) => listed.get(name) ?? known(name),
    pods,
    failedPods,
    ...(fresh.nodes === undefined ? {} : { freshNodes: nodesByName(fresh.nodes, signs) }),
    budgets: 'budget' in fresh ? withBudget(parts, fresh.budget) : parts.budgets,
  };
}

/** Splits pods that were read: those that ended as Failed, and all others. */
export function splitPods(raw: readonly KubeObject[]): Pick<SnapshotParts, 'pods' | 'failedPods'> {
  const read = raw.map(projectPod).filter((pod) => pod !== undefined);
  const hasFailed = ({ failed }: PodObject): boolean => failed !== undefined;
  return { pods: read.filter((pod) => !hasFailed(pod)), failedPods: read.filter(hasFailed) };
}

function nodesByName(raw: readonly KubeObject[], signs: LeavingSigns): ReadonlyMap<string, NodeObject> {
  return new Map(raw.map((each) => projectNode(each, signs)).map((node) => [node.name, node]));
}

function withBudget({ budgets, station }: SnapshotParts, own: KubeObject | undefined): readonly BudgetObject[] {
  const others = budgets.filter(({ name }) => name !== station.name);
  return own === undefined ? others : [...others, projectBudget(own)];
}
