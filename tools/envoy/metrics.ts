import type { JsonObject } from '@bufbuild/protobuf';
import { address, httpListener } from './common.ts';
import type { Place } from './common.ts';

/** The name of the Envoy's own admin among clusters. Those of stations have dots in their names. */
const ADMIN = 'admin';

/**
 * `GET /metrics`, for Prometheus, whether the operator has answered or not: that it has not is worth knowing. Nothing
 * else of the admin can be reached, not even by a query: the admin ends the Envoy when it is asked to.
 */
export function metricsListener(at: Place): JsonObject {
  const route = {
    match: {
      path: '/metrics',
      headers: [
        { name: ':method', stringMatch: { exact: 'GET' } },
        // Together with the query, which `path` does not look at.
        { name: ':path', stringMatch: { exact: '/metrics' } },
      ],
    },
    route: { cluster: ADMIN, prefixRewrite: '/stats/prometheus?usedonly', timeout: '5s' },
  };
  return httpListener('metrics', at, {
    routeConfig: { name: 'metrics', virtualHosts: [{ name: 'metrics', domains: ['*'], routes: [route] }] },
  });
}

/** The Envoy's own admin, as a cluster. It listens on loopback alone. */
export function adminCluster(port: Place['port']): JsonObject {
  return {
    name: ADMIN,
    type: 'STATIC',
    connectTimeout: '1s',
    loadAssignment: {
      clusterName: ADMIN,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: address({ host: '127.0.0.1', port }) } }] }],
    },
  };
}
