import { annotations, childLabels } from '../../../operator/api/labels.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import type { Json, JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { objectAt } from '../../../operator/plan/children/json.ts';
import { managersOf } from './managers.ts';
import { NOTICE } from './notices.ts';
import type {
  Kinds,
  SimBudget,
  SimDeployment,
  SimKitchen,
  SimNode,
  SimPod,
  SimReplicaSet,
  SimService,
  SimSlice,
  SimStation,
  Stored,
} from './objects.ts';

export const namespace = 'food';
export const kitchen = 'pizzeria';
export const station = 'grill';

/** The Deployment controller's own annotation: which of a Deployment's templates it is. */
const REVISION = 'deployment.kubernetes.io/revision';

export const epochMs = Date.parse('2026-01-02T00:00:00Z');

type Shapes = { readonly [K in keyof Kinds]: (object: Kinds[K]) => KubeObject };

const shapes: Shapes = {
  node: rawNode,
  pod: rawPod,
  replicaSet: rawReplicaSet,
  deployment: rawDeployment,
  budget: rawBudget,
  service: rawService,
  slice: rawSlice,
  station: rawStation,
  kitchen: rawKitchen,
};

const known = new WeakMap<Stored, KubeObject>();

/** A simulated object in the API's own shape. An object never changes, so it is put into that shape once. */
export function rawOf<K extends keyof Kinds>(kind: K, object: Kinds[K]): KubeObject {
  const before = known.get(object);
  if (before !== undefined) return before;
  const raw = shapes[kind](object);
  known.set(object, raw);
  return raw;
}

/** The API writes times in whole seconds. */
function time(ms: number): string {
  return new Date(epochMs + Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function metadata(object: Stored, more: JsonObject = {}): JsonObject {
  return {
    name: object.name,
    namespace,
    uid: object.uid,
    resourceVersion: String(object.version),
    creationTimestamp: time(object.createdMs),
    ...more,
  };
}

/** The labels that a node has in the API server. */
export function labelsOf({ name, zone, pool }: SimNode): Readonly<Record<string, string>> {
  return { 'topology.kubernetes.io/zone': zone, 'kubernetes.io/hostname': name, pool };
}

function rawNode(node: SimNode): KubeObject {
  const taints: Json[] = [];
  if (node.cordoned) {
    const timeAdded = time(node.cordonedMs ?? 0);
    taints.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded });
  }
  for (const key of node.taints) taints.push({ key, effect: 'NoSchedule' });
  if (node.ready === 'False') taints.push({ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' });
  if (node.ready === 'Unknown') taints.push({ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' });
  if (node.noticedMs !== undefined) taints.push({ key: NOTICE, effect: 'NoExecute', timeAdded: time(node.noticedMs) });
  if (node.evictSinceMs !== undefined) taints.push({ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' });
  const { namespace: _, ...about } = metadata(node, {
    labels: labelsOf(node),
    // An autoscaler's taint has no time of its own.
    managedFields: node.taints.length === 0 ? [] : [taintedBy(node.taintedMs ?? 0)],
  });
  return asKubeObject({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: about,
    spec: { unschedulable: node.cordoned, taints },
    status: { conditions: conditionsOf(node) },
  });
}

function taintedBy(ms: number): JsonObject {
  return { manager: 'autoscaler', operation: 'Update', fieldsV1: { 'f:spec': { 'f:taints': {} } }, time: time(ms) };
}

function conditionsOf({ ready, readySinceMs, goingMs }: SimNode): JsonObject[] {
  const isReady = { type: 'Ready', status: ready, lastTransitionTime: time(readySinceMs) };
  if (goingMs === undefined) return [isReady];
  return [isReady, { type: 'DrainInProgress', status: 'True', lastTransitionTime: time(goingMs) }];
}

function rawPod(pod: SimPod): KubeObject {
  const cost = pod.cost === undefined ? {} : { annotations: { [annotations.podDeletionCost]: String(pod.cost) } };
  const deletion = pod.deletingMs === undefined ? {} : { deletionTimestamp: time(pod.deletingMs + 30_000) };
  const ready = { type: 'Ready', status: pod.ready ? 'True' : 'False', lastTransitionTime: time(pod.readySinceMs) };
  const scheduled =
    pod.node === undefined
      ? {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: pod.unschedulable?.message ?? '',
          lastTransitionTime: time(pod.unschedulable?.sinceMs ?? 0),
        }
      : { type: 'PodScheduled', status: 'True', lastTransitionTime: time(pod.boundMs ?? 0) };
  return asKubeObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(pod, {
      labels: { ...pod.labels, ...(pod.hash === '' ? {} : { 'pod-template-hash': pod.hash }) },
      ...controlledBy('ReplicaSet', pod.replicaSet, pod.replicaSetUid),
      ...cost,
      ...deletion,
    }),
    spec: {
      containers: pod.containers,
      ...(pod.node === undefined ? {} : { nodeName: pod.node }),
      tolerations: pod.tolerations ?? [],
    },
    status: {
      phase: pod.failed !== undefined ? 'Failed' : pod.running ? 'Running' : 'Pending',
      ...pod.failed,
      conditions: pod.node === undefined && pod.unschedulable === undefined ? [] : [ready, scheduled],
      ...(pod.waiting === undefined ? {} : { containerStatuses: [waitingContainer(pod.waiting)] }),
    },
  });
}

function rawReplicaSet({ template, hash, ...set }: SimReplicaSet): KubeObject {
  const about = objectAt(template, 'metadata');
  const labels = { ...objectAt(about, 'labels'), 'pod-template-hash': hash };
  return asKubeObject({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: metadata(set, {
      labels,
      annotations: { [REVISION]: String(set.revision) },
      ...controlledBy('Deployment', set.deployment, set.deploymentUid),
    }),
    spec: { template: { ...template, metadata: { ...about, labels } } },
  });
}

function controlledBy(kind: string, name: string, uid: string): JsonObject {
  return name === '' ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid, controller: true }] };
}

function waitingContainer(waiting: NonNullable<SimPod['waiting']>): JsonObject {
  return { name: station, image: '', imageID: '', ready: false, restartCount: 0, started: false, state: { waiting } };
}

function rawDeployment(deployment: SimDeployment): KubeObject {
  const { observedGeneration, replicas, updated, ready, available } = deployment.status;
  const conditions = [...progressing(deployment), ...replicaFailure(deployment)];
  const object = applied(unpausedBy(deployment), {
    observedGeneration,
    replicas,
    updatedReplicas: updated,
    availableReplicas: available,
    readyReplicas: ready,
    ...(conditions.length === 0 ? {} : { conditions }),
  });
  return noted(deployment, withDeletion(deployment.deletingMs, object));
}

function withDeletion(deletingMs: number | undefined, object: KubeObject): KubeObject {
  if (deletingMs === undefined) return object;
  const going = { deletionTimestamp: time(deletingMs), finalizers: ['foregroundDeletion'] };
  return { ...object, metadata: { ...object.metadata, ...going } };
}

/** Who pauses it has that field from then on. */
function unpausedBy(deployment: SimDeployment): SimDeployment {
  if (!deployment.paused) return deployment;
  const { paused: _, ...spec } = deployment.body['spec'] as JsonObject;
  return { ...deployment, body: { ...deployment.body, spec } };
}

/** The Deployment controller's own annotation, and that of ours which is no part of what is applied. */
function noted({ revision, timesTold }: SimDeployment, object: KubeObject): KubeObject {
  const more = {
    ...object.metadata.annotations,
    ...(revision === 0 ? {} : { [REVISION]: String(revision) }),
    ...(timesTold === 0 ? {} : { [annotations.timesTold]: String(timesTold) }),
  };
  return { ...object, metadata: { ...object.metadata, annotations: more } };
}

function progressing({ status: { progress } }: SimDeployment): JsonObject[] {
  if (progress === undefined) return [];
  const { reason, updatedMs } = progress;
  const status = reason === 'ProgressDeadlineExceeded' ? 'False' : 'True';
  const message = `the ReplicaSet: ${reason}`;
  return [{ type: 'Progressing', status, reason, message, lastUpdateTime: time(updatedMs) }];
}

function replicaFailure({ status: { failure: message } }: SimDeployment): JsonObject[] {
  return message === undefined ? [] : [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
}

function rawBudget(budget: SimBudget): KubeObject {
  const { observedGeneration, currentHealthy, desiredHealthy, allowed } = budget.status;
  return applied(budget, { observedGeneration, currentHealthy, desiredHealthy, disruptionsAllowed: allowed });
}

function rawService(service: SimService): KubeObject {
  return applied({ ...service, generation: 0 }, {});
}

function rawSlice(slice: SimSlice): KubeObject {
  const endpoints = slice.endpoints.map((each) => ({
    conditions: { ready: each.ready },
    nodeName: each.node,
    targetRef: { kind: 'Pod', name: each.pod, uid: each.uid },
  }));
  const labels = { ...childLabels(kitchen, station), 'kubernetes.io/service-name': `${kitchen}-${station}` };
  return asKubeObject({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadata(slice, { labels }),
    ports: slice.ports,
    endpoints,
  });
}

function rawStation({ status, ...seen }: SimStation): KubeObject {
  return applied(seen, status);
}

function rawKitchen({ status, body, ...seen }: SimKitchen): KubeObject {
  const said = status === undefined ? {} : { status };
  return asKubeObject({ ...body, metadata: metadata(seen, { generation: seen.generation }), ...said });
}

/** An object that the operator applied: its body, owned field by field, and the status the controllers wrote. */
function applied(
  child: Stored & { readonly generation: number; readonly body: JsonObject; readonly scaledBy?: string | undefined },
  status: JsonObject | undefined,
): KubeObject {
  const { resourceVersion: _, ...about } = child.body['metadata'] as JsonObject & { readonly resourceVersion?: Json };
  const managedFields = managersOf(child.body, child.scaledBy);
  return asKubeObject({
    ...child.body,
    metadata: { ...about, ...metadata(child), generation: child.generation, managedFields },
    ...(status === undefined ? {} : { status }),
  });
}

function asKubeObject(json: JsonObject): KubeObject {
  return json as unknown as KubeObject;
}
