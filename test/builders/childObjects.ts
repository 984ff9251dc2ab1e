import { annotations, childLabels, labels, stationSelector, zoneSelector } from '../../operator/api/labels.ts';
import { deploymentName, stationName } from '../../operator/api/names.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import type { ObjectMeta } from '../../operator/api/kubernetes/object.ts';
import { ownedByKitchen } from './kitchen.ts';
import { at, defaultPlace, meta } from './objects.ts';
import type { RawObject, StationPlace } from './objects.ts';

export interface ChildParts extends StationPlace {
  readonly name?: string;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: object;
  readonly status?: object;
}

/** A settled Deployment of `pizzeria-grill` in `zone-a` with 2 pods. */
export function aDeployment(parts: ChildParts & { readonly replicas?: number } = {}): RawObject {
  const { kitchen, station, zone } = { ...defaultPlace, ...parts };
  const { replicas = 2 } = parts;
  const own = { [labels.zone]: zone };
  const selector = zoneSelector(kitchen, station, zone as ZoneName);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: childMeta({ name: deploymentName(kitchen, station, zone as ZoneName), ...parts }, own, {
      [annotations.zone]: zone,
      [annotations.zones]: JSON.stringify([zone]),
      [annotations.demand]: '6',
      [annotations.template]: 'template-1',
    }),
    spec: {
      replicas,
      selector: { matchLabels: selector },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
      template: {
        metadata: { labels: selector },
        spec: { containers: [{ name: 'grill', image: 'example.org/grill:1' }] },
      },
      ...parts.spec,
    },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, ...parts.status },
  };
}

/** The budget of `pizzeria-grill`. */
export function aBudget(parts: ChildParts = {}): RawObject {
  const { kitchen, station } = { ...defaultPlace, ...parts };
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: childMeta({ name: stationName(kitchen, station), ...parts }),
    spec: { minAvailable: 6, selector: { matchLabels: stationSelector(kitchen, station) }, ...parts.spec },
    status: { observedGeneration: 1, currentHealthy: 7, ...parts.status },
  };
}

/** The Service of `pizzeria-grill`. */
export function aService(parts: ChildParts = {}): RawObject {
  const { kitchen, station } = { ...defaultPlace, ...parts };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMeta({ name: stationName(kitchen, station), ...parts }),
    spec: { selector: stationSelector(kitchen, station), ...parts.spec },
  };
}

function childMeta(
  parts: ChildParts,
  moreLabels: Readonly<Record<string, string>> = {},
  noted: Readonly<Record<string, string>> = {},
): ObjectMeta {
  const { namespace, kitchen, station } = { ...defaultPlace, ...parts };
  return meta({
    ...(parts.name === undefined ? {} : { name: parts.name }),
    namespace,
    generation: 1,
    labels: { ...childLabels(kitchen, station), ...moreLabels },
    annotations: { [annotations.intent]: 'intent-1', ...noted },
    ownerReferences: [ownedByKitchen(kitchen, `uid-kitchen-${kitchen}`)],
    ...parts.metadata,
  });
}

/** A slice that lists pods, given by uid, as ready or not, with one port without a name unless told. */
export function anEndpointSlice(
  parts: StationPlace & {
    readonly name?: string;
    readonly ports?: readonly object[] | null;
    readonly deleting?: boolean;
    readonly ready?: readonly string[];
    readonly notReady?: readonly string[];
  } = {},
): RawObject {
  const { namespace, kitchen, station } = { ...defaultPlace, ...parts };
  const endpoint = (uid: string, ready: boolean): object => ({
    addresses: ['10.0.0.1'],
    conditions: { ready },
    targetRef: { kind: 'Pod', uid },
  });
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta({
      name: parts.name ?? `${stationName(kitchen, station)}-x1`,
      namespace,
      labels: childLabels(kitchen, station),
      ...(parts.deleting === true ? { deletionTimestamp: at(60) } : {}),
    }),
    ports: parts.ports === undefined ? [{ name: '', port: 80, protocol: 'TCP' }] : parts.ports,
    endpoints: [
      ...(parts.ready ?? []).map((uid) => endpoint(uid, true)),
      ...(parts.notReady ?? []).map((uid) => endpoint(uid, false)),
    ],
  };
}

/** An autoscaler of the Station `pizzeria-grill`. */
export function anAutoscaler(
  parts: { readonly name?: string; readonly target?: object; readonly metrics?: readonly object[] } = {},
): RawObject {
  const metadata = meta({ name: parts.name ?? 'grill-by-cpu', namespace: 'food' });
  const target = { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', name: 'pizzeria-grill', ...parts.target };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { scaleTargetRef: target, minReplicas: 1, maxReplicas: 9, metrics: parts.metrics ?? [] },
    status: { currentReplicas: Number(metadata.resourceVersion) },
  };
}
