/*
 * What a pod template gets where its user left something open. Defaults carry a version, which each Deployment keeps, and
 * every version ever released stays in this table: without it an upgrade of the operator would replace pods.
 */
import type { Json, JsonObject } from '../../api/kubernetes/json.ts';
import type { ZoneName } from '../../api/zone.ts';
import { labels, stationSelector } from '../../api/labels.ts';
import type { Labels } from '../../api/labels.ts';
import { isObject, listAt, objectAt } from './json.ts';

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
  /** Labels of its pods. */
  readonly labels?: (place: TemplatePlace) => Labels;
  /** Lays them over a pod's spec. */
  readonly lay: (spec: JsonObject, place: TemplatePlace) => JsonObject;
  /** For its Deployment: how long a new pod is Ready before an old one may go for it. */
  readonly minReadySeconds?: number;
}

/** The version that new templates get. */
export const NEWEST_DEFAULTS = 'v3';

/** Every version ever released. */
export const defaultsByVersion = {
  v1: { lay: (spec, place) => spreadOverNodes(spec, byTemplateHash(place)) },
  // As long as a shrink waits once endpoints have followed: a rollout deletes pods by the same right.
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

/** The defaults of a version; undefined where it is of a newer operator, or none was noted. */
export function defaultsOfVersion(version: string): Defaults | undefined {
  return Object.entries(defaultsByVersion).find(([name]) => name === version)?.[1];
}

/** Seconds that a pod goes on serving once it is to stop: what clients of its Service need to hear of it, on a busy node. */
const STOP_DELAY_SECONDS = 5;
/** What a pod has between SIGTERM and SIGKILL where its template says nothing. */
const GRACE_SECONDS = 30;

/** Spread over nodes, unless the user says how, of those pods that `among` selects. */
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

/** Only pods of one template: where a rollout counts old pods too, three pods drift from (1,1,1) to (2,1,0) at every one. */
function byTemplateHash({ kitchen, station }: TemplatePlace): JsonObject {
  return {
    matchLabelKeys: ['pod-template-hash'],
    labelSelector: { matchLabels: stationSelector(kitchen, station) },
  };
}

/**
 * The same by a label of ours. The API server merges `matchLabelKeys` into the selector of each pod that it makes, and refuses
 * a copy of that pod (`kubectl debug --copy-to`), which has the key in both.
 */
function byTemplateLabel(place: TemplatePlace): JsonObject {
  const matchLabels = { ...stationSelector(place.kitchen, place.station), ...templateLabel(place) };
  return { labelSelector: { matchLabels } };
}

function templateLabel({ template }: TemplatePlace): Labels {
  return { [labels.template]: template };
}

/**
 * A container without a `preStop` sleeps a little before SIGTERM, natively, so that it needs no shell: the load balancers of
 * a Service hear a second or two later than the kubelet that a pod goes, and send requests to it meanwhile. The sleep is
 * part of the grace period, which is made longer by it; who wants none writes `preStop: {sleep: {seconds: 0}}`.
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
