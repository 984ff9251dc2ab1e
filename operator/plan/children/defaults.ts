/*
 * Defaults: what a pod template gets where its user left something open.
 *
 * Hard part: an upgrade of the operator must replace no pod. So defaults carry a version, each Deployment keeps its
 * version, and every version ever released stays in this table.
 *
 * Example: a Deployment made with v2 keeps v2 after an upgrade. When its user changes the template, it gets v3.
 */
import { isObject } from '../../api/kubernetes/json.ts';
import type { Json, JsonObject } from '../../api/kubernetes/json.ts';
import type { ZoneName } from '../../api/zone.ts';
import { labels, stationSelector } from '../../api/labels.ts';
import type { Labels } from '../../api/labels.ts';
import { listAt, objectAt } from './json.ts';

/** What a pod template is built for. */
export interface TemplatePlace {
  readonly kitchen: string;
  readonly station: string;
  readonly zone: ZoneName;
  /** Hash of the user's template. */
  readonly template: string;
}

/** The defaults of one version. */
export interface Defaults {
  /** Labels that its pods get. */
  readonly labels?: (place: TemplatePlace) => Labels;
  /** Adds the defaults to a pod's spec. */
  readonly lay: (spec: JsonObject, place: TemplatePlace) => JsonObject;
  /** For the Deployment: how long a new pod must be Ready before an old one may go for it. */
  readonly minReadySeconds?: number;
}

/** The version that new templates get. */
export const NEWEST_DEFAULTS = 'v3';

/** Every version ever released. */
export const defaultsByVersion = {
  v1: { lay: (spec, place) => spreadOverNodes(spec, byTemplateHash(place)) },
  // A rollout deletes pods too, so it waits as long as a shrink does after endpoints list a pod.
  v2: {
    lay: (spec, place) => servingUntilEndpointsFollow(spreadOverNodes(spec, byTemplateHash(place))),
    minReadySeconds: 3,
  },
  v3: {
    labels: templateLabel,
    lay: (spec, place) => servingUntilEndpointsFollow(spreadOverNodes(spec, byTemplateLabel(place))),
    minReadySeconds: 3,
  },
} satisfies Readonly<Record<string, Defaults>>;

/** The defaults of a version; undefined where the version is of a newer operator, or where none was noted. */
export function defaultsOfVersion(version: string): Defaults | undefined {
  return Object.entries(defaultsByVersion).find(([name]) => name === version)?.[1];
}

/**
 * How many seconds a pod that is to stop goes on serving: clients of its Service need that long to learn of it on a
 * busy node.
 */
const STOP_DELAY_SECONDS = 5;
/** Seconds between SIGTERM and SIGKILL where the template says nothing. */
const GRACE_SECONDS = 30;

/** Spreads the pods that `among` selects over nodes, unless the user says how. */
function spreadOverNodes(spec: JsonObject, among: JsonObject): JsonObject {
  const own = listAt(spec, 'topologySpreadConstraints');
  const topologyKey = 'kubernetes.io/hostname';
  if (own.some((constraint) => isObject(constraint) && constraint['topologyKey'] === topologyKey)) return spec;
  const constraint = {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    nodeTaintsPolicy: 'Honor',
    ...among,
  };
  return { ...spec, topologySpreadConstraints: [...own, constraint] };
}

/** Only pods of one template. If old pods counted too, each rollout would move three pods from (1,1,1) to (2,1,0). */
function byTemplateHash({ kitchen, station }: TemplatePlace): JsonObject {
  return {
    matchLabelKeys: ['pod-template-hash'],
    labelSelector: { matchLabels: stationSelector(kitchen, station) },
  };
}

/**
 * Only pods of one template, by a label of ours. The API server merges `matchLabelKeys` into the selector of each pod
 * that it makes. It then refuses a copy of that pod (`kubectl debug --copy-to`), because the copy has the key in both
 * places.
 */
function byTemplateLabel(place: TemplatePlace): JsonObject {
  const matchLabels = { ...stationSelector(place.kitchen, place.station), ...templateLabel(place) };
  return { labelSelector: { matchLabels } };
}

function templateLabel({ template }: TemplatePlace): Labels {
  return { [labels.template]: template };
}

/**
 * A container without a `preStop` sleeps a little before SIGTERM. The load balancers of a Service know a second or two
 * later than the kubelet that a pod goes, and still send it requests. The sleep is Kubernetes' own, so that it needs no
 * shell. It is part of the grace period, which becomes longer by it. Users who want no sleep write `preStop: {sleep:
 * {seconds: 0}}`.
 */
function servingUntilEndpointsFollow(spec: JsonObject): JsonObject {
  const given = spec['terminationGracePeriodSeconds'];
  const graceSeconds = typeof given === 'number' ? given : GRACE_SECONDS;
  const containers = listAt(spec, 'containers');
  if (graceSeconds === 0 || containers.every(hasPreStop)) return spec;
  return {
    ...spec,
    containers: containers.map((container) => (hasPreStop(container) ? container : sleeping(container))),
    terminationGracePeriodSeconds: graceSeconds + STOP_DELAY_SECONDS,
  };
}

function hasPreStop(container: Json): boolean {
  return !isObject(container) || isObject(objectAt(container, 'lifecycle')['preStop']);
}

function sleeping(container: Json): Json {
  if (!isObject(container)) return container;
  const preStop = { sleep: { seconds: STOP_DELAY_SECONDS } };
  return { ...container, lifecycle: { ...objectAt(container, 'lifecycle'), preStop } };
}
