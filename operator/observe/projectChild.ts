import { annotations, fieldManagers, labels } from '../api/labels.ts';
import type { Station } from '../api/station.ts';
import { ownedFields } from '../api/kubernetes/managedFields.ts';
import type { KubeObject, ManagedFieldsEntry } from '../api/kubernetes/object.ts';
import { finalizersOf } from './finalizers.ts';
import { kept, keptWithStatus } from './kept.ts';
import { reuse, reuseWhole } from './share.ts';
import type {
  BudgetObject,
  ChildObject,
  DeploymentObject,
  LabelSelector,
  ServiceObject,
  StationObject,
} from './objects.ts';
import type { DemandOwner } from '../model/kitchenSnapshot.ts';
import { rolloutNotes } from './station/rolloutNotes.ts';
import type { ServicePort } from '../model/child.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';

interface RawDeploymentCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface RawDeployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly paused?: boolean;
    readonly strategy?: {
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
    readonly template?: JsonObject;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly conditions?: readonly RawDeploymentCondition[];
  };
}

type RawServicePort = Pick<ServicePort, 'port'> & Partial<ServicePort>;

interface RawService extends KubeObject {
  readonly spec?: {
    readonly ports?: readonly RawServicePort[] | null;
    readonly selector?: Readonly<Record<string, string>> | null;
  };
}

interface RawBudget extends KubeObject {
  readonly spec: { readonly minAvailable?: number | string; readonly selector?: LabelSelector };
  readonly status?: { readonly observedGeneration?: number; readonly currentHealthy?: number };
}

/** A Deployment with what we noted on it. */
export function projectDeployment(raw: KubeObject, before?: DeploymentObject): DeploymentObject {
  const object = kept(raw as RawDeployment, before?.live);
  const { metadata, spec, status } = object;
  const noted = metadata.annotations ?? {};
  return {
    ...childParts(raw, object, before),
    generation: metadata.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    replicas: spec.replicas ?? 1,
    madeReplicas: status?.replicas ?? 0,
    updatedReplicas: status?.updatedReplicas ?? 0,
    minReadySeconds: spec.minReadySeconds ?? 0,
    maxSurge: spec.strategy?.rollingUpdate?.maxSurge ?? 0,
    maxUnavailable: spec.strategy?.rollingUpdate?.maxUnavailable ?? 0,
    progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
    paused: spec.paused === true,
    replicaFailure: replicaFailure(status?.conditions),
    timesTold: countIn(noted[annotations.timesTold]) ?? 0,
    progressFailed: hasProgressFailed(status?.conditions),
    notes: reuse(before?.notes, rolloutNotes(noted)),
    zone: noted[annotations.zone],
    zones: reuse(before?.zones, namesIn(noted[annotations.zones])),
    demand: countIn(noted[annotations.demand]),
    templateHash: noted[annotations.template],
    defaults: noted[annotations.defaults],
    template: spec.template ?? {},
  };
}

/** A Service of ours. */
export function projectService(raw: KubeObject, before?: ServiceObject): ServiceObject {
  const object = kept(raw as RawService, before?.live);
  const ports = reuse(before?.ports, (object.spec?.ports ?? []).map(servicePort));
  const selects = Object.keys(object.spec?.selector ?? {}).length > 0;
  return { ...childParts(raw, object, before), ports, ...(selects ? { selects } : {}) };
}

function servicePort({
  name = '',
  port,
  protocol = 'TCP',
  targetPort = port,
  appProtocol,
}: RawServicePort): ServicePort {
  return { name, port, protocol, targetPort, ...(appProtocol === undefined ? {} : { appProtocol }) };
}

/** A budget, ours or not. */
export function projectBudget(raw: KubeObject, before?: BudgetObject): BudgetObject {
  const object = kept(raw as RawBudget, before?.live);
  const { metadata, spec, status } = object;
  return {
    ...childParts(raw, object, before),
    generation: metadata.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    minAvailable: typeof spec.minAvailable === 'number' ? spec.minAvailable : undefined,
    currentHealthy: status?.currentHealthy ?? 0,
    selector: spec.selector,
    demand: countIn(metadata.annotations?.[annotations.demand]),
  };
}

/** A whole Station, its `managedFields` reduced to who owns its fields. */
export function projectStation(raw: KubeObject, before?: StationObject): StationObject {
  const object = keptWithStatus(raw as Station, before?.object);
  const { kitchen, station } = object.spec;
  return { ...childParts(raw, object, before), kitchen, station, object, demandOwner: demandOwner(raw) };
}

/** What is kept of any child. */
export function projectChild(raw: KubeObject): ChildObject {
  return childParts(raw, kept(raw), undefined);
}

/** What is kept of any child; `object`: what is kept of the whole object. */
function childParts(raw: KubeObject, object: KubeObject, before: ChildObject | undefined): ChildObject {
  const { metadata } = object;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  return {
    namespace: reuse(before?.namespace, metadata.namespace ?? ''),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    finalizers: finalizersOf(metadata),
    kitchen: reuse(before?.kitchen, metadata.labels?.[labels.kitchen] ?? ''),
    station: reuse(before?.station, metadata.labels?.[labels.station] ?? ''),
    controller:
      controller && reuse(before?.controller, { kind: controller.kind, name: controller.name, uid: controller.uid }),
    intentHash: metadata.annotations?.[annotations.intent],
    owned: reuse(before?.owned, ownedFields(raw, fieldManagers.operator)),
    ...(metadata.labels?.[labels.station] === undefined
      ? {}
      : { live: reuseWhole(before?.live, liveParts(object)), others: reuse(before?.others, othersIn(raw)) }),
  };
}

/** The parts that an intent may ask for, as they are now. */
function liveParts(object: KubeObject): KubeObject {
  const { labels: has = {}, annotations: noted = {}, ownerReferences = [] } = object.metadata;
  const { spec = {} } = object as { readonly spec?: JsonObject };
  return { metadata: { labels: has, annotations: noted, ownerReferences }, spec } as KubeObject;
}

/** The other managers that own fields outside the status, and these fields. */
function othersIn({ metadata }: KubeObject): readonly ManagedFieldsEntry[] {
  return (metadata.managedFields ?? [])
    .filter(({ manager, subresource }) => manager !== fieldManagers.operator && subresource !== 'status')
    .map(({ manager = '', subresource = '', fieldsV1 = {} }) => ({ manager, subresource, fieldsV1 }));
}

function demandOwner(raw: KubeObject): DemandOwner {
  const owners = (raw.metadata.managedFields ?? []).filter(
    ({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
  );
  if (owners.length === 0) return 'nobody';
  const alone = owners.every(
    ({ manager, operation, subresource }) =>
      manager === fieldManagers.operator && operation === 'Apply' && (subresource ?? '') === '',
  );
  return alone ? 'operator' : 'others';
}

function hasProgressFailed(conditions: readonly RawDeploymentCondition[] = []): boolean {
  return conditions.some(
    ({ type, status, reason }) => type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded',
  );
}

function replicaFailure(conditions: readonly RawDeploymentCondition[] | undefined): string | undefined {
  const failure = conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  // Each attempt names another pod: without the random end of its name the message stays the same.
  return failure && (failure.message ?? 'ReplicaFailure').replace(/^(pods "[^"]+?)-([a-z0-9]{5})?"/, '$1"');
}

/** The texts of a JSON list; none when a person made it something else. */
function namesIn(list: string | undefined): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(list ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
