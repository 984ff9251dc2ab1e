import type { JsonObject } from '@bufbuild/protobuf';
import { LOCAL_CLUSTER } from '../../operator/envoy/ready.ts';
import { NODE_HEADER } from '../../operator/hub/slices/locality.ts';
import { address, httpListener } from './common.ts';
import type { Place } from './common.ts';

/**
 * The Service by which the clients of a node reach some hub's port of `localListener`. Every request takes a connection of
 * its own, so that the data plane chooses each time.
 */
export function localCluster(service: Place): JsonObject {
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name: LOCAL_CLUSTER,
    type: 'STATIC',
    connectTimeout: '1s',
    loadAssignment: {
      clusterName: LOCAL_CLUSTER,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: address(service) } }] }],
    },
    typedExtensionProtocolOptions: {
      [http]: {
        '@type': `type.googleapis.com/${http}`,
        explicitHttpConfig: { httpProtocolOptions: {} },
        commonHttpProtocolOptions: { maxRequestsPerConnection: 1 },
      },
    },
  };
}

/** Answers with the name of its node. Both Envoys of a hub listen here. */
export function localListener(at: Place): JsonObject {
  const route = {
    match: { prefix: '/' },
    directResponse: { status: 200 },
    responseHeadersToAdd: [{ header: { key: NODE_HEADER, value: '%ENVIRONMENT(NODE_NAME)%' } }],
  };
  const routeConfig = { virtualHosts: [{ name: 'local', domains: ['*'], routes: [route] }] };
  return { ...httpListener('local', at, { routeConfig }), enableReusePort: true };
}
