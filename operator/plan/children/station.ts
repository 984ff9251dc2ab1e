import { stations } from '../../api/resources.ts';
import { firstDemand } from '../../api/defaults.ts';
import type { DefaultedStation } from '../../api/defaults.ts';
import { hashOf } from '../../api/hash.ts';
import type { Kitchen } from '../../api/kitchen.ts';
import { annotations, API_VERSION, childLabels } from '../../api/labels.ts';
import { stationName } from '../../api/names.ts';
import type { ObservedStation, StationView } from '../../model/kitchenSnapshot.ts';
import type { JsonObject } from '../../api/kubernetes/json.ts';
import type { Intent } from '../../model/intent.ts';

/** The whole of a Station. Without a demand, that field is left to its owners. */
export function stationIntent(kitchen: Kitchen, station: DefaultedStation, demand: number | undefined): Intent {
  const { name: owner, namespace = '', uid = '' } = kitchen.metadata;
  const { replicas: _, ...declared } = station;
  const spec = { ...declared, ...(demand === undefined ? {} : { replicas: demand }) } as unknown as JsonObject;
  const about = {
    labels: childLabels(owner, station.station),
    ownerReferences: [
      { apiVersion: API_VERSION, kind: 'Kitchen', name: owner, uid, controller: true, blockOwnerDeletion: true },
    ],
  };
  const name = stationName(owner, station.station);
  const metadata = { name, namespace, ...about, annotations: { [annotations.intent]: hashOf({ ...about, spec }) } };
  const body: JsonObject = { apiVersion: API_VERSION, kind: 'Station', metadata, spec };
  return { resource: stations, name, namespace, resourceVersion: undefined, body };
}

/** The demand that belongs in the intent; undefined once another field manager owns the field. */
export function demandToApply(
  { object, rememberedDemand }: ObservedStation,
  spec: DefaultedStation,
): number | undefined {
  if (spec.replicas !== undefined) return spec.replicas;
  const live = object.state === 'ours' ? object : undefined;
  if (live?.demandOwner === 'others' && live.replicas !== undefined) return undefined;
  return live?.replicas ?? rememberedDemand ?? firstDemand(spec);
}

/** What the second field manager applies: the demand that is there, for this very object, so that it never makes a new one. */
export function demandHandover(kitchen: Kitchen, { name, uid, replicas }: StationView): Intent {
  const { namespace = '' } = kitchen.metadata;
  const body: JsonObject = {
    apiVersion: API_VERSION,
    kind: 'Station',
    metadata: { name, namespace, uid },
    spec: replicas === undefined ? {} : { replicas },
  };
  return { resource: stations, name, namespace, resourceVersion: undefined, body };
}
