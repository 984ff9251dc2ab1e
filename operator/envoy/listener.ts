import type { JsonObject } from '@bufbuild/protobuf';
import type { Listener } from '../traffic/form.ts';
import { accessLogOf } from './accessLog.ts';
import { fromControlPlane, typed } from './common.ts';

/** A body up to this size can be sent again; a larger one is passed on as it comes. */
const BUFFERED_BYTES = 1024 * 1024;

/**
 * A connection is asked to end after this, so that a hub that ends has none left when its last is over. No answer that
 * is under way is cut by it.
 */
export const CONNECTION_SECONDS = 10;

/**
 * The most connections that one Envoy keeps open to a port of a station, so that a flood of one tenant leaves room for
 * the others: an idle one takes some 25 KiB. Envoy closes those beyond.
 */
export const CONNECTIONS_A_PORT = 4_000;

/** A client that sends its headers more slowly holds a connection for nothing. */
const HEADERS_WITHIN = '10s';

/** A port of the hub. Two Envoys of one pod share it. */
export function listenerOf(listener: Listener): JsonObject {
  return {
    name: listener.name,
    // By default what it counts is named by the port of the hub.
    statPrefix: listener.name,
    address: { socketAddress: { address: '0.0.0.0', portValue: listener.port } },
    enableReusePort: true,
    perConnectionBufferLimitBytes: BUFFERED_BYTES,
    filterChains: [
      { filters: [limit(listener.name), listener.protocol === 'HTTP' ? http(listener.name) : tcp(listener.backend)] },
    ],
  };
}

function limit(name: string): JsonObject {
  return {
    name: 'limit',
    typedConfig: typed('envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit', {
      statPrefix: name,
      maxConnections: String(CONNECTIONS_A_PORT),
    }),
  };
}

function http(name: string): JsonObject {
  return {
    name: 'http',
    typedConfig: typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      statPrefix: name,
      accessLog: [accessLogOf(name)],
      codecType: 'AUTO',
      rds: { configSource: fromControlPlane, routeConfigName: name },
      commonHttpProtocolOptions: { maxConnectionDuration: `${CONNECTION_SECONDS}s`, idleTimeout: '3600s' },
      // With HTTP/1.1 the last answer says `connection: close`: no request meets a connection that has just ended.
      http1SafeMaxConnectionDuration: true,
      requestHeadersTimeout: HEADERS_WITHIN,
      localReplyConfig: { mappers: [tooMany] },
      // Long polls and streams are silent for as long as they like.
      streamIdleTimeout: '0s',
      serverHeaderTransformation: 'PASS_THROUGH',
      // What a proxy before says of the client is passed on, as by a plain Service, and its own address added.
      useRemoteAddress: true,
      xffNumTrustedHops: 1,
      // As nginx and some health checkers speak.
      httpProtocolOptions: { acceptHttp10: true, defaultHostForHttp10: 'localhost' },
      generateRequestId: true,
      preserveExternalRequestId: true,
      upgradeConfigs: [{ upgradeType: 'websocket' }],
      httpFilters: [{ name: 'router', typedConfig: typed('envoy.extensions.filters.http.router.v3.Router') }],
    }),
  };
}

/** What the bound refuses may be asked for again in a moment (RFC 9110, 10.2.3). */
const tooMany: JsonObject = {
  filter: { responseFlagFilter: { flags: ['UO'] } },
  headersToAdd: [{ header: { key: 'retry-after', value: '1' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
};

function tcp(backend: string): JsonObject {
  return {
    name: 'tcp',
    typedConfig: typed('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
      statPrefix: backend,
      cluster: backend,
      maxConnectAttempts: 5,
      // A silent connection is the pods' own affair.
      idleTimeout: '0s',
    }),
  };
}
