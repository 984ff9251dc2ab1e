/*
 * What a pod template asks of the scheduler and of quotas, and what a newer one asks beyond the one before. It tells a bad
 * template from want of room without reading anybody's words: where a new template asks for nothing else and nothing more, a
 * pod of the old one would find no place either; where it does, the old one's pods run and its own do not.
 *
 *   beyond = fields that ask for what they did not, and resources of which it wants more (with how much the old one wanted)
 *
 * The hard part is that the template which runs carries the API server's defaults, and the new one what its user wrote: each
 * field is compared with its default filled in. What only loosens (a toleration more, a smaller request) asks for nothing.
 */
import type { Beyond } from '../model/child.ts';
import type { Json, JsonObject } from '../api/kubernetes/json.ts';
import { canonicalJson } from '../api/hash.ts';
import { isObject, listAt, objectAt } from './children/json.ts';
import { quantityOf } from '../api/kubernetes/quantity.ts';

/** What the pods of `after` ask that those of `before` did not; both are whole pod templates of one zone. */
export function asksBeyond(before: JsonObject, after: JsonObject): Beyond {
  const [old, young] = [objectAt(before, 'spec'), objectAt(after, 'spec')];
  const [oldAsks, youngAsks] = [asksOf(old), asksOf(young)];
  const fields = Object.keys(youngAsks).filter((field) => {
    const had = new Set(oldAsks[field]);
    return youngAsks[field]?.some((ask) => !had.has(ask)) === true;
  });
  const had = resourcesOf(old);
  const more = [...resourcesOf(young)].filter(([resource, amount]) => amount > (had.get(resource) ?? 0));
  return Object.fromEntries([
    ...fields.map((field) => [field, 0] as const),
    ...(isUntolerating(old, young) ? [['tolerations', 0] as const] : []),
    ...more.map(([resource]) => [resource, had.get(resource) ?? 0] as const),
  ]);
}

/** Whether one of the two may find a node where the other finds none. */
export function asksElse(one: JsonObject, other: JsonObject): boolean {
  return [asksBeyond(one, other), asksBeyond(other, one)].some((beyond) => askedOfScheduler(beyond).length > 0);
}

/** What of that the scheduler looks at: limits are a matter of quotas alone. */
export function askedOfScheduler(beyond: Beyond): readonly string[] {
  return Object.keys(beyond).filter((name) => !name.startsWith('limits.'));
}

/** Who schedules a template's pods, and what holds them back from it. */
export function schedulerOf(template: JsonObject): { readonly name: string; readonly gates: readonly string[] } {
  const spec = objectAt(template, 'spec');
  const name = spec['schedulerName'];
  return {
    name: typeof name === 'string' && name !== '' ? name : DEFAULT_SCHEDULER,
    gates: namesAt(spec, 'schedulingGates'),
  };
}

const DEFAULT_SCHEDULER = 'default-scheduler';

/** What limits the nodes that a pod may go to, field by field, each in parts that a newer template may add to. */
function asksOf(spec: JsonObject): Readonly<Record<string, readonly string[]>> {
  const { name, gates } = schedulerOf({ spec });
  const required = (kind: string): readonly Json[] => {
    const rule = objectAt(objectAt(spec, 'affinity'), kind)['requiredDuringSchedulingIgnoredDuringExecution'];
    return rule === undefined || rule === null ? [] : Array.isArray(rule) ? (rule as readonly Json[]) : [rule];
  };
  const spread = listAt(spec, 'topologySpreadConstraints').filter(
    (constraint) => isObject(constraint) && constraint['whenUnsatisfiable'] !== 'ScheduleAnyway',
  );
  return {
    schedulerName: [name],
    schedulingGates: gates,
    nodeSelector: Object.entries(objectAt(spec, 'nodeSelector')).map(canonicalJson),
    affinity: ['nodeAffinity', 'podAffinity', 'podAntiAffinity'].flatMap(required).map(canonicalJson),
    topologySpreadConstraints: spread.map(canonicalJson),
    hostPorts: containersOf(spec).flatMap((container) => hostPortsOf(spec, container)),
    volumes: listAt(spec, 'volumes').filter(isClaim).map(canonicalJson),
    resourceClaims: listAt(spec, 'resourceClaims').map(canonicalJson),
    ...texts(spec, 'nodeName', 'runtimeClassName', 'priorityClassName'),
  };
}

function texts(spec: JsonObject, ...fields: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    fields.map((field) => {
      const value = spec[field];
      return [field, typeof value === 'string' && value !== '' ? [value] : []];
    }),
  );
}

/** On the host's network each port of a container is one of the host's. */
function hostPortsOf(spec: JsonObject, container: JsonObject): readonly string[] {
  const isHost = spec['hostNetwork'] === true;
  return listAt(container, 'ports')
    .filter(isObject)
    .flatMap(({ hostPort, containerPort, protocol }) => {
      const port = hostPort ?? (isHost ? containerPort : undefined);
      return port === undefined ? [] : [`${JSON.stringify(port)}/${typeof protocol === 'string' ? protocol : 'TCP'}`];
    });
}

/** A volume that some node may not reach, or that is still to be made. */
function isClaim(volume: Json): boolean {
  return isObject(volume) && ('persistentVolumeClaim' in volume || 'ephemeral' in volume);
}

function isUntolerating(old: JsonObject, young: JsonObject): boolean {
  const kept = new Set(listAt(young, 'tolerations').map(canonicalJson));
  return listAt(old, 'tolerations').some((toleration) => !kept.has(canonicalJson(toleration)));
}

/** `requests.cpu`, `limits.memory` … of a whole pod, in base units: all containers at once, or the hungriest that runs before them. */
function resourcesOf(spec: JsonObject): ReadonlyMap<string, number> {
  const inits = listAt(spec, 'initContainers').filter(isObject);
  const sidecars = inits.filter((container) => container['restartPolicy'] === 'Always');
  const sum = new Map<string, number>();
  for (const container of [...listAt(spec, 'containers').filter(isObject), ...sidecars]) {
    for (const [name, amount] of amountsOf(container)) sum.set(name, (sum.get(name) ?? 0) + amount);
  }
  for (const container of inits) {
    for (const [name, amount] of amountsOf(container)) sum.set(name, Math.max(sum.get(name) ?? 0, amount));
  }
  return sum;
}

/** A request that is left out is as large as the limit. */
function amountsOf(container: JsonObject): readonly (readonly [string, number])[] {
  const resources = objectAt(container, 'resources');
  const limits = objectAt(resources, 'limits');
  const named = (kind: string, amounts: JsonObject): readonly (readonly [string, number])[] =>
    Object.entries(amounts).map(
      ([name, amount]) => [`${kind}.${name}`, quantityOf(amount as string | number)] as const,
    );
  return [...named('requests', { ...limits, ...objectAt(resources, 'requests') }), ...named('limits', limits)];
}

function containersOf(spec: JsonObject): readonly JsonObject[] {
  return [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')].filter(isObject);
}

function namesAt(spec: JsonObject, key: string): readonly string[] {
  return listAt(spec, key).flatMap((item) =>
    isObject(item) && typeof item['name'] === 'string' ? [item['name']] : [],
  );
}
