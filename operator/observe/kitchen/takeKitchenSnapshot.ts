import type { Key } from '../../api/kubernetes/key.ts';
import { keyOf } from '../../api/kubernetes/key.ts';
import { childKindNames, kinds } from '../kinds.ts';
import { stationName } from '../../api/names.ts';
import type {
  ObservedStation,
  DoomedObject,
  KitchenSnapshot,
  StationView,
  UndeclaredStation,
} from '../../model/kitchenSnapshot.ts';
import { autoscalersOf } from '../autoscalers.ts';
import type { ChildObject, KitchenObject, StationObject } from '../objects.ts';
import { childOf, childView, stationOwner, takenBy } from '../ownership.ts';
import type { Stores } from '../stores.ts';

/** Takes a snapshot of one Kitchen, by its key `namespace/name`; undefined when it is absent or being deleted. */
export function takeKitchenSnapshot(key: Key, stores: Stores): KitchenSnapshot | undefined {
  const kitchen = stores.kitchens.get(key);
  if (kitchen === undefined || kitchen.deleting) return undefined;
  const names = kitchen.object.spec.stations.map(({ name }) => name);
  return {
    kitchen: kitchen.object,
    stations: names.map((name) => declaredStation(kitchen, name, stores)),
    undeclared: undeclaredStations(kitchen, new Set(names), stores),
  };
}

function declaredStation({ namespace, name, uid }: KitchenObject, station: string, stores: Stores): ObservedStation {
  const owner = stationOwner({ uid, name }, station);
  const key = keyOf({ namespace, name: stationName(name, station) });
  const noted = [stores.budgets.get(key) ?? [], stores.deployments.byIndex('station', key)].flat();
  const demands = noted.flatMap((each) => (takenBy(each, owner) === undefined ? (each.demand ?? []) : []));
  return {
    name: station,
    object: childOf(stores.stations.get(key), owner, stationView),
    // Where two differ, the larger one is safe.
    rememberedDemand: demands.length === 0 ? undefined : Math.max(...demands),
    autoscalers: autoscalersOf({ autoscalers: stores.autoscalers.byIndex('target', key) }).map((each) => each.name),
  };
}

function stationView(station: StationObject): StationView {
  const { spec, status, metadata } = station.object;
  return {
    ...childView(station),
    replicas: spec.replicas,
    demandOwner: station.demandOwner,
    generation: metadata.generation ?? 0,
    createdAt: metadata.creationTimestamp ?? '',
    status,
  };
}

/**
 * Lists what this Kitchen controls for stations that it no longer declares, in the order in which it is to be deleted.
 * Objects without a controller are left alone. The Station comes first, because its next pass would create the other
 * objects again; the budget comes last, because it protects the pods until they are gone.
 */
function undeclaredStations(
  { namespace, name, uid }: KitchenObject,
  declared: ReadonlySet<string>,
  stores: Stores,
): readonly UndeclaredStation[] {
  const key = keyOf({ namespace, name });
  const isDoomed = ({ controller, deleting, station }: ChildObject): boolean =>
    controller?.uid === uid && !deleting && station !== '' && !declared.has(station);
  const doomed = new Map<string, DoomedObject[]>();
  for (const kind of childKindNames) {
    const { resource } = kinds[kind];
    for (const child of stores[kind].byIndex('kitchen', key).filter(isDoomed)) {
      const seen = { resource, name: child.name, uid: child.uid, resourceVersion: child.resourceVersion };
      doomed.set(child.station, [...(doomed.get(child.station) ?? []), seen]);
    }
  }
  return [...doomed]
    .map(([station, objects]) => ({ name: station, objects }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
