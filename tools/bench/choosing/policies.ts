import type { JsonObject } from '@bufbuild/protobuf';
import type { JsonResources } from '../../../operator/envoy/translate.ts';
import type { ByType } from '../../../operator/envoy/types.ts';
import type { Backend } from '../../../operator/traffic/form.ts';
import { zones } from './cases.ts';

/** A way to choose between pods. */
export interface Policy {
  readonly words: string;
  /** Whether the operator tells hubs where to send. */
  readonly isTold?: boolean;
  /** What a hub of this zone is told of the pods. */
  readonly backend?: (backend: Backend, zone: string) => Backend;
  readonly cluster?: (cluster: JsonObject) => JsonObject;
  /** What an Envoy of this zone starts with. */
  readonly bootstrap?: (bootstrap: JsonObject, zone: string) => JsonObject;
}

/** All pods alike, wherever they are. */
function flat(backend: Backend): Backend {
  const all = backend.endpoints.length;
  const share = (zone: string): number => backend.endpoints.filter((each) => each.zone === zone).length / all;
  const shares = new Map(zones.map((from) => [from, new Map(zones.map((to) => [to, share(to)]))]));
  return { ...backend, shares };
}

/** Envoy's own: a zone that has a smaller part of the pods than of the proxies sends the difference elsewhere. */
const ZONE_AWARE = 'hubs';

function withZones(bootstrap: JsonObject, zone: string): JsonObject {
  const { staticResources = {}, clusterManager = {} } = bootstrap as Readonly<Record<string, JsonObject>>;
  const endpoints = zones.map((each, index) => ({
    locality: { zone: each },
    lbEndpoints: [{ endpoint: { address: { socketAddress: { address: `127.0.9.${index + 1}`, portValue: 1 } } } }],
  }));
  const own = { name: ZONE_AWARE, type: 'STATIC', loadAssignment: { clusterName: ZONE_AWARE, endpoints } };
  const clusters = [...(staticResources['clusters'] as JsonObject[]), own];
  return {
    ...bootstrap,
    node: { locality: { zone } },
    clusterManager: { ...clusterManager, localClusterName: ZONE_AWARE },
    staticResources: { ...staticResources, clusters },
  };
}

export const policies = {
  hub: { words: 'hub', isTold: true },
  home: { words: 'hub without load reports' },
  p2c: { words: 'least request of two, all zones alike', backend: flat },
  random: {
    words: 'random, as kube-proxy',
    backend: flat,
    cluster: ({ leastRequestLbConfig: _leastRequest, ...rest }) => ({ ...rest, lbPolicy: 'RANDOM' }),
  },
  'same-zone': {
    words: 'own zone only',
    backend: (backend, zone) => ({ ...backend, endpoints: backend.endpoints.filter((each) => each.zone === zone) }),
  },
  'zone-aware': {
    words: 'Envoy’s zone-aware',
    backend: flat,
    cluster: (cluster) => ({
      ...cluster,
      commonLbConfig: {
        ...(cluster['commonLbConfig'] as JsonObject),
        zoneAwareLbConfig: { minClusterSize: '1', routingEnabled: { value: 100 } },
      },
    }),
    bootstrap: withZones,
  },
} as const satisfies Readonly<Record<string, Policy>>;

export type PolicyName = keyof typeof policies;

export const policyNames = Object.keys(policies) as readonly PolicyName[];

/** The resources as a policy has them. */
export function underPolicy({ cluster }: Policy, resources: ByType<JsonResources>): ByType<JsonResources> {
  if (cluster === undefined) return resources;
  return { ...resources, Cluster: new Map([...resources.Cluster].map(([name, each]) => [name, cluster(each)])) };
}
