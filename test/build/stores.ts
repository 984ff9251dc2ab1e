import type { KubeObject } from '../../operator/kube/object.ts';
import { makeStores } from '../../operator/observe/stores.ts';
import type { Stores, WritableStores } from '../../operator/observe/stores.ts';
import { FakeClock } from './fakeClock.ts';
import { aKitchen, aStation } from './kitchen.ts';

const storeOfKind: Readonly<Record<string, keyof Stores>> = {
  Kitchen: 'kitchens',
  Station: 'stations',
  Deployment: 'deployments',
  Pod: 'pods',
  Node: 'nodes',
  Namespace: 'namespaces',
  Service: 'services',
  PodDisruptionBudget: 'budgets',
  EndpointSlice: 'slices',
  HorizontalPodAutoscaler: 'autoscalers',
  Lease: 'leases',
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

/** Takes objects in as watch events; each must be newer than what is stored under its name. */
export function put(stores: WritableStores, ...objects: readonly object[]): void {
  for (const object of objects as readonly KubeObject[]) storeFor(stores, object).changed(object);
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
