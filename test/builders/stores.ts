import { keyOf } from '../../operator/api/kubernetes/key.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { makeStores } from '../../operator/observe/stores.ts';
import type { Stores, WritableStores } from '../../operator/observe/stores.ts';
import { FakeClock } from './fakeClock.ts';
import { aKitchen, aStation } from './kitchen.ts';

const storeOfKind: Readonly<Record<string, keyof Stores>> = {
  Kitchen: 'kitchens',
  Station: 'stations',
  Deployment: 'deployments',
  PartialObjectMetadata: 'replicaSets',
  Pod: 'pods',
  Node: 'nodes',
  Namespace: 'namespaces',
  Service: 'services',
  PodDisruptionBudget: 'budgets',
  EndpointSlice: 'slices',
  HorizontalPodAutoscaler: 'autoscalers',
  Lease: 'leases',
  NetworkPolicy: 'policies',
};

/** Stores that hold these objects; anything that throws inside a store fails the test. */
export function storesWith(...objects: readonly object[]): WritableStores {
  const stores = makeStores(new FakeClock(), (error) => {
    throw error;
  });
  put(stores, ...objects);
  return stores;
}

/** Stores with the Kitchen `pizzeria`, its Station `pizzeria-grill`, and these objects. */
export function pizzeriaWith(...objects: readonly object[]): WritableStores {
  const kinds = new Set(objects.map((object) => (object as KubeObject).kind));
  return storesWith(
    ...(kinds.has('Kitchen') ? [] : [aKitchen()]),
    ...(kinds.has('Station') ? [] : [aStation()]),
    ...objects,
  );
}

/**
 * Takes objects in as watch events; each must be newer than what is stored under its name. The ReplicaSet that a pod names has
 * been heard of by then.
 */
export function put(stores: WritableStores, ...objects: readonly object[]): void {
  for (const object of objects as readonly KubeObject[]) {
    storeFor(stores, object).changed(object);
    const set = replicaSetOf(object);
    if (set !== undefined && stores.replicaSets.get(keyOf(set.metadata)) === undefined) stores.replicaSets.changed(set);
  }
}

/** The ReplicaSet that controls a pod, controlled by the Deployment that its name begins with. */
function replicaSetOf({ kind, metadata }: KubeObject): KubeObject | undefined {
  const owner = metadata.ownerReferences?.find((each) => each.kind === 'ReplicaSet');
  if (kind !== 'Pod' || owner === undefined) return undefined;
  const { name, uid } = owner;
  const { namespace = '', labels = {}, resourceVersion = '' } = metadata;
  const deployment = name.slice(0, name.lastIndexOf('-'));
  const controller = { ...owner, kind: 'Deployment', name: deployment, uid: `uid-${deployment}` };
  return { metadata: { name, namespace, uid, labels, resourceVersion, ownerReferences: [controller] } };
}

/** Takes in that objects were deleted. */
export function drop(stores: WritableStores, ...objects: readonly object[]): void {
  for (const object of objects as readonly KubeObject[]) storeFor(stores, object).deleted(object);
}

function storeFor(stores: WritableStores, { kind = '' }: KubeObject): WritableStores[keyof Stores] {
  const name = storeOfKind[kind];
  if (name === undefined) throw new TypeError(`no store holds objects of kind ${JSON.stringify(kind)}`);
  return stores[name];
}
