import type { JsonObject } from '@bufbuild/protobuf';
import { LOCAL_CLUSTER, READY_ROUTES } from '../../operator/envoy/ready.ts';
import { NODE_HEADER } from '../../operator/hub/slices/locality.ts';

export interface BootstrapOptions {
  /** The address of the operator, and the name in its certificate. */
  readonly operator: { readonly host: string; readonly port: number | string; readonly name: string };
  /** The folder with `token.yaml` and `authority.yaml`, which name the files beside them. */
  readonly secrets: string;
  /** Where the hub's probe and its metrics are served. */
  readonly probe: { readonly host: string; readonly port: number | string };
  readonly adminPort: number | string;
  /** Where it tells the name of its node, and the Service by which the clients of its node reach that port of a hub. */
  readonly local: {
    readonly host: string;
    readonly port: number | string;
    readonly service: { readonly host: string; readonly port: number | string };
  };
}

/** By default Envoy waits for up to 30 s before it connects again. */
const RECONNECT = { baseInterval: '0.2s', maxInterval: '1s' } as const;

/** What an Envoy of a hub starts with: it gets all else from the operator. */
export function bootstrap({ operator, secrets, probe, adminPort, local }: BootstrapOptions): JsonObject {
  return {
    admin: { address: address('127.0.0.1', adminPort) },
    dynamicResources: {
      adsConfig: {
        apiType: 'DELTA_GRPC',
        setNodeOnFirstMessageOnly: true,
        transportApiVersion: 'V3',
        grpcServices: [{ envoyGrpc: { clusterName: 'operator', retryPolicy: { retryBackOff: RECONNECT } } }],
      },
      cdsConfig: { ads: {}, resourceApiVersion: 'V3' },
      ldsConfig: { ads: {}, resourceApiVersion: 'V3' },
    },
    staticResources: {
      clusters: [operatorCluster(operator, secrets), localCluster(local.service)],
      listeners: [probeListener(probe), localListener(local)],
    },
  };
}

/** The two files in the folder of secrets, by name: Envoy reads what they name again when the folder changes. */
export function secretFiles(secrets: string): Readonly<Record<'token.yaml' | 'authority.yaml', string>> {
  const watchedDirectory = { path: secrets };
  const file = (secret: JsonObject): string =>
    `${JSON.stringify({
      resources: [{ '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret', ...secret }],
    })}\n`;
  return {
    'token.yaml': file({
      name: 'token',
      genericSecret: { secret: { filename: `${secrets}/token`, watchedDirectory } },
    }),
    'authority.yaml': file({
      name: 'authority',
      validationContext: { trustedCa: { filename: `${secrets}/ca.crt` }, watchedDirectory },
    }),
  };
}

function operatorCluster({ host, port, name }: BootstrapOptions['operator'], secrets: string): JsonObject {
  return {
    name: 'operator',
    type: 'STATIC',
    connectTimeout: '1s',
    loadAssignment: {
      clusterName: 'operator',
      endpoints: [{ lbEndpoints: [{ endpoint: { address: address(host, port) } }] }],
    },
    typedExtensionProtocolOptions: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicitHttpConfig: {
          http2ProtocolOptions: { connectionKeepalive: { interval: '1s', timeout: '3s' } },
        },
        httpFilters: [showToken(secrets), upstreamCodec],
      },
    },
    transportSocket: {
      name: 'tls',
      typedConfig: {
        '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
        sni: name,
        commonTlsContext: {
          alpnProtocols: ['h2'],
          // As a client, Envoy goes up to 1.2 by itself.
          tlsParams: { tlsMinimumProtocolVersion: 'TLSv1_3', tlsMaximumProtocolVersion: 'TLSv1_3' },
          combinedValidationContext: {
            defaultValidationContext: {
              matchTypedSubjectAltNames: [{ sanType: 'DNS', matcher: { exact: name } }],
            },
            validationContextSdsSecretConfig: fromFile('authority', secrets),
          },
        },
      },
    },
  };
}

function showToken(secrets: string): JsonObject {
  return {
    name: 'token',
    typedConfig: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector',
      overwrite: true,
      credential: {
        name: 'token',
        typedConfig: {
          '@type': 'type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic',
          headerValuePrefix: 'Bearer ',
          credential: fromFile('token', secrets),
        },
      },
    },
  };
}

const upstreamCodec: JsonObject = {
  name: 'codec',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec' },
};

function fromFile(name: 'token' | 'authority', secrets: string): JsonObject {
  const path = `${secrets}/${name}.yaml`;
  return {
    name,
    sdsConfig: { resourceApiVersion: 'V3', pathConfigSource: { path, watchedDirectory: { path: secrets } } },
  };
}

/** `/live` answers 200 while the Envoy runs, and `/ready` once the operator has sent the routes of that name. */
function probeListener({ host, port }: BootstrapOptions['probe']): JsonObject {
  return {
    name: 'probe',
    address: address(host, port),
    filterChains: [
      {
        filters: [
          {
            name: 'http',
            typedConfig: {
              '@type':
                'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              statPrefix: 'probe',
              rds: {
                // Without them it is alive and not ready.
                configSource: { ads: {}, resourceApiVersion: 'V3', initialFetchTimeout: '1s' },
                routeConfigName: READY_ROUTES,
              },
              httpFilters: [
                {
                  name: 'live',
                  typedConfig: {
                    '@type': 'type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck',
                    passThroughMode: false,
                    headers: [{ name: ':path', stringMatch: { exact: '/live' } }],
                  },
                },
                {
                  name: 'router',
                  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

/** Every request takes a connection of its own, so that the data plane chooses anew each time. */
function localCluster({ host, port }: BootstrapOptions['local']['service']): JsonObject {
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name: LOCAL_CLUSTER,
    type: 'STATIC',
    connectTimeout: '1s',
    loadAssignment: {
      clusterName: LOCAL_CLUSTER,
      endpoints: [{ lbEndpoints: [{ endpoint: { address: address(host, port) } }] }],
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
function localListener({ host, port }: BootstrapOptions['local']): JsonObject {
  const route = {
    match: { prefix: '/' },
    directResponse: { status: 200 },
    responseHeadersToAdd: [{ header: { key: NODE_HEADER, value: '%ENVIRONMENT(NODE_NAME)%' } }],
  };
  return {
    name: 'local',
    address: address(host, port),
    enableReusePort: true,
    filterChains: [
      {
        filters: [
          {
            name: 'http',
            typedConfig: {
              '@type':
                'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              statPrefix: 'local',
              routeConfig: { virtualHosts: [{ name: 'local', domains: ['*'], routes: [route] }] },
              httpFilters: [
                {
                  name: 'router',
                  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

function address(host: string, port: number | string): JsonObject {
  return { socketAddress: { address: host, portValue: port } };
}
