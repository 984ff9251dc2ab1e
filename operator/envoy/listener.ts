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

/** A port of the hub. Two Envoys of one pod share it. */
export function listenerOf(listener: Listener): JsonObject {
  return {
    name: listener.name,
    // By default what it counts is named by the port of the hub.
    statPrefix: listener.name,
    address: { socketAddress: { address: '0.0.0.0', portValue: listener.port } },
    enableReusePort: true,
    perConnectionBufferLimitBytes: BUFFERED_BYTES,
    filterChains: [{ filters: [listener.protocol === 'HTTP' ? http(listener.name) : tcp(listener.backend)] }],
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
