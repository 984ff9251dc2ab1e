/*
 * Asks: lists what a new pod template asks of the scheduler and of quotas that the template before it did not.
 *
 *   beyond = fields that ask for something new, and resources of which it wants more (with the amount the old one wanted)
 *
 * This tells a bad template from a lack of room without reading any message. If the new template asks for nothing else
 * and nothing more, a pod of the old one would find no place either. If it does ask for more, the old pods run and the
 * new ones do not.
 *
 * Hard part: the template that runs carries the API server's defaults, and the new one only what the user wrote. So
 * each field is compared with its default filled in. What only loosens (one more toleration, a smaller request) asks
 * for nothing.
 *
 * Example: a new template asks for 8 CPUs instead of 1, and its pods find no node. It asks for more, so it is at fault.
 * If only the image had changed, the cluster would be full for both.
 */
import { isObject } from '../../../api/kubernetes/json.ts';
import type { Beyond } from '../../../model/child.ts';
import type { Json, JsonObject } from '../../../api/kubernetes/json.ts';
import { canonicalJson } from '../../../api/hash.ts';
import { listAt, objectAt } from '../../children/json.ts';
import { quantityOf } from '../../../api/kubernetes/quantity.ts';

/** What pods of `after` ask for that pods of `before` did not; both are whole pod templates of one zone. */
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

/** Whether a pod of one template may find a node where a pod of the other finds none. */
export function asksElse(one: JsonObject, other: JsonObject): boolean {
  return [asksBeyond(one, other), asksBeyond(other, one)].some((beyond) => askedOfScheduler(beyond).length > 0);
}

/** The part of it that the scheduler looks at; only quotas look at limits. */
export function askedOfScheduler(beyond: Beyond): readonly string[] {
  return Object.keys(beyond).filter((name) => !name.startsWith('limits.'));
}

/** The scheduler of a template's pods, and the gates that keep it from placing them. */
export function schedulerOf(template: JsonObject): { readonly name: string; readonly gates: readonly string[] } {
  const spec = objectAt(template, 'spec');
  const name = spec['schedulerName'];
  return {
    name: typeof name === 'string' && name !== '' ? name : DEFAULT_SCHEDULER,
    gates: namesAt(spec, 'schedulingGates'),
  };
}

const DEFAULT_SCHEDULER = 'default-scheduler';

/** What limits the nodes that a pod may go to. Each field is a list of parts, so that a newer template can add one. */
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

/** With `hostNetwork`, each port of a container takes that port of the node. */
function hostPortsOf(spec: JsonObject, container: JsonObject): readonly string[] {
  const isHost = spec['hostNetwork'] === true;
  return listAt(container, 'ports')
    .filter(isObject)
    .flatMap(({ hostPort, containerPort, protocol }) => {
      const port = hostPort ?? (isHost ? containerPort : undefined);
      return port === undefined ? [] : [`${JSON.stringify(port)}/${typeof protocol === 'string' ? protocol : 'TCP'}`];
    });
}

/** A volume that some nodes may not reach, or that must still be made. */
function isClaim(volume: Json): boolean {
  return isObject(volume) && ('persistentVolumeClaim' in volume || 'ephemeral' in volume);
}

function isUntolerating(old: JsonObject, young: JsonObject): boolean {
  const kept = new Set(listAt(young, 'tolerations').map(canonicalJson));
  return listAt(old, 'tolerations').some((toleration) => !kept.has(canonicalJson(toleration)));
}

/**
 * `requests.cpu`, `limits.memory` … of a whole pod, in base units: the sum over the containers that run together, or
 * the largest init container that runs before them, if that is more.
 */
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

/** A missing request is as large as the limit. */
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
