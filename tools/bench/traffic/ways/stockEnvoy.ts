import type { JsonObject } from '@bufbuild/protobuf';
import { typed } from '../../../../operator/envoy/common.ts';
import { freePort } from '../../../cluster/ports.ts';
import { runEnvoy } from '../../../envoy/start.ts';
import type { Pod } from '../layout.ts';
import type { Way } from './way.ts';

/** An Envoy with nothing set but where the pods are. */
export async function throughStockEnvoy(pods: readonly Pod[]): Promise<Way> {
  const port = await freePort();
  const envoy = await runEnvoy(stockConfig(pods, port));
  return {
    doors: 1,
    next: () => ({ address: '127.0.0.1', port }),
    check: () => {
      if (envoy.ended) throw new Error(`Envoy ended: ${envoy.log()}`);
    },
    [Symbol.asyncDispose]: () => envoy[Symbol.asyncDispose](),
  };
}

/** Its bootstrap. Only the route's time-out of 15 s is taken away: clients end sooner. */
export function stockConfig(pods: readonly Pod[], port: number): JsonObject {
  const cluster = 'grill';
  const routes = [{ match: { prefix: '/' }, route: { cluster, timeout: '0s' } }];
  const http = typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    statPrefix: cluster,
    routeConfig: { virtualHosts: [{ name: 'all', domains: ['*'], routes }] },
    httpFilters: [{ name: 'router', typedConfig: typed('envoy.extensions.filters.http.router.v3.Router') }],
  });
  const lbEndpoints = pods.map((pod) => ({ endpoint: { address: socket(pod.address, pod.port) } }));
  return {
    staticResources: {
      listeners: [
        {
          name: cluster,
          address: socket('127.0.0.1', port),
          filterChains: [{ filters: [{ name: 'http', typedConfig: http }] }],
        },
      ],
      clusters: [
        { name: cluster, type: 'STATIC', loadAssignment: { clusterName: cluster, endpoints: [{ lbEndpoints }] } },
      ],
    },
  };
}

function socket(address: string, portValue: number): JsonObject {
  return { socketAddress: { address, portValue } };
}
