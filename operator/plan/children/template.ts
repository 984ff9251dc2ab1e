/*
 * Template: builds the pod template of a zone's Deployment from the user's, tied to the zone, with our labels and the
 * defaults that the user left open.
 *
 * Hard part: an upgrade of the operator must replace no pod. So defaults carry a version, and a Deployment keeps its
 * version until its user changes the template.
 *
 * Example: a template without affinity gets the node affinity `topology.kubernetes.io/zone In (zone-a)` in zone-a.
 */
import { isObject } from '../../api/kubernetes/json.ts';
import type { Json, JsonObject } from '../../api/kubernetes/json.ts';
import type { ZoneName } from '../../api/zone.ts';
import { ANYWHERE, UNZONED, ZONE_LABEL } from '../../api/zone.ts';
import { annotations, labels, zoneSelector } from '../../api/labels.ts';
import { canonicalJson, hashOf } from '../../api/hash.ts';
import { zoneSlug } from '../../api/names.ts';
import { defaultsByVersion, defaultsOfVersion, NEWEST_DEFAULTS } from './defaults.ts';
import type { Defaults, TemplatePlace } from './defaults.ts';
import { listAt, objectAt } from './json.ts';

/** A template as it goes into a Deployment, and where it came from. */
export interface BuiltTemplate {
  readonly body: JsonObject;
  /** Hash of what the user wrote, with the time of the last restart that they asked for. Defaults are not in it. */
  readonly hash: string;
  readonly defaults: string;
}

/** What a user wants to run, and the hash that it is known by. */
export interface UserTemplate {
  readonly body: JsonObject;
  readonly hash: string;
}

/**
 * Templates that were hashed, each with the restart it was hashed with last. One look asks for the hash of the same template tens
 * of times. The object itself is a safe key: nobody changes what lies in a store, and a template that is changed comes from the
 * API server as another object.
 */
const hashed = new WeakMap<JsonObject, UserTemplate & { readonly restartedAt: string | undefined }>();

/** The user's template with the time of the last asked-for restart in it, and their common hash. */
export function userTemplate(template: JsonObject, restartedAt: string | undefined): UserTemplate {
  const known = hashed.get(template);
  if (known !== undefined && known.restartedAt === restartedAt) return known;
  const body = restartedAt === undefined ? template : withAnnotation(template, annotations.restartedAt, restartedAt);
  const made = { body, hash: hashOf(body), restartedAt };
  hashed.set(template, made);
  return made;
}

/**
 * The template for one zone. A version of defaults that is unknown, since a newer operator wrote it, is taken as the
 * newest known.
 */
export function builtTemplate(
  user: UserTemplate,
  where: Omit<TemplatePlace, 'template'>,
  defaults: string = NEWEST_DEFAULTS,
): BuiltTemplate {
  const { lay, labels: more }: Defaults = defaultsOfVersion(defaults) ?? defaultsByVersion[NEWEST_DEFAULTS];
  const place = { ...where, template: user.hash };
  const metadata = objectAt(user.body, 'metadata');
  const labelled = {
    ...objectAt(metadata, 'labels'),
    ...zoneSelector(place.kitchen, place.station, place.zone),
    ...more?.(place),
  };
  const spec = tiedToZone(lay(objectAt(user.body, 'spec'), place), place.zone);
  return { body: { metadata: { ...metadata, labels: labelled }, spec }, hash: user.hash, defaults };
}

/** The template of one zone's Deployment, changed to run in another zone. */
export function movedTemplate(body: JsonObject, from: ZoneName, to: ZoneName): JsonObject {
  const metadata = objectAt(body, 'metadata');
  const moved = { ...objectAt(metadata, 'labels'), [labels.zone]: zoneSlug(to) };
  const spec = tiedToZone(untied(objectAt(body, 'spec'), from), to);
  return { ...body, metadata: { ...metadata, labels: moved }, spec };
}

/** Node selector terms are alternatives, so each of them must name the zone. */
function tiedToZone(spec: JsonObject, zone: ZoneName): JsonObject {
  if (zone === ANYWHERE) return spec;
  const affinity = objectAt(spec, 'affinity');
  const nodeAffinity = objectAt(affinity, 'nodeAffinity');
  const required = objectAt(nodeAffinity, 'requiredDuringSchedulingIgnoredDuringExecution');
  const terms = listAt(required, 'nodeSelectorTerms').filter(isObject);
  const inZone = isInZone(zone);
  const nodeSelectorTerms = (terms.length === 0 ? [{}] : terms).map((term) =>
    withField(term, 'matchExpressions', [...listAt(term, 'matchExpressions'), inZone]),
  );
  const requiredDuringSchedulingIgnoredDuringExecution = { ...required, nodeSelectorTerms };
  return {
    ...spec,
    affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution } },
  };
}

function untied(spec: JsonObject, zone: ZoneName): JsonObject {
  const affinity = objectAt(spec, 'affinity');
  const nodeAffinity = objectAt(affinity, 'nodeAffinity');
  const required = objectAt(nodeAffinity, 'requiredDuringSchedulingIgnoredDuringExecution');
  const tie = canonicalJson(isInZone(zone));
  const nodeSelectorTerms = listAt(required, 'nodeSelectorTerms')
    .filter(isObject)
    .map((term) => {
      const others = listAt(term, 'matchExpressions').filter((expression) => canonicalJson(expression) !== tie);
      return withField(term, 'matchExpressions', others);
    });
  const requiredDuringSchedulingIgnoredDuringExecution = { ...required, nodeSelectorTerms };
  return {
    ...spec,
    affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution } },
  };
}

function isInZone(zone: ZoneName): JsonObject {
  return zone === UNZONED
    ? { key: ZONE_LABEL, operator: 'DoesNotExist' }
    : { key: ZONE_LABEL, operator: 'In', values: [zone] };
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
