import { labels } from '../api/labels.ts';
import type { Selection } from '../kube/client.ts';
import {
  deployments,
  endpointSlices,
  horizontalPodAutoscalers,
  leases,
  namespaces,
  nodes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  services,
} from '../kube/resource.ts';
import type { Resource, Scope } from '../kube/resource.ts';
import type { ReadStore, StoreFeed } from '../kube/store.ts';
import { kitchens, stations } from './resources.ts';
import type { Stores, WritableStores } from './stores.ts';

/** What one reflector follows, and the store that it fills. */
export interface Watched {
  readonly of: Scope;
  readonly selection: Selection;
  readonly store: StoreFeed<unknown> & Pick<ReadStore<object>, 'name' | 'synced' | 'lastHeardMs'>;
}

/** Pods and the like of other people are never sent to us. EndpointSlices copy the labels of their Service. */
const ours: Selection = { labelSelector: labels.station };
const all: Selection = {};

/** The kubelet of a node renews the Lease of its name here. */
export const nodeLeases = { resource: leases, namespace: 'kube-node-lease' } as const;

type Usual = Exclude<keyof Stores, 'leases'>;

const sources: { readonly [Name in Usual]: { readonly resource: Resource; readonly selection: Selection } } = {
  kitchens: { resource: kitchens, selection: all },
  stations: { resource: stations, selection: all },
  deployments: { resource: deployments, selection: ours },
  // Of these only whose they are is read: a Deployment keeps its last eleven, each with a whole template.
  replicaSets: { resource: replicaSets, selection: { ...ours, metadataOnly: true } },
  pods: { resource: pods, selection: ours },
  nodes: { resource: nodes, selection: all },
  namespaces: { resource: namespaces, selection: all },
  services: { resource: services, selection: ours },
  budgets: { resource: podDisruptionBudgets, selection: all },
  slices: { resource: endpointSlices, selection: ours },
  autoscalers: { resource: horizontalPodAutoscalers, selection: all },
};

/** Everything to follow, in the whole cluster or in one namespace; nodes and namespaces are always those of the cluster. */
export function watched(stores: WritableStores, namespace?: string): readonly Watched[] {
  const names = Object.keys(sources) as Usual[];
  return names.map((name) => {
    const { resource, selection } = sources[name];
    const of = namespace === undefined || !resource.namespaced ? { resource } : { resource, namespace };
    return { of, selection, store: stores[name] };
  });
}

/** The Leases of nodes, which are those of the cluster too. */
export function watchedLeases({ leases: store }: Pick<WritableStores, 'leases'>): Watched {
  return { of: nodeLeases, selection: all, store };
}
