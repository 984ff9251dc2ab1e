import type { JsonObject } from '@bufbuild/protobuf';
import { READY_ROUTES } from '../../operator/envoy/ready.ts';
import { address, httpListener } from './common.ts';
import type { Place } from './common.ts';
import { localCluster, localListener } from './local.ts';
import { adminCluster, metricsListener } from './metrics.ts';
import { overloadManager } from './overload.ts';
import { statsConfig } from './stats.ts';

export interface BootstrapOptions {
  /** The address of the operator, and the name in its certificate. */
  readonly operator: Place & { readonly name: string };
  /** The folder with `token.yaml` and `authority.yaml`, which name the files beside them. */
  readonly secrets: string;
  readonly probe: Place;
  readonly metrics: Place;
  readonly adminPort: Place['port'];
  /** Where it tells the name of its node, and the Service by which the clients of its node reach that port of a hub. */
  readonly local: Place & { readonly service: Place };
}

/** By default Envoy waits for up to 30 s before it connects again. */
const RECONNECT = { baseInterval: '0.2s', maxInterval: '1s' } as const;

/**
 * By default an Envoy that hears nothing waits 15 s for clusters and 15 s for listeners before it answers its probes, and
 * is ended for that: while the operator was away, no hub would start.
 */
const soon: JsonObject = { ads: {}, resourceApiVersion: 'V3', initialFetchTimeout: '1s' };

/** What an Envoy of a hub starts with: it gets all else from the operator. */
export function bootstrap({ operator, secrets, probe, metrics, adminPort, local }: BootstrapOptions): JsonObject {
  return {
    admin: { address: address({ host: '127.0.0.1', port: adminPort }) },
    statsConfig,
    overloadManager,
    // Who can forward a port to the admin can have more requests logged for a while.
    layeredRuntime: { layers: [{ name: 'admin', adminLayer: {} }] },
    dynamicResources: {
      adsConfig: {
        apiType: 'DELTA_GRPC',
        setNodeOnFirstMessageOnly: true,
        transportApiVersion: 'V3',
        grpcServices: [{ envoyGrpc: { clusterName: 'operator', retryPolicy: { retryBackOff: RECONNECT } } }],
      },
      cdsConfig: soon,
      ldsConfig: soon,
    },
    // Of the operator it learns how often, and of which clusters.
    clusterManager: {
      loadStatsConfig: {
        apiType: 'GRPC',
        transportApiVersion: 'V3',
        grpcServices: [{ envoyGrpc: { clusterName: 'operator' } }],
      },
    },
    staticResources: {
      clusters: [operatorCluster(operator, secrets), adminCluster(adminPort), localCluster(local.service)],
      listeners: [probeListener(probe), metricsListener(metrics), localListener(local)],
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
      endpoints: [{ lbEndpoints: [{ endpoint: { address: address({ host, port }) } }] }],
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
function probeListener(at: Place): JsonObject {
  const live = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck',
    passThroughMode: false,
    headers: [{ name: ':path', stringMatch: { exact: '/live' } }],
  };
  return httpListener('probe', at, {
    // Without them it is alive and not ready.
    rds: { configSource: soon, routeConfigName: READY_ROUTES },
    filters: [{ name: 'live', typedConfig: live }],
  });
}
