import { GROUP } from '../api/labels.ts';
import { stationName } from '../api/names.ts';
import type { Clock } from '../engine/clock.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { Store } from '../kube/store.ts';
import type { ReadStore, StoreOptions } from '../kube/store.ts';
import type {
  AutoscalerObject,
  BudgetObject,
  DeploymentObject,
  KitchenObject,
  NamespaceObject,
  NodeObject,
  PodObject,
  ReplicaSetObject,
  ServiceObject,
  SliceObject,
  StationObject,
} from './objects.ts';
import { usualSigns } from './leavingSigns.ts';
import type { LeavingSigns } from './leavingSigns.ts';
import {
  projectAutoscaler,
  projectKitchen,
  projectNamespace,
  projectNode,
  projectPod,
  projectReplicaSet,
  projectSlice,
} from './project.ts';
import { projectLease } from './projectLease.ts';
import type { LeaseObject } from './projectLease.ts';
import { projectBudget, projectDeployment, projectService, projectStation } from './projectChild.ts';

/**
 * Everything that is watched. Indexes: `station` by the key of the Station, `kitchen` by that of the Kitchen (both
 * `namespace/name`), `namespace`, `loose` by the namespace of a budget that no Kitchen controls, `node` by name (both of pods that have not failed), `failed` by the Station of a pod that has, `target` by the key of the Station that an autoscaler scales, `deployment` by that of the Deployment.
 */
export interface Stores {
  readonly kitchens: ReadStore<KitchenObject>;
  readonly stations: ReadStore<StationObject, 'kitchen' | 'namespace'>;
  readonly deployments: ReadStore<DeploymentObject, 'station' | 'kitchen'>;
  readonly replicaSets: ReadStore<ReplicaSetObject, 'station'>;
  readonly pods: ReadStore<PodObject, 'station' | 'node' | 'failed'>;
  readonly nodes: ReadStore<NodeObject>;
  readonly namespaces: ReadStore<NamespaceObject>;
  readonly services: ReadStore<ServiceObject, 'kitchen'>;
  readonly budgets: ReadStore<BudgetObject, 'loose' | 'kitchen'>;
  readonly slices: ReadStore<SliceObject, 'station'>;
  readonly autoscalers: ReadStore<AutoscalerObject, 'target' | 'deployment'>;
  /** Those of nodes; empty unless somebody wants to know which nodes are suspect. */
  readonly leases: ReadStore<LeaseObject>;
}

/** The same as they are filled: what a reflector needs. */
export type WritableStores = {
  readonly [Name in keyof Stores]: Stores[Name] extends ReadStore<infer T, infer Index>
    ? Store<T & object, Index>
    : never;
};

/** Empty stores, with the projections and indexes that snapshots read. */
export function makeStores(
  clock: Clock,
  onError: (error: unknown) => void,
  signs: LeavingSigns = usualSigns,
): WritableStores {
  const common = { clock, onError };
  const kitchenIndex = { kitchen: kitchenKeys };
  return {
    kitchens: store({ ...common, name: 'kitchens', project: projectKitchen }),
    stations: store({
      ...common,
      name: 'stations',
      project: projectStation,
      indexes: { ...kitchenIndex, namespace: namespaceOf },
    }),
    deployments: store({
      ...common,
      name: 'deployments',
      project: projectDeployment,
      indexes: { ...kitchenIndex, station: stationKeys },
    }),
    replicaSets: store({
      ...common,
      name: 'replicaSets',
      project: projectReplicaSet,
      indexes: { station: stationKeys },
    }),
    pods: store({
      ...common,
      name: 'pods',
      project: projectPod,
      indexes: { station: unlessFailed(stationKeys), node: unlessFailed(nodeOf), failed: failedKeys },
    }),
    nodes: store({ ...common, name: 'nodes', project: (raw) => projectNode(raw, signs) }),
    namespaces: store({ ...common, name: 'namespaces', project: projectNamespace }),
    services: store({ ...common, name: 'services', project: projectService, indexes: kitchenIndex }),
    budgets: store({
      ...common,
      name: 'budgets',
      project: projectBudget,
      indexes: { ...kitchenIndex, loose: looseIn },
    }),
    slices: store({ ...common, name: 'slices', project: projectSlice, indexes: { station: stationKeys } }),
    autoscalers: store({
      ...common,
      name: 'autoscalers',
      project: projectAutoscaler,
      indexes: { target: targetKeys, deployment: scaledDeployments },
    }),
    leases: store({ ...common, name: 'leases', project: projectLease }),
  };
}

interface Labelled {
  readonly namespace: string;
  readonly kitchen: string;
  readonly station: string;
}

/** The key of the Station that something labelled belongs to; none without labels of ours. */
export function stationKeys({ namespace, kitchen, station }: Labelled): readonly string[] {
  return kitchen === '' || station === '' ? [] : [`${namespace}/${stationName(kitchen, station)}`];
}

/** The key of the Kitchen that something labelled belongs to. */
export function kitchenKeys({ namespace, kitchen }: Labelled): readonly string[] {
  return kitchen === '' ? [] : [`${namespace}/${kitchen}`];
}

/** The key of the Station that an autoscaler scales; none when it scales something else. */
export function targetKeys({ namespace, target }: AutoscalerObject): readonly string[] {
  return target.group === GROUP && target.kind === 'Station' ? [`${namespace}/${target.name}`] : [];
}

/** The key of the Deployment that an autoscaler scales; none when it scales something else. */
export function scaledDeployments({ namespace, target }: AutoscalerObject): readonly string[] {
  return target.group === 'apps' && target.kind === 'Deployment' ? [`${namespace}/${target.name}`] : [];
}

function namespaceOf({ namespace }: { readonly namespace: string }): readonly string[] {
  return [namespace];
}

/** Those of Kitchens select the pods of their own stations; any other may select those of every station of its namespace. */
function looseIn({ namespace, controller }: BudgetObject): readonly string[] {
  return controller?.kind === 'Kitchen' ? [] : [namespace];
}

/** Pods that ended as Failed are many where a template is bad: who wants to see them asks for them. */
function unlessFailed(keys: (pod: PodObject) => readonly string[]): (pod: PodObject) => readonly string[] {
  return (pod) => (pod.failed === undefined ? keys(pod) : []);
}

function failedKeys(pod: PodObject): readonly string[] {
  return pod.failed === undefined ? [] : stationKeys(pod);
}

function nodeOf({ node }: PodObject): readonly string[] {
  return node === '' ? [] : [node];
}

function store<T extends object, Index extends string = never>(
  options: StoreOptions<T, Index> & { readonly project: (raw: KubeObject) => T | undefined },
): Store<T, Index> {
  return new Store<T, Index>(options);
}
