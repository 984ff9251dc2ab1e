import { zoneSlug } from './names.ts';
import type { ZoneName } from './zone.ts';

/** The API group of `Kitchen` and `Station`, and the prefix of every label and annotation of ours. */
export const GROUP = 'kitchen.dev';
/** The one version served. */
export const VERSION = 'v1alpha1';
/** `apiVersion` of `Kitchen` and `Station`. */
export const API_VERSION = `${GROUP}/${VERSION}` as const;

/** Label keys on children and on their pods. */
export const labels = {
  /** Name of the Kitchen. */
  kitchen: `${GROUP}/kitchen`,
  /** Name of the station inside its Kitchen. */
  station: `${GROUP}/station`,
  /** Slug of the zone; the exact name is the annotation of the same key. */
  zone: `${GROUP}/zone`,
  /** Pods: hash of the user's template that they were made from; the same as the annotation of the same key. */
  template: `${GROUP}/template`,
  name: 'app.kubernetes.io/name',
  partOf: 'app.kubernetes.io/part-of',
  managedBy: 'app.kubernetes.io/managed-by',
  /** EndpointSlices: the name of their Service, and who keeps them. Both are Kubernetes' own. */
  sliceService: 'kubernetes.io/service-name',
  sliceManagedBy: 'endpointslice.kubernetes.io/managed-by',
} as const;

/** Annotation keys on children, and on pods where it says so. */
export const annotations = {
  /** Deployment: exact name of its zone, `(none)` or `(any)`. */
  zone: `${GROUP}/zone`,
  /** Hash of the intent that was last applied. */
  intent: `${GROUP}/intent`,
  /** Deployment: hash of the user's template that it runs. */
  template: `${GROUP}/template`,
  /** Deployment: version of the defaults that were laid over the user's template. */
  defaults: `${GROUP}/defaults`,
  /** PodDisruptionBudget: the station's demand, for a Station that was deleted and is made again. */
  demand: `${GROUP}/demand`,
  /** Deployment: the station's sticky set of zones, a JSON list of exact names. */
  zones: `${GROUP}/zones`,
  /** Deployment: the loads of its nodes for which evening out was tried last, `3,2,2,0`. */
  evened: `${GROUP}/evened`,
  /** Deployment: what to go back to when the rollout fails, noted as it begins: a JSON object, see `GoodTemplate`. */
  goodTemplate: `${GROUP}/good-template`,
  /** Deployment: hash of the user's template that failed there; no zone tries it again. */
  badTemplate: `${GROUP}/bad-template`,
  /** Deployment: why it failed: a JSON object, see `RolloutFailure`. */
  failure: `${GROUP}/failure`,
  /** Deployment: how often its ReplicaSet was told to try at once to make the pods that were refused. */
  timesTold: `${GROUP}/times-told`,
  /** ConfigMap with the ports on the hubs: uid of the DaemonSet whose hubs no Service is to lead to. */
  bypassed: `${GROUP}/bypassed-hubs`,
  /** Pod template: when a person asked for a restart, RFC 3339. */
  restartedAt: `${GROUP}/restarted-at`,
  /** Pod: an annotation of Kubernetes; a ReplicaSet deletes the pod with the lowest cost first. */
  podDeletionCost: 'controller.kubernetes.io/pod-deletion-cost',
} as const;

/** The lowest deletion cost there is (int32): a ReplicaSet takes a pod that carries it before any other Ready pod. */
export const LOWEST_DELETION_COST = '-2147483648';

/** Field managers of our server-side applies. */
export const fieldManagers = {
  /** Owns the intent of children. */
  operator: 'kitchen-operator',
  /** Owns `spec.replicas` of a Station whose demand an autoscaler or a person sets. */
  demand: 'kitchen-operator-demand',
  /** Owns `spec.replicas` of a Station whose demand follows load. */
  scale: 'kitchen-operator-scale',
  /** Owns status. */
  status: 'kitchen-operator-status',
} as const;

/** A set of labels or annotations. */
export type Labels = Readonly<Record<string, string>>;

/** Labels that select all pods of a station: for its Service and its budget. */
export function stationSelector(kitchen: string, station: string): Labels {
  return { [labels.kitchen]: kitchen, [labels.station]: station };
}

/** Labels that select the pods of a station in one zone: a Deployment's selector, which can never be changed. */
export function zoneSelector(kitchen: string, station: string, zone: ZoneName): Labels {
  return { ...stationSelector(kitchen, station), [labels.zone]: zoneSlug(zone) };
}

/** Labels of every child of a station. */
export function childLabels(kitchen: string, station: string): Labels {
  return {
    ...stationSelector(kitchen, station),
    [labels.name]: station,
    [labels.partOf]: kitchen,
    [labels.managedBy]: fieldManagers.operator,
  };
}

/** A set of labels as the selector text of the API: `a=b,c=d`, sorted by key. */
export function selectorText(selector: Labels): string {
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return pairs.toSorted().join(',');
}
