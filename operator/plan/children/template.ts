/*
 * Template: builds the pod template of a zone's Deployment. It takes the user's template, ties it to the zone, adds our
 * labels, and sets the defaults for fields that the user left out.
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

/** The template that goes into a Deployment, and what it was made from. */
export interface BuiltTemplate {
  readonly body: JsonObject;
  /** Hash of the user's template, with the time of the last restart that the user asked for, and without defaults. */
  readonly hash: string;
  readonly defaults: string;
}

/** What a user wants to run, and its hash, by which rollouts know it. */
export interface UserTemplate {
  readonly body: JsonObject;
  readonly hash: string;
}

/**
 * A cache of hashed templates, each with the time of the restart that is in its hash. One pass asks for the hash of one
 * template tens of times. The template object itself is a safe key: objects in a store are never changed, and a changed
 * template comes from the API server as another object.
 */
const hashed = new WeakMap<JsonObject, UserTemplate & { readonly restartedAt: string | undefined }>();

/** The user's template with the time of the last requested restart, and the hash of both. */
export function userTemplate(template: JsonObject, restartedAt: string | undefined): UserTemplate {
  const known = hashed.get(template);
  if (known !== undefined && known.restartedAt === restartedAt) return known;
  const body = restartedAt === undefined ? template : withAnnotation(template, annotations.restartedAt, restartedAt);
  const made = { body, hash: hashOf(body), restartedAt };
  hashed.set(template, made);
  return made;
}

/**
 * The template for one zone. If a newer operator wrote a version of the defaults that this one does not know, it uses
 * the newest version that it knows.
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
