import type { ChildObject, NodeObject } from './objects.ts';
import {
  deployments,
  endpointSlices,
  horizontalPodAutoscalers,
  leases,
  namespaces,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  services,
} from '../api/kubernetes/resource.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { labels } from '../api/labels.ts';
import { kitchens, stations } from '../api/resources.ts';
import type { Selection } from '../kube/client.ts';
import type { Change } from '../kube/store.ts';
import {
  nobody,
  ofAutoscaler,
  ofBudget,
  ofChild,
  ofKitchen,
  ofNamespace,
  ofNode,
  ofPod,
  ofPolicy,
  ofReplicaSet,
  ofSlice,
  ofStation,
} from './concerns.ts';
import type { Concern } from './concerns.ts';
import * as keys from './indexes.ts';
import type { LeavingSigns } from './nodes/leavingSigns.ts';
import {
  projectAutoscaler,
  projectKitchen,
  projectNamespace,
  projectNode,
  projectPod,
  projectReplicaSet,
} from './project.ts';
import { projectPolicy } from './projectPolicy.ts';
import { projectSlice } from './projectSlice.ts';
import { projectBudget, projectDeployment, projectService, projectStation } from './projectChild.ts';
import { projectLease } from './projectLease.ts';
import type { Stores } from './stores.ts';

/** What may be done to objects of a kind, as RBAC names it. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';

/**
 * One kind of object: how it is watched and kept, which Stations and Kitchens a change of it concerns, and what the
 * operator does to it.
 */
export interface Kind<T extends object, Index extends string> {
  readonly resource: Resource;
  readonly selection: Selection;
  /** Watch its objects in this one namespace, even if the operator is limited to others. */
  readonly onlyIn?: string;
  /** What is kept of an object; `before`: what was kept of it. */
  readonly project: (raw: KubeObject, before: T | undefined, signs: LeavingSigns) => T | undefined;
  /** Indexes: under which values an object is found. */
  readonly indexes: Readonly<Record<Index, (object: T) => readonly string[]>>;
  readonly concerns: (change: Change<T>, stores: Stores) => Concern;
  /** The rights that the operator needs. The chart grants exactly these. */
  readonly verbs: readonly Verb[];
  readonly statusVerbs?: readonly Verb[];
}

const all: Selection = {};
/** The API server then sends us no pods of other people. EndpointSlices copy the labels of their Service. */
const labelled: Selection = { labelSelector: labels.station };

const look = ['list', 'watch'] as const;
const keep = ['get', ...look, 'create', 'patch', 'delete'] as const;

/**
 * Every kind that is watched, one row each, under the name of its store. Stores, watches, permissions, and which store
 * takes in the answer to a write all follow from this table. So does the order in which the objects of a station are
 * deleted. Stations come first, or a pass over the Station would make the other objects again. Budgets come last, so
 * that they guard the pods to the end.
 */
export const kinds = {
  kitchens: kind({
    resource: kitchens,
    selection: all,
    project: projectKitchen,
    indexes: {},
    concerns: ofKitchen,
    verbs: ['get', ...look],
    statusVerbs: ['patch'],
  }),
  stations: kind({
    resource: stations,
    selection: all,
    project: projectStation,
    indexes: { kitchen: keys.kitchenKeys, namespace: keys.namespaceOf },
    concerns: ofStation,
    verbs: keep,
    statusVerbs: ['patch'],
  }),
  deployments: kind({
    resource: deployments,
    selection: labelled,
    project: projectDeployment,
    indexes: { kitchen: keys.kitchenKeys, station: keys.stationKeys },
    concerns: ofChild,
    verbs: keep,
  }),
  services: kind({
    resource: services,
    selection: labelled,
    project: projectService,
    indexes: { kitchen: keys.kitchenKeys },
    concerns: ofChild,
    verbs: keep,
  }),
  /** Also budgets of other people: they may select our pods. */
  budgets: kind({
    resource: podDisruptionBudgets,
    selection: all,
    project: projectBudget,
    indexes: { kitchen: keys.kitchenKeys, loose: keys.looseIn },
    concerns: ofBudget,
    verbs: keep,
  }),
  /** We keep only who owns a ReplicaSet: a Deployment keeps its last eleven, each with a whole template. */
  replicaSets: kind({
    resource: replicaSets,
    selection: { ...labelled, metadataOnly: true },
    project: projectReplicaSet,
    indexes: { station: keys.stationKeys },
    concerns: ofReplicaSet,
    verbs: look,
  }),
  pods: kind({
    resource: pods,
    selection: labelled,
    project: projectPod,
    indexes: {
      station: keys.unlessFailed(keys.stationKeys),
      node: keys.unlessFailed(keys.nodeOf),
      failed: keys.failedKeys,
    },
    concerns: ofPod,
    verbs: [...look, 'patch'],
  }),
  nodes: kind({
    resource: nodes,
    selection: all,
    project: (raw, _: NodeObject | undefined, signs) => projectNode(raw, signs),
    indexes: {},
    concerns: ofNode,
    verbs: ['get', ...look],
  }),
  namespaces: kind({
    resource: namespaces,
    selection: all,
    project: projectNamespace,
    indexes: {},
    concerns: ofNamespace,
    verbs: look,
  }),
  slices: kind({
    resource: endpointSlices,
    selection: labelled,
    project: projectSlice,
    indexes: { station: keys.stationKeys },
    concerns: ofSlice,
    verbs: look,
  }),
  autoscalers: kind({
    resource: horizontalPodAutoscalers,
    selection: all,
    project: projectAutoscaler,
    indexes: { target: keys.targetKeys, deployment: keys.scaledDeployments },
    concerns: ofAutoscaler,
    verbs: look,
  }),
  /** A kubelet renews the Lease that has the name of its node. Leases are watched only to find suspect nodes. */
  leases: kind({
    resource: leases,
    selection: all,
    onlyIn: 'kube-node-lease',
    project: projectLease,
    indexes: {},
    concerns: () => nobody,
    verbs: look,
  }),
  /** Policies of other people may keep hubs from our pods. They are watched only where there are hubs. */
  policies: kind({
    resource: networkPolicies,
    selection: all,
    project: projectPolicy,
    indexes: { namespace: keys.namespaceOf },
    concerns: ofPolicy,
    verbs: look,
  }),
};

export type KindName = keyof typeof kinds;

/** Names of all kinds. */
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** The kinds that are watched besides where there are hubs. */
export const hubKindNames: readonly KindName[] = ['policies'];

/** The kinds that are always watched. */
export const usualKindNames = kindNames.filter((name) => name !== 'leases' && !hubKindNames.includes(name));

/** Kinds whose objects belong to a Kitchen, in the order in which the objects of a removed station are deleted. */
export const childKindNames = kindNames.filter((name) => 'kitchen' in kinds[name].indexes) as readonly ChildKindName[];

type ChildKindName = {
  readonly [Name in KindName]: (typeof kinds)[Name] extends Kind<infer T, infer Index>
    ? [T, 'kitchen'] extends [ChildObject, Index]
      ? Name
      : never
    : never;
}[KindName];

/** The row of a kind. Use it only with the kind's own store: its functions take that store's objects. */
export function kindNamed(name: KindName): Kind<object, string> {
  return kinds[name] as unknown as Kind<object, string>;
}

function kind<T extends object, Index extends string = never>(row: Kind<T, Index>): Kind<T, Index> {
  return row;
}
