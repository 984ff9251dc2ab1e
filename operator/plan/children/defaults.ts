/*
 * What a pod template gets where its user left something open. Defaults carry a version, which each Deployment keeps, and
 * every version ever released stays in this table: without it an upgrade of the operator would replace pods.
 */
import type { JsonObject } from '../../observe/snapshot.ts';
import type { ZoneName } from '../../api/zone.ts';
import { stationSelector } from '../../api/labels.ts';
import { isObject, listAt } from './json.ts';

/** What a pod template is built for. */
export interface TemplatePlace {
  readonly kitchen: string;
  readonly station: string;
  readonly zone: ZoneName;
}

/** Lays the defaults of one version over a pod's spec. */
export type Defaults = (spec: JsonObject, place: TemplatePlace) => JsonObject;

/** The version that new templates get. */
export const NEWEST_DEFAULTS = 'v1';

/** Every version ever released. */
export const defaultsByVersion: Readonly<Record<string, Defaults>> &
  Readonly<Record<typeof NEWEST_DEFAULTS, Defaults>> = { v1: spreadOverNodes };

/**
 * Spread over nodes unless the user says how. Without `matchLabelKeys` a rollout counts old pods too, and three pods
 * drift from (1,1,1) to (2,1,0) at every one.
 */
function spreadOverNodes(spec: JsonObject, place: TemplatePlace): JsonObject {
  const own = listAt(spec, 'topologySpreadConstraints');
  const topologyKey = 'kubernetes.io/hostname';
  if (own.some((constraint) => isObject(constraint) && constraint['topologyKey'] === topologyKey)) return spec;
  const constraint = {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    nodeTaintsPolicy: 'Honor',
    matchLabelKeys: ['pod-template-hash'],
    labelSelector: { matchLabels: stationSelector(place.kitchen, place.station) },
  };
  return { ...spec, topologySpreadConstraints: [...own, constraint] };
}
