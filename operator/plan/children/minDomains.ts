/*
 * Min domains: leaves `minDomains` on the zone key out of a user's topologySpreadConstraints.
 *
 * Each zone has a Deployment of its own, whose pods know only that zone. When 3 domains are asked for and there is one,
 * the scheduler takes the others for empty and admits only `maxSkew` pods in the zone. The placement spreads pods over
 * zones anyway.
 *
 * Hard part: an upgrade must replace no pod. So a Deployment that was made with `minDomains` keeps it, until one of
 * them has a pod that finds no room, which is what the constraint does. From then on, and as soon as one runs without
 * it, the template without it is the wanted one.
 *
 * Example: `minDomains: 3` with `maxSkew: 1` admits one pod in each zone. Without it zone-a gets its 3 pods.
 */
import { isObject } from '../../api/kubernetes/json.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { DeploymentView } from '../../model/child.ts';
import type { Json, JsonObject } from '../../api/kubernetes/json.ts';
import { NO_ROOM_MS } from '../../model/thresholds.ts';
import { ZONE_LABEL } from '../../api/zone.ts';
import { listAt, objectAt } from './json.ts';
import { userTemplate } from './template.ts';
import type { UserTemplate } from './template.ts';

/** The template that the user wants now, as zones can run it one by one, with the hash by which it is known. */
export function wantedTemplate({ station, restartedAt, zones }: Snapshot): UserTemplate {
  const asWritten = userTemplate(station.spec.template, restartedAt);
  if (!hasMinDomains(station.spec.template)) return asWritten;
  const without = userTemplate(withoutMinDomains(station.spec.template), restartedAt);
  const running = zones.flatMap((zone) =>
    zone.deployment.state === 'ours' ? [{ ...zone, runs: zone.deployment }] : [],
  );
  const runs =
    (hash: string) =>
    ({ runs: { templateHash } }: { readonly runs: DeploymentView }): boolean =>
      templateHash === hash;
  const old = running.filter(runs(asWritten.hash));
  const isStuck = old.some(({ pods }) => pods.some(({ unschedulable }) => (unschedulable?.ageMs ?? 0) >= NO_ROOM_MS));
  return old.length === 0 || isStuck || running.some(runs(without.hash)) ? without : asWritten;
}

/** Whether the user's template runs without something that the user wrote. */
export function isAdjusted(snapshot: Snapshot): boolean {
  const asWritten = userTemplate(snapshot.station.spec.template, snapshot.restartedAt);
  return wantedTemplate(snapshot).hash !== asWritten.hash;
}

function hasMinDomains(template: JsonObject): boolean {
  return listAt(objectAt(template, 'spec'), 'topologySpreadConstraints').some(isOverZones);
}

/** Adjusted templates by the template they were made from: an object that is used again has its hash known. */
const adjusted = new WeakMap<JsonObject, JsonObject>();

function withoutMinDomains(template: JsonObject): JsonObject {
  const known = adjusted.get(template) ?? adjust(template);
  adjusted.set(template, known);
  return known;
}

function adjust(template: JsonObject): JsonObject {
  const spec = objectAt(template, 'spec');
  const constraints = listAt(spec, 'topologySpreadConstraints').map((constraint) => {
    if (!isOverZones(constraint)) return constraint;
    const { minDomains: _, ...kept } = constraint;
    return kept;
  });
  return { ...template, spec: { ...spec, topologySpreadConstraints: constraints } };
}

function isOverZones(constraint: Json): constraint is JsonObject {
  return isObject(constraint) && constraint['topologyKey'] === ZONE_LABEL && 'minDomains' in constraint;
}
