import { defaultedStations } from '../../operator/api/defaults.ts';
import { annotations } from '../../operator/api/labels.ts';
import { stationName } from '../../operator/api/names.ts';
import type { Condition } from '../../operator/api/conditions.ts';
import type { StationStatus } from '../../operator/api/station.ts';
import type { SurvivalStatus } from '../../operator/api/status.ts';
import type { FieldsV1 } from '../../operator/api/kubernetes/object.ts';
import type { ObservedStation, KitchenSnapshot, StationView } from '../../operator/model/kitchenSnapshot.ts';
import type { Json, JsonObject } from '../../operator/api/kubernetes/json.ts';
import { stationIntent } from '../../operator/plan/children/station.ts';
import { aKitchen } from './kitchen.ts';

/** A Kitchen whose stations are not there yet. */
export function aKitchenSnapshot(over: Partial<KitchenSnapshot> = {}): KitchenSnapshot {
  const kitchen = over.kitchen ?? aKitchen();
  const stations = kitchen.spec.stations.map(({ name }) => aDeclaredView({ name }));
  return { kitchen, stations, undeclared: [], ...over };
}

export function aDeclaredView(over: Partial<ObservedStation> = {}): ObservedStation {
  return { name: 'grill', object: { state: 'absent' }, rememberedDemand: undefined, autoscalers: [], ...over };
}

/** The Station of a declared station as the operator left it, its demand handed over, Ready. */
export function heldStation(
  kitchen: KitchenSnapshot['kitchen'],
  station: string,
  over: Partial<StationView> & { readonly applied?: number | undefined } = {},
): ObservedStation['object'] {
  const { applied, ...view } = over;
  const spec = defaultedStations(kitchen).find((each) => each.station === station);
  if (spec === undefined) throw new Error(`the Kitchen declares no station ${station}`);
  const { body, name } = stationIntent(kitchen, spec, applied ?? spec.replicas);
  const metadata = body['metadata'] as { readonly annotations: Readonly<Record<string, string>> };
  return {
    state: 'ours',
    name,
    uid: `uid-station-${stationName(kitchen.metadata.name, station)}`,
    resourceVersion: '1',
    intentHash: metadata.annotations[annotations.intent],
    owned: fieldsOf(body),
    replicas: spec.replicas ?? 6,
    demandOwner: 'others',
    generation: 1,
    createdAt: '2026-01-01T00:00:00Z',
    status: aStationStatus(),
    ...view,
  };
}

const survivesOneNode: SurvivalStatus = { pods: 3, nodes: 1, zones: 0, short: 0, lostZones: [] };

export function aStationStatus(over: StationStatus = {}): StationStatus {
  return { observedGeneration: 1, survival: survivesOneNode, conditions: allIsWell, ...over };
}

export function aCondition(type: string, status: Condition['status'], over: Partial<Condition> = {}): Condition {
  return {
    type,
    status,
    reason: 'Because',
    message: `${type} is ${status}`,
    lastTransitionTime: '2026-01-01T00:00:00Z',
    ...over,
  };
}

const allIsWell = [
  aCondition('Ready', 'True'),
  aCondition('Available', 'True'),
  aCondition('Survivable', 'True'),
  aCondition('Progressing', 'False'),
];

/** The conditions of a station that is well, some of them replaced. */
export function conditionsWith(...others: readonly Condition[]): readonly Condition[] {
  return allIsWell.map((each) => others.find(({ type }) => type === each.type) ?? each);
}

/** What a manager owns after it applied this. */
export function fieldsOf(body: JsonObject): FieldsV1 {
  const entries = Object.entries(body).map(
    ([key, value]) => [`f:${key}`, isObject(value) ? fieldsOf(value) : {}] as const,
  );
  return Object.fromEntries(entries);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
