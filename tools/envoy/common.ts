import type { JsonObject } from '@bufbuild/protobuf';

/** Kubelets, Prometheus and the operator's replicas need a few. Whoever opens more is none of these. */
const CONNECTIONS_MOST = 256;

/** Where something listens. As text, a port is filled in by the chart. */
export interface Place {
  readonly host: string;
  readonly port: number | string;
}

/** A place in Envoy's words. */
export function address({ host, port }: Place): JsonObject {
  return { socketAddress: { address: host, portValue: port } };
}

/** A listener of HTTP for kubelets and operators, also when there is too much to do. `filters` come before the router. */
export function httpListener(
  name: string,
  at: Place,
  { filters = [], ...manager }: JsonObject & { readonly filters?: JsonObject[] },
): JsonObject {
  const router = { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' };
  const typedConfig = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    statPrefix: name,
    requestHeadersTimeout: '5s',
    ...manager,
    httpFilters: [...filters, { name: 'router', typedConfig: router }],
  };
  const limit = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit',
    statPrefix: name,
    maxConnections: String(CONNECTIONS_MOST),
  };
  const filterChains = [
    {
      filters: [
        { name: 'limit', typedConfig: limit },
        { name: 'http', typedConfig },
      ],
    },
  ];
  return { name, address: address(at), bypassOverloadManager: true, ignoreGlobalConnLimit: true, filterChains };
}
