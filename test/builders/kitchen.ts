import type { DeclaredStation, Kitchen, KitchenSpec } from '../../operator/api/kitchen.ts';
import { API_VERSION, childLabels } from '../../operator/api/labels.ts';
import { stationName } from '../../operator/api/names.ts';
import type { ObjectMeta, OwnerReference } from '../../operator/api/kubernetes/object.ts';
import type { Station, StationSpec, StationStatus } from '../../operator/api/station.ts';
import type { Survive } from '../../operator/api/survive.ts';

/** Fields of the spec, and of the object around it. */
export type StationParts = Partial<Omit<StationSpec, 'survive'>> & {
  readonly survive?: Partial<Survive>;
  readonly metadata?: Partial<ObjectMeta>;
  readonly status?: StationStatus;
};

export const kitchenUid = 'uid-kitchen-pizzeria';

/** The controller reference that a Kitchen's children carry. */
export function ownedByKitchen(name = 'pizzeria', uid = kitchenUid): OwnerReference {
  return { apiVersion: API_VERSION, kind: 'Kitchen', name, uid, controller: true, blockOwnerDeletion: true };
}

/** Station `pizzeria-grill` in namespace `food`: 6 wanted, one pod may be lost. */
export function aStation(parts: StationParts = {}): Station {
  const { metadata, status, survive, ...spec } = parts;
  const { kitchen = 'pizzeria', station = 'grill' } = spec;
  const name = stationName(kitchen, station);
  return {
    apiVersion: API_VERSION,
    kind: 'Station',
    metadata: {
      name,
      namespace: 'food',
      uid: `uid-station-${name}`,
      resourceVersion: '1',
      generation: 1,
      labels: childLabels(kitchen, station),
      ownerReferences: [ownedByKitchen(kitchen, `uid-kitchen-${kitchen}`)],
      ...metadata,
    },
    spec: {
      kitchen,
      station,
      paused: false,
      replicas: 6,
      ports: [{ port: 80, protocol: 'TCP' }],
      template: { spec: { containers: [{ name: 'grill', image: 'example.org/grill:1' }] } },
      whenNoRoom: 'Block',
      ...spec,
      survive: { pods: 1, nodes: 0, zones: 0, ...survive },
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** One entry of `spec.stations`, without a demand of its own. */
export function aDeclaredStation(over: Partial<DeclaredStation> = {}): DeclaredStation {
  return {
    name: 'grill',
    template: { spec: { containers: [{ name: 'main', image: 'example.org/main:1' }] } },
    ...over,
  };
}

/** Kitchen `pizzeria` in namespace `food` with the one station `grill`. */
export function aKitchen(over: Partial<KitchenSpec> & { readonly metadata?: Partial<ObjectMeta> } = {}): Kitchen {
  const { metadata, ...spec } = over;
  return {
    apiVersion: API_VERSION,
    kind: 'Kitchen',
    metadata: {
      name: 'pizzeria',
      namespace: 'food',
      uid: `uid-kitchen-${metadata?.name ?? 'pizzeria'}`,
      resourceVersion: '1',
      generation: 1,
      ...metadata,
    },
    spec: { stations: [aDeclaredStation()], ...spec },
  };
}
