/*
 * The user's pod template as a zone's Deployment runs it: tied to the zone, labelled, with defaults the user left open.
 *
 * An upgrade of the operator must replace no pod, so defaults carry a version: a Deployment keeps the version it was made
 * with until its user changes the template, and every version ever released stays in the table below.
 */
import type { Json, JsonObject } from '../../observe/snapshot.ts';
import type { ZoneName } from '../../api/zone.ts';
import { ANYWHERE, UNZONED, ZONE_LABEL } from '../../api/zone.ts';
import { annotations, stationSelector, zoneSelector } from '../../api/labels.ts';
import { hashOf } from '../../api/hash.ts';

/** What a pod template is built for. */
export interface TemplatePlace {
  readonly kitchen: string;
  readonly station: string;
  readonly zone: ZoneName;
}

/** A template as it goes into a Deployment, and where it came from. */
export interface BuiltTemplate {
  readonly body: JsonObject;
  /** Hash of what the user wrote (and when they asked for a restart); defaults are not in it. */
  readonly hash: string;
  readonly defaults: string;
}

type Defaults = (spec: JsonObject, place: TemplatePlace) => JsonObject;

const defaultsByVersion: Readonly<Record<string, Defaults>> = { v1: spreadOverNodes };

/** The version that new templates get. */
export const NEWEST_DEFAULTS = 'v1';

/** The user's template with the time of the last asked-for restart in it, and their common hash. */
export function userTemplate(
  template: JsonObject,
  restartedAt: string | undefined,
): { body: JsonObject; hash: string } {
  const body = restartedAt === undefined ? template : withAnnotation(template, annotations.restartedAt, restartedAt);
  return { body, hash: hashOf(body) };
}

/** The template for one zone; an unknown version of defaults (written by a newer operator) is taken as the newest known. */
export function builtTemplate(
  user: { readonly body: JsonObject; readonly hash: string },
  place: TemplatePlace,
  defaults: string = NEWEST_DEFAULTS,
): BuiltTemplate {
  const lay = defaultsByVersion[defaults] ?? spreadOverNodes;
  const metadata = objectAt(user.body, 'metadata');
  const labels = { ...objectAt(metadata, 'labels'), ...zoneSelector(place.kitchen, place.station, place.zone) };
  const spec = tiedToZone(lay(objectAt(user.body, 'spec'), place), place.zone);
  return { body: { metadata: { ...metadata, labels }, spec }, hash: user.hash, defaults };
}

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

/** Node selector terms are alternatives, so each of them must name the zone. */
function tiedToZone(spec: JsonObject, zone: ZoneName): JsonObject {
  if (zone === ANYWHERE) return spec;
  const affinity = objectAt(spec, 'affinity');
  const nodeAffinity = objectAt(affinity, 'nodeAffinity');
  const required = objectAt(nodeAffinity, 'requiredDuringSchedulingIgnoredDuringExecution');
  const terms = listAt(required, 'nodeSelectorTerms').filter(isObject);
  const inZone: JsonObject =
    zone === UNZONED
      ? { key: ZONE_LABEL, operator: 'DoesNotExist' }
      : { key: ZONE_LABEL, operator: 'In', values: [zone] };
  const nodeSelectorTerms = (terms.length === 0 ? [{}] : terms).map((term) =>
    withField(term, 'matchExpressions', [...listAt(term, 'matchExpressions'), inZone]),
  );
  const requiredDuringSchedulingIgnoredDuringExecution = { ...required, nodeSelectorTerms };
  return {
    ...spec,
    affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution } },
  };
}

function withAnnotation(template: JsonObject, key: string, value: string): JsonObject {
  const metadata = objectAt(template, 'metadata');
  return {
    ...template,
    metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), [key]: value } },
  };
}

function withField(parent: JsonObject, key: string, value: Json): JsonObject {
  return { ...parent, [key]: value };
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function listAt(parent: JsonObject, key: string): readonly Json[] {
  const value = parent[key];
  return Array.isArray(value) ? value : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
